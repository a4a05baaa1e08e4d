//! `cargo xtask fuzz`: builds the targets of fuzz/ with coverage, on the stable compiler, and runs each so many times.

use std::{env, fs, path::PathBuf};

use crate::{
    stage::Stage,
    steps::Outcome,
    workspace::{Done, Workspace, output},
};

/// What makes the compiler count edges and report comparisons, as libFuzzer wants them.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Counters of several units of one crate would be lost.
    "-Ccodegen-units=1",
];

/// Runs of each target, unless another number is asked for.
const RUNS: u64 = 1_000_000;
/// Runs of each target among the tests.
const RUNS_IN_TESTS: u64 = 20_000;
/// Longest input in bytes: twice what the largest seed has.
const LONGEST: u32 = 8_192;
/// One input that takes so many seconds is a finding.
const SECONDS: u32 = 10;

/// Builds and runs the targets named, or all.
pub fn fuzz(workspace: &Workspace, arguments: &[String]) -> Done {
    if !cfg!(unix) {
        return Err("the fuzz targets run on Linux and macOS only".into());
    }
    let (runs, wanted) = parse(arguments)?;
    let all = targets(workspace)?;
    if let Some(unknown) = wanted.iter().find(|target| !all.contains(target)) {
        return Err(format!("there is no target {unknown}; there are {}", all.join(", ")));
    }
    let targets = if wanted.is_empty() { all } else { wanted };
    fuzz_all(&mut Stage::new(workspace, "fuzz", 24 * 60)?, &targets, runs)
}

/// A step of the tests: that the targets build, that their seeds still pass, and a little more.
pub fn step(stage: &mut Stage) -> Done<Outcome> {
    if !cfg!(unix) {
        return Ok(Outcome::Skipped("the fuzz targets run on Linux and macOS only".into()));
    }
    let targets = targets(stage.workspace)?;
    fuzz_all(stage, &targets, RUNS_IN_TESTS)?;
    Ok(Outcome::Passed)
}

fn fuzz_all(stage: &mut Stage, targets: &[String], runs: u64) -> Done {
    let programs = build(stage)?;
    for target in targets {
        run(stage, programs.join(target), target, runs)?;
    }
    stage.say(&format!("{} targets, {runs} runs each, no crash", targets.len()));
    Ok(())
}

fn parse(arguments: &[String]) -> Done<(u64, Vec<String>)> {
    let (mut runs, mut targets) = (RUNS, vec![]);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--runs" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                runs = number.ok_or("--runs takes a number")?;
            }
            option if option.starts_with('-') => return Err(format!("fuzz knows no {option}")),
            target => targets.push(target.to_owned()),
        }
    }
    Ok((runs, targets))
}

/// The names of the files in fuzz/fuzz_targets.
fn targets(workspace: &Workspace) -> Done<Vec<String>> {
    let folder = workspace.path("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let mut names: Vec<_> = paths.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// Builds all of them. Returns the folder they are in.
fn build(stage: &mut Stage) -> Done<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = output(stage.workspace.command(rustc).arg("-vV")).ok_or("rustc does not say for what it compiles")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let folder = stage.workspace.target("fuzz/build");
    // A target is named so that the flags reach neither build scripts nor macros.
    let mut command = stage.workspace.cargo(["build", "--release", "--locked", "--target", host, "--manifest-path"]);
    command.arg(stage.workspace.path("fuzz/Cargo.toml")).arg("--target-dir").arg(&folder);
    stage.run(command.env("RUSTFLAGS", COVERAGE.join(" ")))?;
    Ok(folder.join(host).join("release"))
}

/// Runs one from its seeds. What it finds on the way is kept beside the build; what it crashes on, in fuzz/artifacts.
fn run(stage: &mut Stage, program: PathBuf, target: &str, runs: u64) -> Done {
    let corpus = stage.workspace.target(&format!("fuzz/corpus/{target}"));
    let artifacts = stage.workspace.path(&format!("fuzz/artifacts/{target}"));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut command = stage.workspace.command(program);
    command.arg(format!("-runs={runs}")).arg(format!("-max_len={LONGEST}")).arg(format!("-timeout={SECONDS}"));
    command.args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"]);
    command.arg(format!("-dict={}", stage.workspace.path("fuzz/json.dict").display()));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.arg(corpus).arg(stage.workspace.path(&format!("fuzz/seeds/{target}")));
    stage.run(&mut command)
}
