//! `merge`, `backups` and `restore`.

use std::fs;

use crate::support::{PASSWORD, Place, RFC_URI};

const GITHUB: &str = "otpauth://totp/GitHub:taro?secret=JBSWY3DPEHPK3PXP";
const THIRD: &str = "otpauth://totp/Midori:jiro?secret=MFRGGZDFMZTWQ2LK";

fn issuers(place: &Place) -> Vec<String> {
    let list = place.call(&["list", "--json"]).done().json();
    let mut issuers: Vec<String> =
        list.as_array().unwrap().iter().map(|entry| entry["issuer"].as_str().unwrap().to_owned()).collect();
    issuers.sort();
    issuers
}

#[test]
fn two_copies_that_both_changed_are_brought_together() {
    let here = Place::with(&[RFC_URI]);
    let there = Place::empty();
    fs::copy(&here.vault, &there.vault).unwrap();
    here.call(&["add", "--uri", GITHUB]).done();
    there.call(&["add", "--uri", THIRD]).done();
    let (before, copy) = (there.bytes(), there.vault.to_str().unwrap());

    let merged = here.call(&["merge", copy, "--json"]).done().json();
    assert_eq!((merged["added"].as_u64(), merged["conflicts"].as_array().unwrap().len()), (Some(1), 0));
    assert_eq!(issuers(&here), ["GitHub", "Midori", "Portal"]);
    assert_eq!(there.bytes(), before, "the copy is only read");
    let again = here.call(&["merge", copy, "--json"]).done().json();
    assert_eq!(again["added"].as_u64(), Some(0), "once is enough");
    // And the other way round both are the same.
    there.call(&["merge", here.vault.to_str().unwrap()]).done();
    assert_eq!(issuers(&there), issuers(&here));
}

#[test]
fn what_is_no_copy_of_this_vault_is_not_merged() {
    let (here, other) = (Place::with(&[RFC_URI]), Place::with(&[GITHUB]));
    let before = here.bytes();
    here.call(&["merge", other.vault.to_str().unwrap(), "--json"]).failed(1, "other_vault");
    here.call(&["merge", "/nowhere", "--json"]).failed(1, "file_unreadable");
    let broken = here.folder.path().join("broken");
    fs::write(&broken, &before[..500]).unwrap();
    here.call(&["merge", broken.to_str().unwrap(), "--json"]).failed(1, "vault_damaged");
    assert_eq!(here.bytes(), before);
}

#[test]
fn each_save_has_a_backup_and_any_of_them_comes_back() {
    let place = Place::with(&[RFC_URI, GITHUB]);
    let backups = place.call(&["backups", "--json"]).done().json();
    let shown: Vec<_> = backups.as_array().unwrap().iter().map(|backup| backup["accounts"].as_u64()).collect();
    assert_eq!(shown, [Some(2), Some(1), Some(0)]);
    assert!(backups.as_array().unwrap().iter().all(|backup| backup["state"] == "verified"));
    assert_eq!(place.call(&["backups"]).done().stdout.lines().count(), 3);

    let name = backups[1]["name"].as_str().unwrap();
    place.call(&["restore", name]).done();
    assert_eq!(issuers(&place), ["Portal"]);
    place.call(&["restore", backups[0]["name"].as_str().unwrap()]).done();
    assert_eq!(issuers(&place), ["GitHub", "Portal"]);
    place.call(&["restore", "no such backup", "--json"]).failed(3, "backup_not_found");
}

#[test]
fn a_lost_or_damaged_vault_comes_back_from_a_backup() {
    for damage in [None, Some("not a vault any more")] {
        let place = Place::with(&[RFC_URI]);
        let newest = place.call(&["backups", "--json"]).done().json()[0]["name"].as_str().unwrap().to_owned();
        match damage {
            None => fs::remove_file(&place.vault).unwrap(),
            Some(text) => fs::write(&place.vault, text).unwrap(),
        }
        let code = if damage.is_none() { "vault_missing" } else { "vault_damaged" };
        place.call(&["list", "--json"]).failed(1, code);
        place.call(&["init", "--json"]).failed(1, code);
        place.call_with(&["restore", &newest, "--json"], "wrong").failed(4, "backup_wrong_password");
        place.call_with(&["restore", &newest], PASSWORD).done();
        assert_eq!(issuers(&place), ["Portal"]);
    }
}

