//! Putting the program together.

use std::{ffi::OsString, path::PathBuf, process::ExitCode, sync::Arc};

use tauri::{Builder, Manager, RunEvent, Runtime, WindowEvent};
use warifu_platform::{
    DesktopCamera, DesktopClipboard, DesktopScreens, DiskPictures, FileSettingsStore, FileVaultStore, OsKeyring,
    SystemClock, default_memory_path, default_settings_path, default_vault_path, print_panics_without_their_message,
    system_language,
};
use warifu_session::{Session, ports::Ports};

use crate::{
    Shell, accounts, adding, arguments, backups, camera, dropped, heartbeat, screen, security, shell::ScanEnd,
    starting, vault, windows,
};

/// Runs the program until its window is closed.
///
/// `arguments` are those after the program's name: `--vault PATH` opens another vault file than the user's own, in a window
/// of its own.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    print_panics_without_their_message();
    let chosen = match arguments::vault(arguments) {
        Ok(chosen) => chosen,
        Err(usage) => return fail(&usage, 2),
    };
    let Some(vault) = chosen.clone().or_else(default_vault_path) else {
        return fail("the system names no folder for a program's data; use --vault PATH", 1);
    };
    let shell = Shell::new(session(vault), system_language().into());
    let mut builder = build(Builder::default(), shell).plugin(tauri_plugin_dialog::init());
    if chosen.is_none() {
        // The user's own vault has one window: starting again brings it to the front.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| windows::show_main(app)));
    }
    let app = builder
        .setup(|app| {
            windows::open_main(app.handle())?;
            heartbeat::start(app.handle().clone(), app.state::<Shell>().inner().clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    app.state::<Shell>().leave();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("the window cannot be opened: {error}"), 1),
    }
}

/// Everything but the system's own: the commands and the state, on any runtime. The tests build the same on a mock one.
pub fn build<R: Runtime>(builder: Builder<R>, shell: Shell) -> Builder<R> {
    builder
        .manage(shell)
        .invoke_handler(tauri::generate_handler![
            vault::app_state,
            vault::set_appearance,
            vault::set_lock_after,
            vault::rate_password,
            vault::create_vault,
            vault::unlock,
            vault::quick_unlock,
            vault::recover,
            vault::check_recovery_key,
            vault::cancel_unlock,
            vault::lock,
            vault::report_activity,
            vault::resolve_rollback,
            vault::dismiss_notice,
            security::security,
            security::change_password,
            security::set_hint,
            security::begin_recovery_key,
            security::confirm_recovery_key,
            security::cancel_recovery_key,
            security::remove_recovery_key,
            security::set_quick_unlock,
            security::remove_other_keyrings,
            security::rehearse,
            backups::list_backups,
            backups::restore_backup,
            backups::restore_drill,
            backups::choose_second_folder,
            backups::clear_second_folder,
            starting::choose_backup_file,
            starting::take_over_file,
            starting::take_over_file_recovered,
            starting::begin_anew,
            accounts::list_entries,
            accounts::current_codes,
            accounts::next_code,
            accounts::copy_code,
            accounts::edit_entry,
            accounts::delete_entry,
            accounts::restore_entry,
            accounts::list_trash,
            accounts::remove_entry,
            accounts::entry_history,
            accounts::take_back,
            accounts::move_entry,
            screen::scan_screen,
            adding::open_picture,
            adding::propose_key,
            adding::candidate_code,
            adding::paste,
            adding::add_candidates,
            adding::delete_pictures,
            adding::discard_reading,
            camera::camera_start,
            camera::camera_look,
            camera::camera_preview,
            camera::camera_stop,
            screen::frame,
            screen::frame_pixels,
            screen::pick_code,
            screen::pick_all,
            screen::pick_region,
            screen::cancel_scan,
        ])
        .on_window_event(|window, event| match event {
            WindowEvent::DragDrop(event) if window.label() == windows::MAIN => {
                dropped::on_drag_drop(window.app_handle(), event);
            }
            // However an overlay window goes, the scan ends with it.
            WindowEvent::Destroyed if windows::is_overlay(window.label()) => {
                window.state::<Shell>().end_scan(ScanEnd::Cancelled);
            }
            _ => {}
        })
}

fn session(vault: PathBuf) -> Session {
    let settings = default_settings_path().unwrap_or_else(|| vault.with_extension("settings.json"));
    let memory = default_memory_path().unwrap_or_else(|| vault.with_extension("memory.json"));
    Session::new(Ports {
        clock: Arc::new(SystemClock),
        vault: Box::new(FileVaultStore::new(vault)),
        settings: Box::new(FileSettingsStore::new(settings)),
        memory: Box::new(FileSettingsStore::new(memory)),
        keys: Arc::new(OsKeyring::default()),
        clipboard: Arc::new(DesktopClipboard::default()),
        screen: Arc::new(DesktopScreens),
        pictures: Arc::new(DiskPictures),
        camera: Arc::new(DesktopCamera),
    })
}

#[allow(clippy::print_stderr)] // Before there is a window there is nowhere else to say it.
fn fail(why: &str, code: u8) -> ExitCode {
    eprintln!("warifu: {why}");
    ExitCode::from(code)
}
