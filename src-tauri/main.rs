//! The program `warifu`.

// A release build on Windows opens no console window beside its own.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

#[allow(clippy::disallowed_methods)] // The one place that reads them.
fn main() -> ExitCode {
    warifu_shell::run(std::env::args_os().skip(1))
}
