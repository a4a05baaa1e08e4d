//! Every IPC command against a real session, through Tauri's mock runtime and the real capability list.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../../crates/session/tests/support/mod.rs"]
mod support;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use support::{PASSWORD, SECRET, Shot, URI, World, password};
use tauri::{
    WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};
use warifu_session::{Scan, Session, reading::read_payload};
use warifu_shell::Shell;

/// The app with its windows, on the mock runtime.
struct App {
    _app: tauri::App<MockRuntime>,
    main: WebviewWindow<MockRuntime>,
    overlay: WebviewWindow<MockRuntime>,
}

impl App {
    fn new(session: Session) -> App {
        let shell = Shell::new(session, warifu_ipc::views::Language::Ja);
        let app = warifu_shell::build(mock_builder(), shell).build(tauri::generate_context!(test = true)).unwrap();
        let window = |label: &str| WebviewWindowBuilder::new(&app, label, WebviewUrl::default()).build().unwrap();
        let (main, overlay) = (window("main"), window("overlay-0"));
        App { _app: app, main, overlay }
    }

    /// Calls as the main window does.
    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        answer(&self.main, command, arguments)
    }

    fn ok(&self, command: &str, arguments: Value) -> Value {
        self.call(command, arguments).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn error_code(&self, command: &str, arguments: Value) -> String {
        self.call(command, arguments).unwrap_err()["code"].as_str().unwrap_or("not an error of ours").to_owned()
    }
}

fn answer(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    static CALLS: AtomicU32 = AtomicU32::new(1);
    let call = CALLS.fetch_add(2, Ordering::Relaxed);
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(call),
        error: CallbackFn(call + 1),
        url: "tauri://localhost".parse().unwrap(),
        body: arguments.into(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| match body {
        InvokeResponseBody::Json(text) => serde_json::from_str(&text).unwrap(),
        InvokeResponseBody::Raw(bytes) => json!({ "raw": bytes.len() }),
    })
}

fn with_an_entry() -> (World, App, String) {
    let world = World::new();
    let mut session = world.open_session();
    let mut unlocked = session.unlocked().unwrap();
    unlocked.propose(read_payload(URI));
    let candidate = unlocked.candidates().next().unwrap().0;
    let id = support::add_one(&mut unlocked, candidate, "KOSMO Web", "12345678", false).unwrap().to_string();
    let app = App::new(session);
    (world, app, id)
}

fn key_request(text: &str) -> Value {
    json!({ "request": {
        "text": text, "issuer": "Site", "account": "me", "kind": "totp", "algorithm": "SHA1", "digits": 6, "period": 30,
        "counter": "0",
    }})
}

