//! The steps of `cargo xtask test`, the quick ones first.

use std::{env, fs, path::PathBuf, process::Stdio};

use crate::{
    counts::Counts,
    faults, fuzz, gate,
    stage::Stage,
    system::Need,
    tools::{self, CARGO_DENY, TAURI_DRIVER, Tool},
    view,
    workspace::{Done, on_path},
};

/// What a step that did not fail says of itself.
pub enum Outcome {
    /// It was done.
    Passed,
    /// It was not done here, for this reason. Never counted as passed.
    Skipped(String),
}

/// One line of the summary.
pub struct Step {
    pub name: &'static str,
    pub what: &'static str,
    pub needs: &'static [Need],
    /// After this many minutes it hangs.
    pub minutes: u64,
    pub body: fn(&mut Stage) -> Done<Outcome>,
}

const ALL: &[Need] = &[Need::Build, Need::Display, Need::Judges];

/// All of them, in the order they run.
pub const STEPS: &[Step] = &[
    Step { name: "fmt", what: "Rust is formatted", needs: &[], minutes: 5, body: fmt },
    Step { name: "ui", what: "the view: types, tests, build", needs: &[], minutes: 15, body: ui },
    Step { name: "gate", what: "what a window may do is what was reviewed", needs: &[], minutes: 1, body: gate_step },
    Step { name: "portal", what: "the practice portal", needs: &[Need::Judges], minutes: 10, body: portal },
    Step { name: "deny", what: "who may use which crate; licences", needs: &[Need::Build], minutes: 20, body: deny },
    Step { name: "clippy", what: "lints, warnings refused", needs: &[Need::Build], minutes: 30, body: clippy },
    Step { name: "bindings", what: "TypeScript of the wire types", needs: &[Need::Build], minutes: 10, body: bindings },
    Step { name: "rust", what: "every Rust test, each IPC command", needs: ALL, minutes: 40, body: rust },
    Step {
        name: "faults",
        what: "kills, failing disks, power cuts, rivals",
        needs: ALL,
        minutes: 20,
        body: faults::step,
    },
    Step { name: "fuzz", what: "the fuzz targets, for a moment", needs: &[Need::Build], minutes: 20, body: fuzz::step },
    Step { name: "e2e", what: "journeys in a real window", needs: ALL, minutes: 40, body: e2e },
];

