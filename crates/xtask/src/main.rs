//! The project's own commands, called as `cargo xtask COMMAND`.
//!
//! **Needs nothing but Rust and Node: what else is missing, it brings or names.** It decides nothing about codes or vaults and
//! none of it is shipped.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a program for the terminal, outside the app: it prints, reads its environment and takes the time"
)]

mod counts;
mod display;
mod faults;
mod fuzz;
mod gate;
mod icons;
mod run;
mod scan;
mod stage;
mod steps;
mod system;
mod test;
mod tools;
mod view;
mod workspace;

use std::{env, process::ExitCode};

use stage::Stage;
use system::Need;
use workspace::{Done, Workspace, run as call};

const USAGE: &str = "cargo xtask COMMAND

  run [--release]          builds the app and starts it; without a screen on a virtual one
      [--picture-and-quit [FILE]]   on a virtual screen, keeps a picture of the window, ends
  test [--list] [--only STEP,..]    checks everything and prints one summary
  gate                     the static gate alone: policy, grants, built view
  bench vault              ten thousand accounts: open, save, all codes, beside one key derivation
  bench scan [--seed N] [--count N] [--kind PART] [--pictures DIR]   QR codes read by us and by five other readers
  bench steps [the same]   what each step of our ladder reads, what it alone reads, and what a dragged box is worth
  bench hostile [--seed N] [--count N]   ten thousand pictures made to break the scanner: panics, memory, time
  faults [--quick] [--only ROW,..]  kills, cheats and starves what saves; writes docs/RELIABILITY.md when all rows are done
  portal [--port N ..]     the practice login portal
  memory                   50 times unlocked, used and locked: no secret in any memory
  pictures                 makes docs/pictures anew from the real window
  bindings                 writes ui/src/ipc/bindings.ts from crates/ipc
  icons                    draws every size of icons/warifu.svg
  fuzz [--runs N] [TARGET ..]       runs the fuzz targets, a million times each";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(command, rest)| (command.as_str(), rest));
    let workspace = Workspace::find();
    let done = match command {
        "run" => run::run(&workspace, rest),
        "test" => test::test(&workspace, rest),
        "gate" => gate(&workspace),
        "bench" => bench(&workspace, rest),
        "faults" => faults::faults(&workspace, rest),
        "portal" => portal(&workspace, rest),
        "memory" => memory(&workspace),
        "pictures" => pictures(&workspace),
        "bindings" => Stage::new(&workspace, "bindings", 20).and_then(|mut stage| steps::write_bindings(&mut stage)),
        "fuzz" => fuzz::fuzz(&workspace, rest),
        "icons" => icons::icons(&workspace),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("there is no command {other}\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn gate(workspace: &Workspace) -> Done {
    let rules = gate::judge(&workspace.path(""));
    rules.iter().for_each(|rule| println!("{rule}"));
    match rules.iter().filter(|rule| !rule.findings.is_empty()).count() {
        0 => Ok(()),
        broken => Err(format!("{broken} of {} rules are broken", rules.len())),
    }
}

fn bench(workspace: &Workspace, arguments: &[String]) -> Done {
    match arguments {
        [what] if what == "vault" => {}
        [what, options @ ..] if what == "scan" => return scan::bench(workspace, options),
        [what, options @ ..] if what == "steps" => return scan::steps(workspace, options),
        [what, options @ ..] if what == "hostile" => return hostile(workspace, options),
        _ => return Err("bench what? cargo xtask bench vault, scan, steps or hostile".into()),
    }
    println!("{}", system::require(&[Need::Build])?);
    call(&mut workspace.cargo(["run", "--release", "--package", "warifu-platform", "--example", "ten_thousand"]))
}

/// Counts and prints; what it finds wrong is said, as of every bench. `cargo xtask test` fails over a share of the same pictures.
fn hostile(workspace: &Workspace, arguments: &[String]) -> Done {
    let (mut seed, mut count) = ("1", "10000");
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if value.parse::<u64>().is_ok() && name == "--seed" => seed = value,
            [name, value] if value.parse::<u64>().is_ok() && name == "--count" => count = value,
            _ => return Err("cargo xtask bench hostile [--seed N] [--count N]".into()),
        }
    }
    println!("{}", system::require(&[Need::Build])?);
    let mut command = workspace.cargo(["run", "--release", "--locked", "--quiet", "--package", "warifu-scan"]);
    call(command.args(["--example", "hostile", "--", count, seed]))
}

fn portal(workspace: &Workspace, arguments: &[String]) -> Done {
    if let Some(mut install) = workspace.npm_ci("tests/portal") {
        call(&mut install)?;
        workspace.npm_installed("tests/portal");
    }
    call(workspace.command("node").arg(workspace.path("tests/portal/server.mjs")).args(arguments))
}

fn memory(workspace: &Workspace) -> Done {
    println!("{}", system::require(&[Need::Build, Need::Display, Need::Judges])?);
    steps::memory(&mut Stage::new(workspace, "memory", 60)?)
}

fn pictures(workspace: &Workspace) -> Done {
    println!("{}", system::require(&[Need::Build, Need::Display, Need::Judges])?);
    let mut stage = Stage::new(workspace, "pictures", 60)?;
    let environment = steps::prepare_e2e(&mut stage)?;
    let mut command = workspace.command("node");
    command.arg(workspace.path("tests/e2e/pictures.mjs")).arg(workspace.path("docs/pictures"));
    stage.run(command.envs(environment))
}
