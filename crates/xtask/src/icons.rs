//! `cargo xtask icons`: the sizes a desktop asks for, drawn by Tauri's own tool.

use std::fs;

use crate::{
    tools::TAURI_CLI,
    workspace::{Done, Workspace, run},
};

/// What is kept of the many files the tool makes.
const KEPT: [&str; 6] = ["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.icns", "icon.ico"];

/// Draws `icons/warifu.svg` in every size that is shipped.
pub fn icons(workspace: &Workspace) -> Done {
    let drawn = workspace.target("icons");
    let mut command = workspace.npm("icons", ["exec", "--yes", "--ignore-scripts", "--package", TAURI_CLI, "--"]);
    run(command.args(["tauri", "icon", "warifu.svg", "--output"]).arg(&drawn))?;
    for name in KEPT {
        fs::copy(drawn.join(name), workspace.path("icons").join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
