//! Programs that judge the project and are not part of it, each pinned, each below the build folder.

use std::{env, fs, path::PathBuf};

use crate::workspace::{Done, Workspace, output};

/// A program from crates.io.
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Judges the dependency graph by deny.toml.
pub const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
/// Hands WebDriver calls to the window of the app.
pub const TAURI_DRIVER: Tool = Tool { name: "tauri-driver", version: "2.1.0" };
/// Draws every size of the icon; called through npm, whose package carries it ready-made.
pub const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

/// What docs/decrypt.py imports.
const VAULT_PACKAGES: Packages = Packages {
    folder: "python",
    imports: "argon2, cryptography",
    pinned: &["cryptography==50.0.2", "argon2-cffi==25.1.0"],
};
/// The readers that crates/xtask/judges/scan.py holds against ours. zbar's own library comes from the system.
const SCAN_PACKAGES: Packages = Packages {
    folder: "judges",
    imports: "numpy, pyzbar, zxingcpp",
    pinned: &["zxing-cpp==3.1.1", "pyzbar==0.1.9", "numpy==2.4.6"],
};
/// The reader of the browser extensions.
const JSQR: &str = "jsqr@1.4.0";

/// A Python with some packages.
struct Packages {
    folder: &'static str,
    imports: &'static str,
    pinned: &'static [&'static str],
}

impl Tool {
    /// Where it is, in just this version: ours, or the one the person has installed.
    pub fn installed(&self, workspace: &Workspace) -> Option<PathBuf> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        let entry = format!("\"{} {} (", self.name, self.version);
        [Some(workspace.target("tools")), home]
            .into_iter()
            .flatten()
            .filter(|root| fs::read_to_string(root.join(".crates.toml")).is_ok_and(|list| list.contains(&entry)))
            .map(|root| root.join("bin").join(format!("{}{}", self.name, env::consts::EXE_SUFFIX)))
            .find(|file| file.is_file())
    }

    /// The command that installs it. Unoptimised: that takes a third of the time, and none of them has much to compute.
    pub fn install(&self, workspace: &Workspace) -> std::process::Command {
        let mut command = workspace.cargo(["install", "--locked", "--debug", self.name, "--version", self.version]);
        command.arg("--root").arg(workspace.target("tools"));
        command
    }
}

/// The Python that can read a vault, and the commands that make it, in order, when it is not there yet.
pub fn python(workspace: &Workspace) -> Done<(PathBuf, Vec<std::process::Command>)> {
    python_with(workspace, &VAULT_PACKAGES)
}

/// The Python with the other readers of QR codes, in the same way.
pub fn python_of_readers(workspace: &Workspace) -> Done<(PathBuf, Vec<std::process::Command>)> {
    python_with(workspace, &SCAN_PACKAGES)
}

/// The folder with jsQR, and the command that fills it when it is not there yet.
pub fn jsqr(workspace: &Workspace) -> Done<(PathBuf, Option<std::process::Command>)> {
    let folder = workspace.target("judges-node");
    if folder.join("node_modules/jsqr").is_dir() {
        return Ok((folder, None));
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut install = workspace.npm(".", ["install", "--silent", "--no-save", "--prefix"]);
    install.arg(&folder).arg(JSQR);
    Ok((folder, Some(install)))
}

fn python_with(workspace: &Workspace, packages: &Packages) -> Done<(PathBuf, Vec<std::process::Command>)> {
    let folder = workspace.target(packages.folder);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if output(workspace.command(&python).args(["-c", &format!("import {}", packages.imports)])).is_some() {
        return Ok((python, Vec::new()));
    }
    let base = ["python3", "python"].into_iter().find(|name| {
        output(workspace.command(name).args(["-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 9)"]))
            .is_some()
    });
    let base = base.ok_or("no Python 3.9 or newer with venv")?;
    let mut make = workspace.command(base);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    let mut fill = workspace.command(&python);
    fill.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    fill.args(packages.pinned);
    Ok((python, vec![make, fill]))
}