/// Every command with arguments it would accept.
fn every_command(entry: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("app_state", json!({})),
        ("set_appearance", json!({ "request": { "language": "ja", "theme": "dark" } })),
        ("set_lock_after", json!({ "request": { "minutes": 5 } })),
        ("rate_password", json!({ "password": SECRET })),
        ("create_vault", json!({ "password": PASSWORD, "hint": "" })),
        ("unlock", json!({ "password": "wrong" })),
        ("quick_unlock", json!({})),
        ("recover", json!({ "key": "AAAAA", "replacement": PASSWORD, "hint": "" })),
        ("check_recovery_key", json!({ "text": "AAAA" })),
        ("cancel_unlock", json!({})),
        ("lock", json!({})),
        ("report_activity", json!({})),
        ("resolve_rollback", json!({ "how": "keep" })),
        ("dismiss_notice", json!({ "code": "vault_merged" })),
        ("security", json!({})),
        ("change_password", json!({ "current": "wrong", "replacement": PASSWORD, "hint": "", "oldBackups": "rewrap" })),
        ("set_hint", json!({ "hint": "a bird", "password": "wrong" })),
        ("begin_recovery_key", json!({ "password": "wrong" })),
        ("confirm_recovery_key", json!({ "groups": ["AAAAA", "BBBBB"] })),
        ("cancel_recovery_key", json!({})),
        ("remove_recovery_key", json!({ "password": "wrong" })),
        ("set_quick_unlock", json!({ "on": true, "password": "wrong" })),
        ("remove_other_keyrings", json!({ "password": "wrong" })),
        ("rehearse", json!({ "password": "wrong" })),
        ("list_backups", json!({})),
        ("restore_backup", json!({ "place": "beside", "name": "../../etc/passwd", "password": PASSWORD })),
        ("restore_drill", json!({ "password": "wrong" })),
        ("choose_second_folder", json!({})),
        ("clear_second_folder", json!({})),
        ("choose_backup_file", json!({})),
        ("take_over_file", json!({ "password": "wrong", "aside": false })),
        ("take_over_file_recovered", json!({ "key": "AAAAA", "replacement": PASSWORD, "hint": "", "aside": false })),
        ("begin_anew", json!({})),
        ("list_entries", json!({ "query": "" })),
        ("current_codes", json!({})),
        ("next_code", json!({ "entry": entry })),
        ("copy_code", json!({ "entry": entry })),
        ("edit_entry", json!({ "request": { "entry": entry, "issuer": "a", "account": "b" } })),
        ("delete_entry", json!({ "entry": entry })),
        ("restore_entry", json!({ "entry": entry })),
        ("list_trash", json!({})),
        ("remove_entry", json!({ "entry": entry })),
        ("entry_history", json!({ "entry": entry })),
        ("take_back", json!({ "entry": entry, "index": 0 })),
        ("move_entry", json!({ "request": { "entry": entry, "to": 0 } })),
        ("scan_screen", json!({})),
        ("open_picture", json!({})),
        ("propose_key", key_request(SECRET)),
        ("candidate_code", json!({ "candidate": "1-0" })),
        ("paste", json!({})),
        (
            "add_candidates",
            json!({ "requests": [{ "candidate": "1-0", "issuer": "a", "account": "b", "even_if_present": true, "replaces": null }] }),
        ),
        ("delete_pictures", json!({ "pictures": ["1"] })),
        ("discard_reading", json!({ "number": 1 })),
        ("camera_start", json!({})),
        ("camera_look", json!({})),
        ("camera_preview", json!({})),
        ("camera_stop", json!({})),
    ]
}

fn every_overlay_command() -> Vec<(&'static str, Value)> {
    vec![
        ("frame", json!({})),
        ("frame_pixels", json!({})),
        ("pick_code", json!({ "index": 0 })),
        ("pick_all", json!({})),
        ("pick_region", json!({ "request": { "x": 0, "y": 0, "width": 10, "height": 10 } })),
        ("cancel_scan", json!({})),
    ]
}

/// What must be answered while locked: where the program stands, its look, and the way in.
const OPEN_WHILE_LOCKED: [&str; 16] = [
    "app_state",
    "set_appearance",
    "rate_password",
    "create_vault",
    "unlock",
    "quick_unlock",
    "recover",
    "check_recovery_key",
    "cancel_unlock",
    "lock",
    "list_backups",
    "restore_backup",
    "choose_backup_file",
    "take_over_file",
    "take_over_file_recovered",
    "begin_anew",
];

#[test]
fn every_command_of_the_build_script_is_tested() {
    let declared = include_str!("../../src-tauri/build.rs");
    let declared = declared.split("const COMMANDS").nth(1).unwrap().split("];").next().unwrap();
    let mut declared: Vec<&str> = declared.split('"').skip(1).step_by(2).collect();
    let mut tested: Vec<&str> =
        every_command("").iter().chain(&every_overlay_command()).map(|(command, _)| *command).collect();
    declared.sort_unstable();
    tested.sort_unstable();
    assert_eq!(declared, tested);
}

