//! Where things are, and how the programs the project leans on are called.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A task either ends well or says in one sentence why not.
pub type Done<T = ()> = Result<T, String>;

/// The checkout and the folder Cargo builds into.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace this program belongs to. Cargo says where at run time, so that a moved checkout is no surprise.
    pub fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let manifest = PathBuf::from(manifest);
        let root = manifest.parent().and_then(Path::parent).unwrap_or(&manifest).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Self { root, target }
    }

    /// A path in the checkout, from `/`-separated text.
    pub fn path(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// A path below the build folder, which Git ignores.
    pub fn target(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.target.clone(), |path, part| path.join(part))
    }

    /// The desktop program of a debug build.
    pub fn app(&self) -> PathBuf {
        self.target(&format!("debug/warifu{}", env::consts::EXE_SUFFIX))
    }

    /// A program, called from the root.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// The Cargo that runs this very program.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What Cargo told this program about itself is not true of the next one.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
                command.env_remove(name);
            }
        }
        command.args(arguments);
        command
    }

    /// npm in one of the folders that have a package.json.
    pub fn npm<const N: usize>(&self, folder: &str, arguments: [&str; N]) -> Command {
        let mut command = self.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.path(folder)).args(arguments);
        command
    }

    /// Brings a folder's `node_modules` to what its lock file says, unless they are there already. Returns the command to run.
    pub fn npm_ci(&self, folder: &str) -> Option<Command> {
        let stale = fs::read(self.npm_stamp(folder)).ok() != fs::read(self.path(folder).join("package-lock.json")).ok();
        // No package may run a program of its own while it is installed.
        stale.then(|| self.npm(folder, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
    }

    /// Remembers the lock file the `node_modules` now agree with.
    pub fn npm_installed(&self, folder: &str) {
        let _ = fs::copy(self.path(folder).join("package-lock.json"), self.npm_stamp(folder));
    }

    fn npm_stamp(&self, folder: &str) -> PathBuf {
        self.path(folder).join("node_modules").join(".installed-from-lock")
    }
}

/// Runs a command on this terminal; anything but success is an error.
pub fn run(command: &mut Command) -> Done {
    let shown = shown(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` could not be started: {error}")),
    }
}

/// What a command prints on stdout, when it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The file a program's name stands for, if it is on the PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|file| file.is_file())
}
