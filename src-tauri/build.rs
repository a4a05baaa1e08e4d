//! Declares the commands a page may call, so that each must be granted by name, and makes sure there is a view to embed.

use std::{fs, io, path::Path};

/// The complete list. `capabilities/` grants them window by window, and the static gate holds the two together.
const COMMANDS: &[&str] = &[
    "app_state",
    "set_appearance",
    "set_lock_after",
    "rate_password",
    "create_vault",
    "unlock",
    "quick_unlock",
    "recover",
    "check_recovery_key",
    "cancel_unlock",
    "lock",
    "report_activity",
    "resolve_rollback",
    "dismiss_notice",
    "security",
    "change_password",
    "set_hint",
    "begin_recovery_key",
    "confirm_recovery_key",
    "cancel_recovery_key",
    "remove_recovery_key",
    "set_quick_unlock",
    "remove_other_keyrings",
    "rehearse",
    "list_backups",
    "restore_backup",
    "restore_drill",
    "choose_second_folder",
    "clear_second_folder",
    "choose_backup_file",
    "take_over_file",
    "take_over_file_recovered",
    "begin_anew",
    "list_entries",
    "current_codes",
    "next_code",
    "copy_code",
    "edit_entry",
    "delete_entry",
    "restore_entry",
    "list_trash",
    "remove_entry",
    "entry_history",
    "take_back",
    "move_entry",
    "scan_screen",
    "open_picture",
    "propose_key",
    "candidate_code",
    "paste",
    "add_candidates",
    "delete_pictures",
    "discard_reading",
    "camera_start",
    "camera_look",
    "camera_preview",
    "camera_stop",
    "frame",
    "frame_pixels",
    "pick_code",
    "pick_all",
    "pick_region",
    "cancel_scan",
];

fn main() -> io::Result<()> {
    // A fresh clone has no built view, and the context macro fails without its folder.
    let view = Path::new("ui/dist");
    fs::create_dir_all(view)?;
    for page in ["index.html", "overlay.html"] {
        if !view.join(page).exists() {
            fs::write(view.join(page), "<!doctype html><p>cargo xtask run builds the view.</p>")?;
        }
    }
    println!("cargo:rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    tauri_build::try_build(attributes).map_err(|error| io::Error::other(format!("{error:#}")))
}