#[test]
fn locked_every_command_answers_locked() {
    let (world, app, id) = with_an_entry();
    app.ok("lock", json!({}));
    let before = world.file.lock().unwrap().clone();
    let mut answered = 0;
    for (command, arguments) in every_command(&id) {
        if !OPEN_WHILE_LOCKED.contains(&command) {
            assert_eq!(app.error_code(command, arguments), "locked", "{command}");
            answered += 1;
        }
    }
    for (command, arguments) in every_overlay_command() {
        let error = answer(&app.overlay, command, arguments).unwrap_err();
        assert_eq!(error["code"], "locked", "{command}: {error}");
        answered += 1;
    }
    assert_eq!(app.error_code("create_vault", json!({ "password": "other", "hint": "" })), "vault_exists");
    assert_eq!(app.error_code("unlock", json!({ "password": "wrong" })), "wrong_password");
    assert_eq!(app.error_code("quick_unlock", json!({})), "quick_unlock_off");
    let recover = json!({ "key": "AAAAA", "replacement": PASSWORD, "hint": "" });
    assert!(app.error_code("recover", recover).starts_with("recovery_key_"));
    let backups = app.ok("list_backups", json!({}));
    let newest = &backups["backups"][0];
    assert_eq!((&newest["accounts"], &newest["state"]), (&Value::Null, &json!("intact")), "nothing is opened");
    let restore = json!({ "place": "beside", "name": newest["name"], "password": "wrong" });
    assert_eq!(app.error_code("restore_backup", restore), "backup_wrong_password");
    let take_over = json!({ "password": "wrong", "aside": false });
    assert_eq!(app.error_code("take_over_file", take_over), "no_file_chosen");
    assert_eq!(app.ok("app_state", json!({}))["phase"]["name"], "locked");
    assert_eq!(*world.file.lock().unwrap(), before);
    assert_eq!(answered, every_command("").len() - OPEN_WHILE_LOCKED.len() + every_overlay_command().len());
}

#[test]
fn no_answer_carries_a_secret_or_a_password() {
    let (world, app, id) = with_an_entry();
    let raw = warifu_session::otp::SharedSecret::parse_base32(SECRET).unwrap();
    let hex: String = raw.expose_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let canaries = [SECRET.to_owned(), SECRET.to_lowercase(), hex, PASSWORD.to_owned()];
    // Typing an existing key again is the one moment at which a secret has just come in.
    let mut calls = vec![("propose_key", key_request(SECRET)), ("propose_key", key_request(URI))];
    calls.extend(every_command(&id).into_iter().filter(|(command, _)| {
        // These wait for a person at a real window; the journeys look at them.
        !["scan_screen", "open_picture", "choose_second_folder", "lock"].contains(command)
    }));
    calls.extend([("lock", json!({})), ("unlock", json!({ "password": PASSWORD }))]);
    for (command, arguments) in calls {
        let text = match app.call(command, arguments) {
            Ok(answer) => answer.to_string(),
            Err(error) => error.to_string(),
        };
        for canary in &canaries {
            assert!(!text.contains(canary.as_str()), "{command} tells {canary}");
        }
    }
    assert!(!world.settings.lock().unwrap().clone().unwrap_or_default().contains(SECRET));
}

#[test]
fn each_window_calls_only_what_it_was_granted() {
    let (_world, app, id) = with_an_entry();
    for (command, arguments) in every_command(&id) {
        let error = answer(&app.overlay, command, arguments).unwrap_err();
        assert!(error.as_str().is_some_and(|text| text.contains("not allowed")), "overlay, {command}: {error}");
    }
    for (command, arguments) in every_overlay_command() {
        let error = app.call(command, arguments).unwrap_err();
        assert!(error.as_str().is_some_and(|text| text.contains("not allowed")), "main, {command}: {error}");
    }
    for command in ["plugin:dialog|open", "plugin:event|emit", "plugin:window|create", "plugin:path|resolve_directory"]
    {
        let error = app.call(command, json!({})).unwrap_err();
        assert!(error.is_string(), "{command}: {error}");
    }
}