#[test]
fn an_older_copy_in_the_vaults_place_is_said_beside_the_answer() {
    let place = Place::with(&[RFC_URI]);
    let older = place.bytes();
    place.call(&["add", "--uri", GITHUB]).done();
    place.call(&["add", "--uri", THIRD]).done();
    fs::write(&place.vault, older).unwrap();
    let listed = place.call(&["list", "--json"]).done();
    assert_eq!(listed.json().as_array().unwrap().len(), 1);
    assert!(listed.stderr.contains("older"), "{}", listed.stderr);
}

#[test]
fn what_a_call_brought_about_is_said_beside_its_answer_by_every_call_that_saves() {
    let place = Place::with(&[RFC_URI]);
    let older = place.bytes();
    place.call(&["add", "--uri", GITHUB]).done();
    // An older copy in the vault's place: said once, by a call that saves too.
    fs::write(&place.vault, older).unwrap();
    let added = place.call(&["add", "--uri", THIRD, "--json"]).done();
    assert_eq!(added.json()["added"].as_array().unwrap().len(), 1, "{}", added.stdout);
    assert_eq!(added.stderr.matches("vault file is older").count(), 1, "{}", added.stderr);

    // Backups that cannot be made any more come up while it saves.
    let backups = place.folder.path().join("backups");
    fs::remove_dir_all(&backups).unwrap();
    fs::write(&backups, "no folder").unwrap();
    for call in [
        &["add", "--uri", "otpauth://totp/Hoken:hanako?secret=MFRGGZDFMZTWQ2LKMFRGGZDF"][..],
        &["edit", "Portal", "--account", "yamada"],
        &["rm", "Portal"],
    ] {
        let outcome = place.call(call).done();
        assert!(outcome.stderr.contains("backup"), "{call:?}: {}", outcome.stderr);
    }
}

/// The window's settings name it, for the user's own vault.
#[cfg(target_os = "linux")]
#[test]
fn changes_go_to_the_second_folder_too_and_are_taken_for_a_trace_of_the_vault() {
    use std::{path::Path, process::Command};

    use crate::support::{Outcome, run_command};

    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    let settings = at("config/warifu/settings.json");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::create_dir(at("stick")).unwrap();
    let text = format!("{{\"second_backup_folder\": {:?}}}", at("stick"));
    fs::write(&settings, &text).unwrap();
    let call = |args: &[&str], vault: Option<&Path>| -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warifu-cli"));
        command.args(["--password-stdin", "--json"]).args(args);
        vault.map(|vault| command.arg("--vault").arg(vault));
        for (name, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")] {
            command.env(name, at(folder));
        }
        run_command(&mut command, PASSWORD)
    };
    let copies = || fs::read_dir(at("stick")).unwrap().count();

    call(&["init"], Some(&at("other.warifu"))).done();
    assert_eq!(copies(), 0, "another vault is not the one the folder was chosen for");
    call(&["init"], None).done();
    let before = copies();
    assert!(before > 0);
    call(&["add", "--uri", RFC_URI], None).done();
    assert!(copies() > before);
    assert_eq!(fs::read_to_string(&settings).unwrap(), text, "the settings are the window's");

    // All but the second folder is lost.
    fs::remove_dir_all(at("data")).unwrap();
    call(&["init"], None).failed(1, "vault_missing");
    let newest = call(&["backups"], None);
    assert_eq!(newest.exit, 1, "it needs the vault");
}

/// The window would count days from it.
#[test]
fn a_time_of_the_testers_choice_is_not_remembered() {
    use std::process::Command;

    use crate::support::run_command;

    let place = Place::empty();
    let state = place.folder.path().join("state");
    let call = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warifu-cli"));
        command.arg("--vault").arg(&place.vault).arg("--password-stdin").args(args).env("XDG_STATE_HOME", &state);
        run_command(&mut command, PASSWORD).done()
    };
    let remembered = || fs::read_to_string(state.join("warifu/memory.json")).unwrap_or_default();
    call(&["init", "--at", "4102444800"]);
    call(&["add", "--uri", RFC_URI, "--at", "4102444800"]);
    assert_eq!(remembered(), "");
    call(&["list"]);
    let now = remembered();
    assert!(now.contains("password_at") && !now.contains("4102444800"), "{now}");
    call(&["add", "--uri", GITHUB, "--at", "4102444800"]);
    assert_eq!(remembered(), now);
}
