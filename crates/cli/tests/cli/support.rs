//! Running the program as a script does.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

pub const PASSWORD: &str = "kamome suido 42 夕焼け";
/// RFC 6238's seed.
pub const RFC_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
pub const RFC_URI: &str = "otpauth://totp/Portal:hanako?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";

/// How a call ended.
pub struct Outcome {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// The one JSON document on the standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// Succeeded.
    #[track_caller]
    pub fn done(self) -> Outcome {
        assert_eq!(self.exit, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    /// Failed with `--json`, with this error.
    #[track_caller]
    pub fn failed(self, exit: i32, code: &str) {
        let error = &self.json()["error"];
        assert_eq!((self.exit, error["code"].as_str()), (exit, Some(code)), "{}{}", self.stdout, self.stderr);
        assert_ne!(error["message"].as_str().unwrap(), code, "a sentence, not the code");
    }
}

/// Runs the program in English with `input` on its standard input.
pub fn run_with<S: AsRef<OsStr>>(args: &[S], input: &str) -> Outcome {
    run_command(Command::new(env!("CARGO_BIN_EXE_warifu-cli")).args(args), input)
}

pub fn run<S: AsRef<OsStr>>(args: &[S]) -> Outcome {
    run_with(args, "")
}

pub fn run_command(command: &mut Command, input: &str) -> Outcome {
    if !command.get_envs().any(|(name, _)| name == "LC_ALL") {
        command.env("LC_ALL", "en_US.UTF-8");
    }
    // What it remembers of its vaults is not for the home of whoever runs the tests, and whose settings count for nothing.
    for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        if !command.get_envs().any(|(given, _)| given == name) {
            command.env(name, env!("CARGO_TARGET_TMPDIR"));
        }
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    // A call that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("output is text");
    Outcome { exit: output.status.code().expect("no signal"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A folder with a vault file's place in it.
pub struct Place {
    pub folder: TempDir,
    pub vault: PathBuf,
}

impl Place {
    /// No vault yet.
    pub fn empty() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let vault = folder.path().join("vault.warifu");
        Place { folder, vault }
    }

    /// A new vault with these accounts.
    pub fn with(uris: &[&str]) -> Place {
        let place = Place::empty();
        place.call(&["init"]).done();
        for uri in uris {
            place.call(&["add", "--uri", uri]).done();
        }
        place
    }

    /// Calls with the vault and its password.
    pub fn call(&self, args: &[&str]) -> Outcome {
        self.call_with(args, PASSWORD)
    }

    /// Calls with the vault and other lines on the standard input.
    pub fn call_with(&self, args: &[&str], input: &str) -> Outcome {
        let mut all = vec![OsStr::new("--vault"), self.vault.as_os_str(), OsStr::new("--password-stdin")];
        all.extend(args.iter().map(OsStr::new));
        run_with(&all, input)
    }

    /// The vault file, to the letter.
    pub fn bytes(&self) -> Vec<u8> {
        fs::read(&self.vault).unwrap()
    }

    /// The names in this place.
    pub fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// A picture of `tests/fixtures/qr`.
pub fn picture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/qr").join(name);
    path.to_str().unwrap().to_owned()
}