#[test]
fn from_first_start_to_tomorrow() {
    let world = World::new();
    let app = App::new(world.session());
    assert_eq!(app.ok("app_state", json!({}))["phase"]["name"], "first_start");
    assert!(app.ok("rate_password", json!({ "password": PASSWORD }))["score"].as_u64().unwrap() >= 3);
    assert_eq!(app.ok("create_vault", json!({ "password": PASSWORD, "hint": "" }))["phase"]["name"], "unlocked");

    let reading = app.ok("propose_key", key_request(URI));
    assert_eq!(reading["candidates"][0]["issuer"], "KOSMO Web");
    assert_eq!(reading["candidates"][0]["present_as"], Value::Null);
    let preview = app.ok("candidate_code", json!({ "candidate": "1-0" }));
    let add = json!({ "requests": [{
        "candidate": "1-0", "issuer": "KOSMO Web", "account": "12345678", "even_if_present": false, "replaces": null }] });
    let added = app.ok("add_candidates", add.clone());
    let id = added["entries"][0].as_str().unwrap().to_owned();
    let counts = ["added", "replaced", "saved", "total"].map(|count| added[count].as_u64().unwrap());
    assert_eq!(counts, [1, 0, 1, 1]);
    assert_eq!((&added["pictures"], &added["clipboard_cleared"]), (&json!([]), &json!(false)));
    assert_eq!(app.error_code("add_candidates", add), "no_such_candidate", "the reading is over");
    let again = app.ok("propose_key", key_request(URI));
    assert_eq!(again["candidates"][0]["present_as"]["id"], id.as_str());
    let add = json!({ "requests": [{
        "candidate": "2-0", "issuer": "KOSMO Web", "account": "12345678", "even_if_present": false, "replaces": null }] });
    assert_eq!(app.error_code("add_candidates", add), "already_present");
    let other = app.ok("propose_key", key_request(&format!("{URI}&digits=8")));
    let standing = &other["candidates"][0];
    assert_eq!((&standing["present_as"], &standing["same_secret"]["id"]), (&Value::Null, &json!(id)));
    app.ok("discard_reading", json!({ "number": 3 }));

    let codes = app.ok("current_codes", json!({}));
    assert_eq!(codes["codes"][0]["code"], preview["code"]);
    let copied = app.ok("copy_code", json!({ "entry": id }));
    assert_eq!(copied["code"]["code"], preview["code"]);
    assert_eq!(world.clipboard.lock().unwrap().as_deref(), preview["code"].as_str());

    app.ok("edit_entry", json!({ "request": { "entry": id, "issuer": "健保", "account": "花子" } }));
    app.ok("delete_entry", json!({ "entry": id }));
    assert_eq!(app.ok("list_entries", json!({ "query": "" }))["total"], 0);
    app.ok("restore_entry", json!({ "entry": id }));
    app.ok("move_entry", json!({ "request": { "entry": id, "to": 0 } }));
    let change = json!({ "current": PASSWORD, "replacement": "yuyake-koyake-7", "hint": "", "oldBackups": "rewrap" });
    assert!(app.ok("change_password", change)["rewrapped"].as_u64().unwrap() > 0);
    assert_eq!(app.ok("set_lock_after", json!({ "request": { "minutes": 3 } }))["lock_after_minutes"], 3);
    app.ok("report_activity", json!({}));
    assert_eq!(app.ok("lock", json!({}))["phase"]["name"], "locked");

    let tomorrow = App::new(world.session());
    assert_eq!(tomorrow.error_code("unlock", json!({ "password": PASSWORD })), "wrong_password");
    tomorrow.ok("unlock", json!({ "password": "yuyake-koyake-7" }));
    let list = tomorrow.ok("list_entries", json!({ "query": "ハナコ 健保" }));
    assert_eq!(list["entries"], json!([]), "kanji are not read as kana");
    let list = tomorrow.ok("list_entries", json!({ "query": "健保" }));
    assert_eq!((&list["entries"][0]["account"], &list["total"]), (&json!("花子"), &json!(1)));
}

