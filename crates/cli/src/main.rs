//! `warifu-cli`: the second shell over the session, for testers, scripts and machines without a screen.
//!
//! **It decides nothing and holds nothing: every call reads its arguments, asks the session, prints the answer and ends.
//! A secret is printed with `--reveal` only, and no message repeats what was typed.** With `--json` the standard output
//! holds one JSON document and nothing else; messages and questions go elsewhere.
//!
//! Deliberately absent: windows, the clipboard, the screen, the network, a configuration file, and any call that would
//! remember the password from one call to the next.
//!
//! ```text
//! $ warifu-cli code --uri 'otpauth://totp/Portal:hanako?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8' --at 59
//! 94287082
//! $ warifu-cli scan --json page.png
//! [{"file":"page.png","codes":[{"kind":"otpauth","points":[[8.0,8.0],…],"entries":[…],…}],"error":null,…}]
//! ```

mod args;
mod calls;
mod console;
mod entry;
mod fault;
mod ports;
mod qr_picture;
mod sentences;

use std::{
    ffi::OsString,
    panic,
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use args::Cli;
use clap::Parser;
use console::Console;
use fault::{Cause, Fault, exit};
use warifu_guard::{WIPING_ALLOCATOR, WipingAllocator, keep_out_of_dumps};
use warifu_platform::{DRAW_PAGES, draw_pages};
use warifu_session::{ErrorCode, Language};

#[global_allocator]
static HEAP: WipingAllocator = WIPING_ALLOCATOR;

/// Where the last panic was: the place in our source, never its message, which could quote what was being read.
static PANICKED_AT: Mutex<String> = Mutex::new(String::new());

fn main() -> ExitCode {
    keep_out_of_dumps();
    #[allow(clippy::disallowed_methods)] // Arguments are a program's own business.
    let args: Vec<OsString> = std::env::args_os().collect();
    if args.get(1).is_some_and(|first| first == DRAW_PAGES) {
        return draw_pages();
    }
    // Decoders that panic on a hostile picture are caught where they are called; that is nothing to print.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        *PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    let exit = panic::catch_unwind(|| run(&args)).unwrap_or_else(|_| {
        let place = PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (json, language) = args::glimpse(&args);
        let cause = Cause::from(ErrorCode::Unexpected).with("reason", place);
        Console::new(json, false, language.unwrap_or(Language::System)).end(Fault::Said(cause))
    });
    ExitCode::from(exit)
}

fn run(args: &[OsString]) -> u8 {
    match Cli::try_parse_from(args) {
        Ok(cli) => {
            let language = cli.common.lang.map_or(Language::System, Into::into);
            let console = Console::new(cli.common.json, cli.common.reveal, language);
            calls::run(&console, cli).unwrap_or_else(|fault| console.end(fault))
        }
        Err(asked) if !asked.use_stderr() => {
            // Help or the version. Where nobody reads it, nothing is lost.
            let _ = asked.print();
            exit::DONE
        }
        Err(error) => {
            let (json, language) = args::glimpse(args);
            let cause = Cause::own("usage", exit::USAGE).with("what", args::describe(&error));
            Console::new(json, false, language.unwrap_or(Language::System)).end(Fault::Said(cause))
        }
    }
}
