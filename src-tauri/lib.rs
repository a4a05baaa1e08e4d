//! The desktop shell: IPC, windows, and the heartbeat that locks and clears. It adapts; **it decides nothing**.
//!
//! Every command takes its work to a blocking task, so that no key derivation and no decoder ever freezes a window, and
//! every answer is a view of `warifu-ipc`, none of which can carry a secret.

mod accounts;
mod adding;
mod arguments;
mod backups;
mod camera;
mod dropped;
mod heartbeat;
mod screen;
mod security;
mod shell;
mod start;
mod starting;
mod vault;
mod windows;

pub use shell::Shell;
pub use start::{build, run};