#[test]
fn a_recovery_key_is_the_one_key_that_is_shown_and_opens_the_vault() {
    let world = World::new();
    let app = App::new(world.session());
    app.ok("create_vault", json!({ "password": PASSWORD, "hint": "" }));
    let shown = app.ok("begin_recovery_key", json!({ "password": null }));
    let groups: Vec<&str> = shown["groups"].as_array().unwrap().iter().map(|group| group.as_str().unwrap()).collect();
    let asked: Vec<&str> =
        shown["ask"].as_array().unwrap().iter().map(|ask| groups[ask.as_u64().unwrap() as usize - 1]).collect();
    assert_eq!(app.ok("confirm_recovery_key", json!({ "groups": asked }))["has_recovery_key"], true);
    app.ok("lock", json!({}));
    let typed = app.ok("check_recovery_key", json!({ "text": groups.join("") }));
    assert_eq!((&typed["complete"], &typed["groups_right"]), (&json!(true), &json!(8)));
    let recover = json!({ "key": groups.join(" "), "replacement": "yuyake-koyake-7", "hint": "" });
    assert_eq!(app.ok("recover", recover)["phase"]["name"], "unlocked");
    app.ok("lock", json!({}));
    app.ok("unlock", json!({ "password": "yuyake-koyake-7" }));
}

#[test]
fn a_vault_left_behind_makes_room_for_a_first_start_and_an_open_one_is_not_left() {
    let (world, app, _) = with_an_entry();
    assert_eq!(app.error_code("begin_anew", json!({})), "not_locked");
    assert_eq!(app.error_code("choose_backup_file", json!({})), "not_locked");
    app.ok("lock", json!({}));
    let before = world.file.lock().unwrap().clone().unwrap();
    let begun = app.ok("begin_anew", json!({}));
    assert_eq!((&begun["app"]["phase"]["name"], &begun["kept"]), (&json!("first_start"), &json!("set aside")));
    assert_eq!(*world.copies.lock().unwrap(), [before]);
    assert_eq!(app.ok("list_backups", json!({}))["backups"], json!([]));
    app.ok("create_vault", json!({ "password": "yuyake-koyake-7", "hint": "" }));
    assert_eq!(app.ok("list_entries", json!({ "query": "" }))["total"], 0);
    assert_eq!(app.ok("list_backups", json!({}))["backups"].as_array().unwrap().len(), 1, "its own alone");
}

#[test]
fn a_deleted_account_is_in_the_trash_and_an_earlier_name_in_its_history() {
    let (_world, app, id) = with_an_entry();
    app.ok("edit_entry", json!({ "request": { "entry": id, "issuer": "健保", "account": "花子" } }));
    let history = app.ok("entry_history", json!({ "entry": id }));
    let earlier = &history["items"][0];
    assert_eq!((&earlier["account"], &earlier["other_key"]), (&json!("12345678"), &json!(false)));
    assert_eq!(app.ok("take_back", json!({ "entry": id, "index": 0 }))["account"], "12345678");
    app.ok("delete_entry", json!({ "entry": id }));
    let trash = app.ok("list_trash", json!({}));
    assert_eq!((&trash["entries"][0]["entry"]["id"], &trash["entries"][0]["days_left"]), (&json!(id), &json!(30)));
    app.ok("remove_entry", json!({ "entry": id }));
    assert_eq!(app.error_code("restore_entry", json!({ "entry": id })), "no_such_entry");
}

#[test]
fn giving_up_an_unlocking_leaves_the_vault_locked() {
    let (_world, app, _) = with_an_entry();
    app.ok("lock", json!({}));
    app.ok("cancel_unlock", json!({}));
    assert_eq!(app.ok("app_state", json!({}))["phase"]["name"], "locked");
    app.ok("unlock", json!({ "password": PASSWORD }));
}

