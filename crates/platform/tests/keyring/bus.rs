//! A D-Bus session bus of a test's own, on which nothing starts by itself, and a real keyring on it.

use std::{
    fs,
    io::{BufRead, BufReader, ErrorKind, Write},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The bus; it ends with the test.
pub struct Bus {
    pub address: String,
    daemon: Child,
    folder: TempDir,
}

impl Bus {
    /// None where there is no such program.
    pub fn start() -> Option<Bus> {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        // No folder of services: what is not started here is not there.
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>",
            folder.path().display()
        );
        fs::write(&config, text).unwrap();
        let daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut daemon = match daemon {
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            daemon => daemon.unwrap(),
        };
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Some(Bus { address: address.trim().to_owned(), daemon, folder })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// A gnome-keyring with a login collection of its own, unlocked.
pub struct GnomeKeyring {
    daemon: Option<Child>,
    bus: Bus,
}

impl GnomeKeyring {
    /// None where there is no such program.
    pub fn start() -> Option<GnomeKeyring> {
        Command::new("gnome-keyring-daemon").arg("--version").stdout(Stdio::null()).status().ok()?;
        let mut keyring = GnomeKeyring { daemon: None, bus: Bus::start()? };
        keyring.unlock();
        Some(keyring)
    }

    pub fn address(&self) -> &str {
        &self.bus.address
    }

    /// Starts it, with the password of its collection.
    pub fn unlock(&mut self) {
        let home = self.bus.folder.path();
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets", "--unlock"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", home)
            .env_remove("DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        daemon.stdin.take().unwrap().write_all(b"login password").unwrap();
        self.daemon = Some(daemon);
        let connection = zbus::blocking::connection::Builder::address(self.address()).unwrap().build().unwrap();
        let dbus = zbus::blocking::fdo::DBusProxy::new(&connection).unwrap();
        let start = Instant::now();
        while !dbus.name_has_owner("org.freedesktop.secrets".try_into().unwrap()).unwrap() {
            assert!(start.elapsed() < Duration::from_secs(20), "gnome-keyring does not come up");
            sleep(Duration::from_millis(20));
        }
    }

    pub fn kill(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }
}

impl Drop for GnomeKeyring {
    fn drop(&mut self) {
        if self.daemon.is_some() {
            self.kill();
        }
    }
}
