//! `cargo xtask run`: from a fresh clone to a window.

use std::{env, fs, path::PathBuf};

use crate::{
    display::Display,
    system::{self, Need},
    view,
    workspace::{Done, Workspace, run as call},
};

/// Brings what is missing, builds, starts; without a screen on a virtual one.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Done {
    let mut release = false;
    let mut quit = false;
    let mut picture = workspace.target("run/window.png");
    let mut arguments = arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--release" => release = true,
            "--picture-and-quit" => {
                quit = true;
                if let Some(file) = arguments.next_if(|next| !next.starts_with("--")) {
                    picture = PathBuf::from(file);
                }
            }
            other => return Err(format!("run does not know {other}")),
        }
    }

    let has_screen = !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| is_set(name));
    if quit && !cfg!(target_os = "linux") {
        return Err("--picture-and-quit needs a virtual screen, which only Linux has".into());
    }
    let needs: &[Need] = if has_screen && !quit { &[Need::Build] } else { &[Need::Build, Need::Display] };
    println!("{}", system::require(needs)?);

    view::build(workspace)?;
    let app = build(workspace, release)?;
    if has_screen && !quit {
        return call(&mut workspace.command(app));
    }

    let display = Display::start()?;
    println!("No screen here: starting Warifu on a virtual one, {}", display.number());
    // A picture on demand shows the first start, and touches nobody's vault.
    let home = quit.then(|| workspace.target("run/home"));
    if let Some(home) = &home {
        let _ = fs::remove_dir_all(home);
    }
    let mut app = display.spawn(&app, home.as_deref())?;
    let pictured = display.picture(&mut app, &picture);
    if pictured.is_ok() {
        println!("A picture of the window: {}", picture.display());
    }
    if pictured.is_err() || quit {
        let _ = app.kill();
        let _ = app.wait();
        return pictured;
    }
    println!("Ctrl+C ends it.");
    match app.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("Warifu ended with {status}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Compiles the desktop program; the view has to be built before.
pub fn build(workspace: &Workspace, release: bool) -> Done<PathBuf> {
    let mut command = workspace.cargo(["build", "--package", "warifu", "--bin", "warifu"]);
    if release {
        command.arg("--release");
        call(&mut command)?;
        return Ok(workspace.target(&format!("release/warifu{}", env::consts::EXE_SUFFIX)));
    }
    call(&mut command)?;
    Ok(workspace.app())
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}