#[test]
fn a_counter_based_code_is_shown_after_it_is_saved() {
    let world = World::new();
    let app = App::new(world.open_session());
    app.ok("propose_key", key_request("otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0"));
    assert_eq!(app.ok("candidate_code", json!({ "candidate": "1-0" })), Value::Null);
    let add = json!({ "requests": [{ "candidate": "1-0", "issuer": "", "account": "a", "even_if_present": false, "replaces": null }] });
    let id = app.ok("add_candidates", add)["entries"][0].clone();
    let before = world.file.lock().unwrap().clone();
    let code = app.ok("next_code", json!({ "entry": id }));
    assert_eq!((&code["code"], &code["valid_until"]), (&json!("755224"), &Value::Null), "RFC 4226");
    assert_ne!(*world.file.lock().unwrap(), before);
    assert_eq!(app.ok("current_codes", json!({}))["codes"], json!([]));
}

#[test]
fn a_pasted_file_is_added_and_then_deleted_by_the_number_it_was_given() {
    let world = World::new();
    let path = PathBuf::from("/pictures/screenshot.png");
    let picture = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/qr/two-codes.png")).unwrap();
    world.pictures.lock().unwrap().insert(path.clone(), picture);
    *world.clipboard_files.lock().unwrap() = vec![path, PathBuf::from("/pictures/gone.png")];
    let app = App::new(world.open_session());
    let reading = app.ok("paste", json!({}));
    assert_eq!((&reading["source"], &reading["exports"]), (&json!("clipboard"), &json!([])));
    let refusals: Vec<_> =
        reading["refusals"].as_array().unwrap().iter().map(|one| (&one["error"]["code"], &one["name"])).collect();
    let expected =
        [(json!("code_is_web_link"), json!("screenshot.png")), (json!("file_unreadable"), json!("gone.png"))];
    assert_eq!(refusals, expected.iter().map(|(code, name)| (code, name)).collect::<Vec<_>>());
    let candidate = &reading["candidates"][0];
    assert_eq!((&candidate["export"], &candidate["same_key_as"]), (&Value::Null, &Value::Null));

    let added = app.ok("add_candidates", add_request(candidate["id"].as_str().unwrap(), "yamada"));
    let picture = &added["pictures"][0];
    assert_eq!((&picture["name"], &picture["folder"]), (&json!("screenshot.png"), &json!("/pictures")));
    assert_eq!(added["clipboard_cleared"], false, "there are only the names of files on it");

    for nonsense in ["", "-1", "/pictures/screenshot.png", "7", "99999999999999999999"] {
        let outcome = app.ok("delete_pictures", json!({ "pictures": [nonsense] }));
        assert_eq!(outcome["kept"][0]["error"]["code"], "no_such_picture", "{nonsense}");
    }
    let outcome = app.ok("delete_pictures", json!({ "pictures": [picture["id"]] }));
    assert_eq!(outcome, json!({ "deleted": ["screenshot.png"], "kept": [] }));
    assert!(world.pictures.lock().unwrap().is_empty());
}

#[test]
fn pasted_text_leaves_the_clipboard_once_it_is_added() {
    let world = World::new();
    let app = App::new(world.open_session());
    assert_eq!(app.error_code("paste", json!({})), "clipboard_empty");
    *world.clipboard.lock().unwrap() = Some("warifucanary secret234567 abcdefgh".to_owned());
    let refused = app.ok("paste", json!({}));
    assert_eq!(refused["refusals"][0]["error"]["code"], "text_is_no_key", "uneven groups are words");
    *world.clipboard.lock().unwrap() = Some(SECRET.to_owned());
    let reading = app.ok("paste", json!({}));
    let candidate = &reading["candidates"][0];
    assert_eq!((&candidate["issuer"], &candidate["account"]), (&Value::Null, &json!("")), "a key has no name");
    let added = app.ok("add_candidates", add_request(candidate["id"].as_str().unwrap(), "me"));
    assert_eq!((&added["clipboard_cleared"], &added["saved"]), (&json!(true), &json!(1)));
    assert_eq!(*world.clipboard.lock().unwrap(), None);
}

