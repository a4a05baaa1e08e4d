//! What the operating system has to provide, and how it is brought there.
//!
//! Debian and Ubuntu: `apt-get`, as root or by a `sudo` that asks nothing. Everywhere else nothing is installed behind
//! anyone's back: what is missing is named, in that system's own words.

use std::{collections::BTreeMap, path::Path, process::Command};

use crate::workspace::{Done, on_path, output, run};

/// Why a package is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// To compile the app.
    Build,
    /// To show it where there is no screen.
    Display,
    /// To judge it: browsers, other implementations, a driver for its window.
    Judges,
}

/// One package, by its name in three families of Linux.
struct Package {
    need: Need,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    sign: Sign,
}

/// How one sees that a package is there where `dpkg` cannot be asked.
enum Sign {
    /// Any of these programs is on the PATH.
    Program(&'static [&'static str]),
    /// pkg-config knows it.
    Library(&'static str),
    /// It shows in no simple way; only `dpkg` is believed.
    Hidden,
}

use Need::{Build, Display, Judges};
use Sign::{Hidden, Library, Program};

const fn package(need: Need, apt: &'static str, dnf: &'static str, pacman: &'static str, sign: Sign) -> Package {
    Package { need, apt, dnf, pacman, sign }
}

const PACKAGES: &[Package] = &[
    package(Build, "build-essential", "gcc", "base-devel", Program(&["cc"])),
    package(Build, "pkg-config", "pkgconf-pkg-config", "pkgconf", Program(&["pkg-config"])),
    package(Build, "libclang-dev", "clang-devel", "clang", Hidden),
    package(Build, "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1", Library("webkit2gtk-4.1")),
    package(Build, "librsvg2-dev", "librsvg2-devel", "librsvg", Library("librsvg-2.0")),
    package(Build, "libxdo-dev", "libxdo-devel", "xdotool", Hidden),
    package(
        Build,
        "libayatana-appindicator3-dev",
        "libayatana-appindicator-gtk3-devel",
        "libayatana-appindicator",
        Library("ayatana-appindicator3-0.1"),
    ),
    package(Build, "libpipewire-0.3-dev", "pipewire-devel", "libpipewire", Library("libpipewire-0.3")),
    package(Build, "libgbm-dev", "mesa-libgbm-devel", "mesa", Library("gbm")),
    package(Build, "libegl-dev", "libglvnd-devel", "libglvnd", Library("egl")),
    package(Build, "libxcb1-dev", "libxcb-devel", "libxcb", Library("xcb")),
    package(Build, "libxrandr-dev", "libXrandr-devel", "libxrandr", Library("xrandr")),
    package(Build, "libwayland-dev", "wayland-devel", "wayland", Library("wayland-client")),
    package(Build, "libdbus-1-dev", "dbus-devel", "dbus", Library("dbus-1")),
    package(Display, "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", Program(&["Xvfb"])),
    package(Display, "openbox", "openbox", "openbox", Program(&["openbox"])),
    package(Display, "dbus", "dbus-daemon", "dbus", Program(&["dbus-daemon"])),
    package(Display, "imagemagick", "ImageMagick", "imagemagick", Program(&["import"])),
    package(Display, "xdotool", "xdotool", "xdotool", Program(&["xdotool"])),
    package(Display, "fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk", Hidden),
    package(Judges, "dbus-x11", "dbus-x11", "dbus", Program(&["dbus-launch"])),
    package(Judges, "webkit2gtk-driver", "webkit2gtk-driver", "webkit2gtk-4.1", Program(&["WebKitWebDriver"])),
    package(Judges, "chromium", "chromium", "chromium", Program(&["chromium", "chromium-browser", "google-chrome"])),
    package(Judges, "chromium-driver", "chromedriver", "chromium", Program(&["chromedriver"])),
    package(Judges, "gnome-keyring", "gnome-keyring", "gnome-keyring", Program(&["gnome-keyring-daemon"])),
    package(Judges, "oathtool", "oathtool", "oath-toolkit", Program(&["oathtool"])),
    package(Judges, "zbar-tools", "zbar", "zbar", Program(&["zbarimg"])),
    package(Judges, "xclip", "xclip", "xclip", Program(&["xclip"])),
    package(Judges, "e2fsprogs", "e2fsprogs", "e2fsprogs", Program(&["mkfs.ext4"])),
    package(Judges, "util-linux", "util-linux", "util-linux", Program(&["mount"])),
    package(Judges, "strace", "strace", "strace", Program(&["strace"])),
    package(Judges, "xserver-xorg-core", "xorg-x11-server-Xorg", "xorg-server", Program(&["Xorg"])),
    package(Judges, "xserver-xorg-video-dummy", "xorg-x11-drv-dummy", "xf86-video-dummy", Hidden),
    package(Judges, "x11-xserver-utils", "xrandr", "xorg-xrandr", Program(&["xrandr"])),
    package(Judges, "x11-utils", "xwininfo", "xorg-xwininfo", Program(&["xwininfo"])),
    package(Judges, "sway", "sway", "sway", Program(&["sway"])),
    package(Judges, "swaybg", "swaybg", "swaybg", Program(&["swaybg"])),
    package(Judges, "grim", "grim", "grim", Program(&["grim"])),
    package(Judges, "wtype", "wtype", "wtype", Program(&["wtype"])),
    package(Judges, "pipewire", "pipewire", "pipewire", Program(&["pipewire"])),
    package(Judges, "libglib2.0-bin", "glib2", "glib2", Program(&["gdbus"])),
    package(Judges, "xdg-desktop-portal", "xdg-desktop-portal", "xdg-desktop-portal", Hidden),
    package(Judges, "xdg-desktop-portal-wlr", "xdg-desktop-portal-wlr", "xdg-desktop-portal-wlr", Hidden),
    // Without its dialog for permissions the portal offers no pictures of the screen.
    package(Judges, "xdg-desktop-portal-gtk", "xdg-desktop-portal-gtk", "xdg-desktop-portal-gtk", Hidden),
    package(Judges, "python3-venv", "python3", "python", Hidden),
];

