//! A screen for machines without one: Xvfb, a window manager and a session bus of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::workspace::{Done, on_path, output, run};

/// A virtual screen. Dropping it ends what it is made of.
pub struct Display {
    number: String,
    bus: String,
    programs: Vec<Child>,
}

impl Display {
    /// Starts one with a free number.
    pub fn start() -> Done<Self> {
        let mut display = Self { number: String::new(), bus: String::new(), programs: Vec::new() };
        // Xvfb itself chooses the number and prints it.
        let number = display.start_and_read(bound("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x1024x24",
            "-nolisten",
            "tcp",
        ]))?;
        display.number = format!(":{number}");
        display.bus =
            display.start_and_read(bound("dbus-daemon").args(["--session", "--nofork", "--print-address=1"]))?;
        let mut openbox = bound("openbox");
        display.apply(&mut openbox);
        let openbox = openbox.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        display.programs.push(openbox.map_err(|error| format!("openbox: {error}"))?);
        Ok(display)
    }

    /// Starts a program on this screen; it ends when this program does. With a `home` it keeps its files there.
    pub fn spawn(&self, program: &Path, home: Option<&Path>) -> Done<Child> {
        let mut command = bound(program);
        self.apply(&mut command);
        if let Some(home) = home {
            let folders = ["DATA", "CONFIG", "CACHE", "STATE"];
            command.envs(folders.map(|kind| (format!("XDG_{kind}_HOME"), home.join(kind.to_lowercase()))));
        }
        command.spawn().map_err(|error| format!("{}: {error}", program.display()))
    }

    /// The number other programs find it under, such as `:1`.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Waits until a program shows a window with something in it, then keeps a picture of it.
    pub fn picture(&self, program: &mut Child, file: &Path) -> Done {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let start = Instant::now();
        let mut before = None;
        while start.elapsed() < Duration::from_secs(90) {
            if let Ok(Some(status)) = program.try_wait() {
                return Err(format!("the app ended before it showed a window, with {status}"));
            }
            let now = self.window(program.id()).and_then(|window| Some((self.colours(&window)?, window)));
            if let Some((colours, window)) = &now {
                // Painted: more than a plain surface, and the same twice in a row.
                if *colours > 16 && before == now {
                    return run(self.tool("import").args(["-silent", "-window", window, "-strip"]).arg(file));
                }
            }
            before = now;
            thread::sleep(Duration::from_millis(500));
        }
        Err("no painted window within 90 seconds".into())
    }

    fn window(&self, process: u32) -> Option<String> {
        let process = process.to_string();
        let windows = output(self.tool("xdotool").args(["search", "--onlyvisible", "--pid", &process]))?;
        windows.lines().next_back().map(str::to_owned)
    }

    fn colours(&self, window: &str) -> Option<u32> {
        let arguments = ["-silent", "-window", window, "-format", "%k", "info:-"];
        output(self.tool("import").args(arguments))?.trim().parse().ok()
    }

    fn tool(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.apply(&mut command);
        command
    }

    fn apply(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            // There is no graphics card behind this screen: WebKitGTK would show an empty window.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }

    fn start_and_read(&mut self, command: &mut Command) -> Done<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{name}: {error}"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        self.programs.push(child);
        match line.trim() {
            "" => Err(format!("{:?} did not start", command.get_args().next().unwrap_or(name.as_ref()))),
            line => Ok(line.to_owned()),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// A program that does not outlive this one, however this one ends.
fn bound(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if on_path("setpriv").is_none() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}
