//! The contract of the command line, called as a script calls it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod code;
mod entries;
mod safety;
mod scan;
mod support;
mod usage;