/// Makes sure of everything these needs stand for, installing what is missing where that is possible.
///
/// Says what it did, or what a person has to do.
pub fn require(needs: &[Need]) -> Done<String> {
    if cfg!(target_os = "macos") {
        return output(Command::new("xcode-select").arg("-p"))
            .map(|_| "macOS: the command line tools are there".into())
            .ok_or_else(|| "install the command line tools: xcode-select --install".into());
    }
    if !cfg!(target_os = "linux") {
        // The linker that built this program builds the app too; the only other thing is the webview.
        return Ok("Windows: needs the WebView2 runtime, part of Windows 11 and of any Windows with Edge".into());
    }
    let wanted: Vec<&Package> = PACKAGES.iter().filter(|package| needs.contains(&package.need)).collect();
    if on_path("apt-get").is_none() {
        return elsewhere(&wanted);
    }
    let missing = missing_by_dpkg(&wanted);
    if missing.is_empty() {
        return Ok(format!("{} system packages, all there", wanted.len()));
    }
    println!("Installing {}", missing.join(" "));
    install(&missing)?;
    match missing_by_dpkg(&wanted) {
        left if left.is_empty() => Ok(format!("{} system packages, {} installed now", wanted.len(), missing.len())),
        left => Err(format!("could not be installed by apt-get: {}", left.join(" "))),
    }
}

/// What a whole run of the tests from nothing writes below the build folder, in MiB: 5.4 GiB were measured.
const ROOM_MIB: u64 = 6 * 1024;

/// A word of warning where the disk has less room than a run from nothing takes. Half a build on a full disk ends in errors that speak
/// of anything but the disk.
pub fn room(target: &Path) -> Option<String> {
    let there = target.ancestors().find(|folder| folder.exists())?;
    let free = free_mib(&output(Command::new("df").arg("-Pk").arg(there))?)?;
    let short = free < ROOM_MIB;
    short.then(|| {
        let (free, room) = (free as f64 / 1024.0, ROOM_MIB / 1024);
        format!(
            "Little room: {free:.1} GiB are free at {}, and building everything takes about {room}. Delete what you can do \
             without, or let CARGO_TARGET_DIR name a folder on another disk.",
            there.display()
        )
    })
}