#[test]
fn a_damaged_line_fills_a_form_and_its_key_stays_behind() {
    let world = World::new();
    let app = App::new(world.open_session());
    let line = format!("otpauth://totp/KOSMO:hanako?secret={SECRET}1&issuer=KOSMO&algorithm=SHA256&period=60");
    *world.clipboard.lock().unwrap() = Some(line);
    let reading = app.ok("paste", json!({}));
    assert!(!reading.to_string().contains(&SECRET[..8]), "{reading}");
    let refusal = &reading["refusals"][0];
    assert_eq!(refusal["error"]["code"], "secret_illegal_character");
    let form = json!({
        "issuer": "KOSMO", "account": "hanako", "kind": "totp", "algorithm": "SHA256", "digits": 6, "period": 60, "counter": "0" });
    assert_eq!(refusal["form"], form);
}

#[test]
fn an_export_is_told_part_by_part() {
    let world = World::new();
    let app = App::new(world.open_session());
    let lines = include_str!("../fixtures/exports/google_migration/three_parts.txt");
    let lines: Vec<&str> = lines.lines().collect();
    let shape = |reading: &Value| reading["exports"][0].clone();
    let reading = app.ok("propose_key", key_request(lines[2]));
    assert_eq!(shape(&reading), json!({ "parts": 3, "have": [3], "missing": [1, 2], "accounts": 1, "numbered": true }));
    *world.clipboard.lock().unwrap() = Some(lines[0].to_owned());
    let reading = app.ok("paste", json!({}));
    assert_eq!(shape(&reading), json!({ "parts": 3, "have": [1, 3], "missing": [2], "accounts": 3, "numbered": true }));
    assert_eq!((&reading["number"], &reading["source"]), (&json!(1), &json!("clipboard")));
    let exports: Vec<&Value> =
        reading["candidates"].as_array().unwrap().iter().map(|candidate| &candidate["export"]).collect();
    assert_eq!(exports, [&json!(0); 3]);
    app.ok("discard_reading", json!({ "number": 1 }));
    assert_eq!(shape(&app.ok("paste", json!({})))["have"], json!([1]));
}

fn add_request(candidate: &str, account: &str) -> Value {
    json!({ "requests": [{
        "candidate": candidate, "issuer": "Site", "account": account, "even_if_present": false, "replaces": null }] })
}

