//! Once a second: lock what nobody uses, clear what nobody pasted, take up what others have saved.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::Duration,
};

use tauri::{AppHandle, Emitter, Runtime};
use warifu_guard::on_clean_stack;

use crate::{
    Shell,
    shell::ScanEnd,
    windows::{MAIN, renew_main},
};

const BEAT: Duration = Duration::from_secs(1);

/// Starts it; it ends with the program.
pub(crate) fn start<R: Runtime>(app: AppHandle<R>, shell: Shell) {
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            // Whatever goes wrong in one beat, the vault is locked by a later one.
            let _ = catch_unwind(AssertUnwindSafe(|| beat(&app, &shell)));
        }
    });
}

fn beat<R: Runtime>(app: &AppHandle<R>, shell: &Shell) {
    // A change from outside is decrypted and merged here.
    let tick = on_clean_stack(|| shell.session().tick());
    if tick.locked {
        shell.end_scan(ScanEnd::Cancelled);
        let _ = app.emit_to(MAIN, "locked", ());
        renew_main(app);
    }
    if tick.changed {
        let _ = app.emit_to(MAIN, "changed", ());
    }
    if let Some(clearing) = tick.clearing {
        match clearing.run() {
            Ok(true) => {
                let _ = app.emit_to(MAIN, "clipboard_cleared", ());
            }
            Ok(false) => {}
            Err(failed) => shell.session().clear_again(failed),
        }
    }
}