fn fmt(stage: &mut Stage) -> Done<Outcome> {
    stage.run(&mut stage.workspace.cargo(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

fn ui(stage: &mut Stage) -> Done<Outcome> {
    npm_ci(stage, "ui")?;
    // One that fails does not keep the others from speaking; the gate wants the build in any case.
    let results = ["check", "test", "build"].map(|script| {
        let mut command = stage.workspace.npm("ui", ["run", script]);
        stage.run(command.env("NO_COLOR", "1"))
    });
    results.into_iter().collect::<Done<()>>().map(|()| Outcome::Passed)
}

fn gate_step(stage: &mut Stage) -> Done<Outcome> {
    let rules = gate::judge(&stage.workspace.path(""));
    let mut counts = Counts::default();
    for rule in &rules {
        let broken = !rule.findings.is_empty();
        *(if broken { &mut counts.failed } else { &mut counts.passed }) += 1;
        stage.say(&rule.to_string());
    }
    stage.count(counts);
    if counts.failed > 0 {
        Err(format!("{} of {} rules are broken", counts.failed, rules.len()))
    } else {
        Ok(Outcome::Passed)
    }
}

fn portal(stage: &mut Stage) -> Done<Outcome> {
    if !cfg!(target_os = "linux") && on_path("oathtool").is_none() {
        return Ok(Outcome::Skipped("no oathtool on this system to judge the codes".into()));
    }
    npm_ci(stage, "tests/portal")?;
    node_test(stage, "tests/portal", &[])
}

fn deny(stage: &mut Stage) -> Done<Outcome> {
    let deny = tool(stage, &CARGO_DENY)?;
    // Advisories are fetched from the network and change by themselves: the workflow asks for them on its own.
    stage.run(stage.workspace.command(deny).args([
        "--workspace",
        "--all-features",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))?;
    Ok(Outcome::Passed)
}

fn clippy(stage: &mut Stage) -> Done<Outcome> {
    let mut command = stage.workspace.cargo(["clippy", "--workspace", "--all-targets", "--locked", "--keep-going"]);
    stage.run(command.args(["--", "--deny", "warnings"]))?;
    Ok(Outcome::Passed)
}

fn bindings(stage: &mut Stage) -> Done<Outcome> {
    let generated = generate_bindings(stage)?;
    let file = stage.workspace.path(BINDINGS);
    let written = fs::read_to_string(&file).map_err(|error| format!("{BINDINGS}: {error}"))?;
    // A checkout on Windows may have turned the line ends.
    if written.replace("\r\n", "\n") != generated {
        return Err(format!("{BINDINGS} is behind crates/ipc: cargo xtask bindings writes it"));
    }
    Ok(Outcome::Passed)
}

const BINDINGS: &str = "ui/src/ipc/bindings.ts";

/// Writes the TypeScript of the wire types anew.
pub fn write_bindings(stage: &mut Stage) -> Done {
    let generated = generate_bindings(stage)?;
    fs::write(stage.workspace.path(BINDINGS), generated).map_err(|error| format!("{BINDINGS}: {error}"))
}

fn generate_bindings(stage: &Stage) -> Done<String> {
    let mut command = stage.workspace.cargo(["run", "--quiet", "--package", "warifu-ipc", "--example", "bindings"]);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the generator of {BINDINGS} ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn rust(stage: &mut Stage) -> Done<Outcome> {
    // The vault is also read by a program that shares no code with it; without it these tests would skip.
    let python = python(stage)?;
    let mut command = stage.workspace.cargo(["test", "--workspace", "--locked", "--no-fail-fast"]);
    // A test that skips its work says so on its output, which is shown only on demand.
    stage.run(command.env("WARIFU_PYTHON", python).args(["--", "--show-output"]))?;
    Ok(Outcome::Passed)
}

/// The Python that can read a vault.
fn python(stage: &mut Stage) -> Done<PathBuf> {
    let (python, preparations) = tools::python(stage.workspace)?;
    for mut preparation in preparations {
        stage.run(&mut preparation)?;
    }
    Ok(python)
}

fn e2e(stage: &mut Stage) -> Done<Outcome> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("the journeys drive WebKitGTK on X11, which is Linux only".into()));
    }
    let environment = prepare_e2e(stage)?;
    node_test(stage, "tests/e2e", &environment)
}

/// The search of all memories after locking, as often as it takes to believe it.
pub fn memory(stage: &mut Stage) -> Done {
    let mut environment = prepare_e2e(stage)?;
    environment.push(("WARIFU_MEMORY_CYCLES", "50".into()));
    let mut command = stage.workspace.command(format!("node{}", env::consts::EXE_SUFFIX));
    command.current_dir(stage.workspace.path("tests/e2e")).args(["--test", "--test-reporter=spec", "memory.test.mjs"]);
    stage.run(command.envs(environment))
}

/// Everything the journeys lean on, and the variables that tell them where it is.
pub fn prepare_e2e(stage: &mut Stage) -> Done<Vec<(&'static str, PathBuf)>> {
    npm_ci(stage, "ui")?;
    if !view::is_current(stage.workspace) {
        stage.run(&mut stage.workspace.npm("ui", ["run", "build"]))?;
    }
    // Each by itself: in one call Cargo would build the app with the features of the others.
    for what in [["warifu", "--bin", "warifu"], ["warifu-cli", "--bin", "warifu-cli"]] {
        stage.run(stage.workspace.cargo(["build", "--locked", "--package"]).args(what))?;
    }
    stage.run(&mut stage.workspace.cargo(["build", "--package", "warifu", "--examples", "--locked"]))?;
    let python = python(stage)?;
    let driver = tool(stage, &TAURI_DRIVER)?;
    npm_ci(stage, "tests/portal")?;
    npm_ci(stage, "tests/e2e")?;
    let app = stage.workspace.app();
    let cli = app.with_file_name(format!("warifu-cli{}", env::consts::EXE_SUFFIX));
    let mut environment =
        vec![("WARIFU_APP", app), ("WARIFU_CLI", cli), ("WARIFU_TAURI_DRIVER", driver), ("WARIFU_PYTHON", python)];
    // The browser goes by another name on each system.
    let browser = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| on_path(name));
    environment.extend(browser.map(|browser| ("WARIFU_CHROMIUM", browser)));
    Ok(environment)
}

fn npm_ci(stage: &mut Stage, folder: &str) -> Done {
    if let Some(mut install) = stage.workspace.npm_ci(folder) {
        stage.run(&mut install)?;
        stage.workspace.npm_installed(folder);
    }
    Ok(())
}

fn tool(stage: &mut Stage, tool: &Tool) -> Done<PathBuf> {
    if tool.installed(stage.workspace).is_none() {
        stage.run(&mut tool.install(stage.workspace))?;
    }
    tool.installed(stage.workspace).ok_or_else(|| "the tool just installed is not where it should be".into())
}

/// Runs the `*.test.mjs` of a folder. Named one by one, since how Node takes a folder differs from version to version.
fn node_test(stage: &mut Stage, folder: &str, environment: &[(&str, PathBuf)]) -> Done<Outcome> {
    let path = stage.workspace.path(folder);
    let entries = fs::read_dir(&path).map_err(|error| format!("{folder}: {error}"))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        return Err(format!("{folder} has no tests"));
    }
    let mut command = stage.workspace.command(format!("node{}", env::consts::EXE_SUFFIX));
    command.current_dir(path).args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files);
    stage.run(command.envs(environment.iter().map(|(name, value)| (name, value))))?;
    Ok(Outcome::Passed)
}