#[test]
fn all_codes_of_the_frozen_screen_are_one_reading() {
    let world = World::new();
    let fixture =
        |name: &str| std::fs::read(format!("{}/tests/fixtures/qr/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    // The same account on two monitors is one.
    let screens = ["two-codes.png", "totp.png", "no-code.png", "migration.png"];
    *world.screens.lock().unwrap() = screens.map(fixture).to_vec();
    let mut session = world.open_session();
    session.unlocked().unwrap().begin_scan(Scan::freeze(&world).unwrap());
    let app = App::new(session);
    answer(&app.overlay, "pick_all", json!({})).unwrap();
    assert_eq!(answer(&app.overlay, "pick_all", json!({})).unwrap_err()["code"], "no_frame", "it is dropped at once");
    assert!(app.call("candidate_code", json!({ "candidate": "1-1" })).unwrap()["code"].is_string());
}

#[test]
fn a_code_before_the_camera_is_a_reading_and_the_page_sees_the_frames_without_one() {
    let world = World::new();
    let fixture =
        |name: &str| std::fs::read(format!("{}/tests/fixtures/qr/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    *world.camera.lock().unwrap() = ["no-code.png", "totp.png", "no-code.png"].map(fixture).map(Shot::Shows).into();
    let app = App::new(world.open_session());
    assert_eq!(app.error_code("camera_look", json!({})), "camera_stopped", "it is off until somebody switches it on");
    let camera = json!({ "name": "Camera of memory", "width": 800, "height": 400 });
    assert_eq!(app.ok("camera_start", json!({})), camera);
    let look = app.ok("camera_look", json!({}));
    assert_eq!(look["reading"], Value::Null);
    let bytes = look["width"].as_u64().unwrap() * look["height"].as_u64().unwrap() * 4;
    assert_eq!(app.ok("camera_preview", json!({}))["raw"], bytes);
    assert_eq!(app.error_code("camera_preview", json!({})), "camera_stopped", "a frame is shown once");
    let reading = &app.ok("camera_look", json!({}))["reading"];
    assert_eq!((&reading["source"], reading["candidates"].as_array().unwrap().len()), (&json!("camera"), 1));
    assert_eq!(app.error_code("camera_preview", json!({})), "camera_stopped");
    app.ok("camera_start", json!({}));
    app.ok("camera_stop", json!({}));
    assert_eq!(app.error_code("camera_look", json!({})), "camera_stopped");
}

#[test]
fn an_overlay_sees_only_the_frozen_screen() {
    let world = World::new();
    let picture = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/qr/two-codes.png")).unwrap();
    *world.screens.lock().unwrap() = vec![picture];
    let mut session = world.open_session();
    session.unlocked().unwrap().begin_scan(Scan::freeze(&world).unwrap());
    let app = App::new(session);

    let frame = answer(&app.overlay, "frame", json!({})).unwrap();
    let forms: Vec<&Value> = frame["codes"].as_array().unwrap().iter().map(|code| &code["form"]).collect();
    assert_eq!(forms, [&json!(false); 2]);
    assert_eq!((frame["codes"].as_array().unwrap().len(), &frame["primary"]), (2, &json!(true)));
    assert_eq!(frame["language"], "ja");
    let bytes = frame["width"].as_u64().unwrap() * frame["height"].as_u64().unwrap() * 4;
    assert_eq!(answer(&app.overlay, "frame_pixels", json!({})).unwrap()["raw"], bytes);
    let region = json!({ "request": { "x": 0, "y": 0, "width": 4294967295u32, "height": 1 } });
    assert_eq!(answer(&app.overlay, "pick_region", region).unwrap()["found"], false);
    answer(&app.overlay, "pick_code", json!({ "index": 1 })).unwrap();
    assert_eq!(answer(&app.overlay, "frame", json!({})).unwrap_err()["code"], "no_frame", "it is dropped at once");
}

#[test]
fn a_damaged_code_of_the_frozen_screen_can_be_taken_for_its_form() {
    let world = World::new();
    let picture = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/qr/illegal-secret.png")).unwrap();
    *world.screens.lock().unwrap() = vec![picture];
    let mut session = world.open_session();
    session.unlocked().unwrap().begin_scan(Scan::freeze(&world).unwrap());
    let app = App::new(session);
    let code = answer(&app.overlay, "frame", json!({})).unwrap()["codes"][0].clone();
    assert_eq!((&code["error"]["code"], &code["form"]), (&json!("secret_illegal_character"), &json!(true)));
}

#[test]
fn nonsense_from_a_page_is_an_error_and_not_a_panic() {
    let (_world, app, _) = with_an_entry();
    for entry in ["", "x", "00000000000000000000000000000000", "../../etc/passwd", "💥"] {
        assert_eq!(app.error_code("copy_code", json!({ "entry": entry })), "no_such_entry", "{entry}");
    }
    for candidate in ["", "-", "1", "1-1", "2-0", "4294967296-0", "-1-0"] {
        assert_eq!(app.error_code("candidate_code", json!({ "candidate": candidate })), "no_such_candidate");
    }
    for (command, arguments) in every_command("x") {
        // A recovery key needs no password right after the vault was made; and that is what happened here.
        if arguments != json!({}) && command != "begin_recovery_key" {
            assert!(app.call(command, json!({})).is_err(), "{command} without its arguments");
        }
    }
    let _ = password(PASSWORD);
}
