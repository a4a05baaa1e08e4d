//! The contract of the command line, called as a script calls it.

// `print_stdout`: a test that skips says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod code;
mod entries;
mod keeping;
mod safety;
mod scan;
#[path = "../../../session/tests/support/screen.rs"]
mod screen;
mod support;
mod usage;