/// The fourth figure of the last line of `df -Pk` is what is free, in KiB.
fn free_mib(df: &str) -> Option<u64> {
    let free: u64 = df.lines().next_back()?.split_whitespace().nth(3)?.parse().ok()?;
    Some(free / 1024)
}

fn missing_by_dpkg(wanted: &[&Package]) -> Vec<&'static str> {
    let names = wanted.iter().map(|package| package.apt);
    // dpkg-query ends with an error when it does not know one of the names; what it knows it prints all the same.
    let answer = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(names)
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    missing(wanted, &answer, |program| on_path(program).is_some())
}

/// The packages that `answer` (lines of name and status) does not call installed and for which no program stands in.
fn missing(wanted: &[&Package], answer: &str, on_path: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let status: BTreeMap<&str, &str> = answer.lines().filter_map(|line| line.split_once(' ')).collect();
    wanted
        .iter()
        .filter(|package| status.get(package.apt) != Some(&"installed"))
        .filter(|package| !matches!(package.sign, Program(programs) if programs.iter().any(|program| on_path(program))))
        .map(|package| package.apt)
        .collect()
}

fn install(names: &[&str]) -> Done {
    let Some(apt_get) = apt_get() else {
        return Err(format!(
            "these packages are missing, and installing them needs an administrator:\n  \
             sudo apt-get install --no-install-recommends {}",
            names.join(" ")
        ));
    };
    // A list that cannot be renewed may still be good enough.
    let _ = run(apt_get().arg("update"));
    if run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(names)).is_ok() {
        return Ok(());
    }
    // One unknown name makes apt-get refuse them all: then one by one.
    for name in names {
        let _ = run(apt_get().args(["install", "--yes", "--no-install-recommends", name]));
    }
    Ok(())
}

/// A way to call apt-get with the rights it needs, if there is one that asks nobody.
fn apt_get() -> Option<fn() -> Command> {
    const OPTIONS: [&str; 3] = ["apt-get", "-o", "DPkg::Lock::Timeout=300"];
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if root {
        return Some(|| {
            let mut command = Command::new("env");
            command.arg("DEBIAN_FRONTEND=noninteractive").args(OPTIONS);
            command
        });
    }
    output(Command::new("sudo").args(["-n", "true"]))?;
    Some(|| {
        let mut command = Command::new("sudo");
        command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"]).args(OPTIONS);
        command
    })
}

/// A Linux without apt-get: look for the signs, and name what shows none.
fn elsewhere(wanted: &[&Package]) -> Done<String> {
    let there = |package: &&&Package| match package.sign {
        Program(programs) => programs.iter().any(|program| on_path(program).is_some()),
        Library(name) => output(Command::new("pkg-config").args(["--exists", name])).is_some(),
        Hidden => true,
    };
    let missing: Vec<&&Package> = wanted.iter().filter(|package| !there(package)).collect();
    if missing.is_empty() {
        return Ok(format!("{} system packages, all that can be seen is there", wanted.len()));
    }
    let line = |name: fn(&Package) -> &str| missing.iter().map(|package| name(package)).collect::<Vec<_>>().join(" ");
    Err(format!(
        "these packages are missing:\n  Fedora: sudo dnf install {}\n  Arch:   sudo pacman -S {}",
        line(|package| package.dnf),
        line(|package| package.pacman)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judges() -> Vec<&'static Package> {
        PACKAGES.iter().filter(|package| package.need == Judges).collect()
    }

    #[test]
    fn a_removed_package_is_missing() {
        let answer = "xclip config-files\noathtool installed\nstrace not-installed\n";
        let missing = missing(&judges(), answer, |_| false);
        assert!(missing.contains(&"xclip") && missing.contains(&"strace") && missing.contains(&"zbar-tools"));
        assert!(!missing.contains(&"oathtool"));
    }

    #[test]
    fn room_is_read_off_df() {
        let df =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 264000000 88000000 6920000 93% /\n";
        assert_eq!(free_mib(df), Some(6757));
        assert_eq!(free_mib(""), None);
    }

    #[test]
    fn another_browser_stands_in_for_chromium() {
        let missing = missing(&judges(), "", |program| program == "google-chrome");
        assert!(!missing.contains(&"chromium") && missing.contains(&"chromium-driver"));
    }
}
