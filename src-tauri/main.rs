//! The program `warifu`.

// A release build on Windows opens no console window beside its own.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use warifu_guard::{WIPING_ALLOCATOR, WipingAllocator, keep_out_of_dumps, wipe_freed_c_memory};
use warifu_platform::{DRAW_PAGES, draw_pages, run_errand};

#[global_allocator]
static HEAP: WipingAllocator = WIPING_ALLOCATOR;

#[allow(clippy::disallowed_methods)] // The one place that reads them.
fn main() -> ExitCode {
    if let Some(code) = run_errand(std::env::args_os().skip(1)) {
        return code;
    }
    wipe_freed_c_memory();
    keep_out_of_dumps();
    if std::env::args_os().nth(1).is_some_and(|first| first == DRAW_PAGES) {
        return draw_pages();
    }
    warifu_shell::run(std::env::args_os().skip(1))
}
