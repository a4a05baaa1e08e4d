//! Once a second: lock what nobody uses, clear what nobody pasted.

use std::{thread, time::Duration};

use tauri::{AppHandle, Emitter, Runtime};

use crate::{Shell, shell::ScanEnd, windows::MAIN};

const BEAT: Duration = Duration::from_secs(1);

/// Starts it; it ends with the program.
pub(crate) fn start<R: Runtime>(app: AppHandle<R>, shell: Shell) {
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            let tick = shell.session().tick();
            if tick.locked {
                shell.end_scan(ScanEnd::Cancelled);
                let _ = app.emit_to(MAIN, "locked", ());
            }
            if tick.clipboard_cleared {
                let _ = app.emit_to(MAIN, "clipboard_cleared", ());
            }
        }
    });
}
