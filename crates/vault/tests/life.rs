//! A vault's life through the public API: created, filled, saved, locked, opened, changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use warifu_otp::{Algorithm, Counter, Digits, Hotp, Label, Otp, SharedSecret, Steam, TimeStep, Totp, UnixTime};
use warifu_vault::{
    ChangePasswordError, Entry, EntryId, KdfParams, LockedVault, Password, SealedVault, UnlockError, UnlockedVault,
    VerifyError,
};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn new_vault() -> UnlockedVault {
    UnlockedVault::create(&password("one"), KdfParams::MINIMUM, NOW).unwrap()
}

fn secret() -> SharedSecret {
    SharedSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap()
}

fn steam(name: &str) -> Entry {
    let label = Label { issuer: None, account_name: name.to_owned() };
    let otp = Otp::Steam(Steam { secret: secret() });
    Entry::new(EntryId::generate().unwrap(), label, None, otp, NOW)
}

fn save(vault: &mut UnlockedVault) -> Vec<u8> {
    let sealed = vault.seal().unwrap();
    let bytes = sealed.bytes().to_vec();
    sealed.verify(&bytes, vault).unwrap();
    vault.mark_saved(sealed);
    bytes
}

fn unlock(bytes: &[u8], text: &str) -> Result<UnlockedVault, UnlockError> {
    let locked = LockedVault::read(bytes).unwrap();
    locked.unlock_with_password(&password(text)).map_err(|(_, error)| error)
}

fn header(bytes: &[u8]) -> serde_json::Value {
    let length = u32::from_be_bytes(bytes[12..16].try_into().unwrap()) as usize;
    serde_json::from_slice(&bytes[16..16 + length]).unwrap()
}

fn names(vault: &UnlockedVault) -> Vec<&str> {
    vault.entries().map(|entry| entry.label.account_name.as_str()).collect()
}

#[test]
fn every_field_of_every_kind_comes_back() {
    let mut vault = new_vault();
    let label = Label { issuer: Some("発行者: \"x\"".to_owned()), account_name: "花子\n\u{202e}".to_owned() };
    let totp = Otp::Totp(Totp {
        secret: SharedSecret::from_bytes(vec![0]).unwrap(),
        algorithm: Algorithm::Sha512,
        digits: Digits::new(10).unwrap(),
        time_step: TimeStep::from_secs(u32::MAX.into()).unwrap(),
    });
    let hotp = Otp::Hotp(Hotp {
        secret: SharedSecret::from_bytes(vec![0xff; 1024]).unwrap(),
        algorithm: Algorithm::Sha256,
        digits: Digits::new(1).unwrap(),
        counter: Counter::new(u64::MAX),
    });
    let far = UnixTime::from_secs(i64::MIN);
    let mut first = Entry::new(EntryId::generate().unwrap(), label.clone(), Some("other".into()), totp, far);
    first.modified_at = UnixTime::from_secs(i64::MAX);
    first.deleted_at = Some(NOW);
    let second = Entry::new(EntryId::generate().unwrap(), Label::default(), None, hotp, NOW);
    let ids = [first.id, second.id];
    vault.push(first);
    vault.push(second);

    let vault = unlock(&save(&mut vault), "one").unwrap();
    assert_eq!(vault.entries().map(|entry| entry.id).collect::<Vec<_>>(), ids);
    let first = vault.entry(ids[0]).unwrap();
    assert_eq!((&first.label, first.issuer_in_label.as_deref()), (&label, Some("other")));
    assert_eq!((first.created_at, first.modified_at), (far, UnixTime::from_secs(i64::MAX)));
    assert_eq!((first.deleted_at, first.is_deleted()), (Some(NOW), true));
    assert_eq!(*first.otp.secret().expose_bytes(), [0]);
    assert_eq!((first.otp.algorithm(), first.otp.digits().get()), (Algorithm::Sha512, 10));
    assert_eq!(first.otp.time_step().unwrap().as_secs(), u64::from(u32::MAX));
    let second = vault.entry(ids[1]).unwrap();
    assert_eq!((&second.label, &second.issuer_in_label), (&Label::default(), &None));
    assert_eq!(*second.otp.secret().expose_bytes(), [0xff; 1024]);
    assert_eq!((second.otp.algorithm(), second.otp.digits().get()), (Algorithm::Sha256, 1));
    assert_eq!(second.otp.counter(), Some(Counter::new(u64::MAX)));
    assert_eq!((second.created_at, second.modified_at, second.deleted_at), (NOW, NOW, None));
}

#[test]
fn a_wrong_password_gives_the_locked_vault_back_for_another_try() {
    let bytes = save(&mut new_vault());
    let locked = LockedVault::read(&bytes).unwrap();
    let (locked, error) = locked.unlock_with_password(&password("two")).unwrap_err();
    assert_eq!(error, UnlockError::WrongPassword);
    let (locked, _) = locked.unlock_with_password(&password("one ")).unwrap_err();
    assert!(locked.unlock_with_password(&password("one")).is_ok());
}

#[test]
fn a_password_opens_the_vault_however_it_is_typed() {
    let mut vault = UnlockedVault::create(&password("パスワード１é"), KdfParams::MINIMUM, NOW).unwrap();
    let bytes = save(&mut vault);
    for typed in ["パスワード１é", "パスワード1é", "ﾊﾟｽﾜｰﾄﾞ1é", "ハ\u{309a}スワート\u{3099}1e\u{301}"]
    {
        assert!(unlock(&bytes, typed).is_ok(), "{typed}");
    }
    assert_eq!(unlock(&bytes, "ハスワード1é").err(), Some(UnlockError::WrongPassword));
}

#[test]
fn each_save_counts_one_up_names_the_one_before_and_shares_no_bytes() {
    let mut vault = new_vault();
    assert_eq!((vault.revision(), vault.file_digest(), vault.previous()), (0, None, None));
    let (mut before, mut fresh) = (None, std::collections::HashSet::new());
    for revision in 1..=5 {
        let bytes = save(&mut vault);
        let locked = LockedVault::read(&bytes).unwrap();
        assert_eq!((locked.revision(), locked.previous()), (revision, before));
        assert_eq!((vault.revision(), vault.previous()), (revision, before));
        assert_eq!(vault.file_digest(), Some(locked.file_digest()));
        assert_eq!(vault.vault_id(), locked.vault_id());
        before = vault.file_digest();
        for name in ["salt", "nonce", "commitment"] {
            fresh.insert(header(&bytes)[name].to_string());
        }
        fresh.insert(format!("{:?}", &bytes[bytes.len() - 4096..]));
        vault = locked.unlock_with_password(&password("one")).unwrap();
    }
    assert_eq!(fresh.len(), 5 * 4, "the same contents never look the same");
}

#[test]
fn a_slot_wrapped_anew_has_a_salt_and_a_nonce_of_its_own() {
    let mut vault = new_vault();
    let mut fresh = std::collections::HashSet::new();
    for _ in 0..3 {
        let slot = &header(&save(&mut vault))["slots"][0];
        for value in [&slot["kdf"]["salt"], &slot["nonce"], &slot["wrapped_key"]] {
            fresh.insert(value.to_string());
        }
        let same = password("one");
        vault.change_password(&same, &same, KdfParams::MINIMUM, NOW).unwrap();
    }
    assert_eq!(fresh.len(), 3 * 3);
}

#[test]
fn a_save_that_was_not_kept_does_not_count() {
    let mut vault = new_vault();
    save(&mut vault);
    let before = vault.file_digest();
    drop(vault.seal().unwrap());
    assert_eq!((vault.revision(), vault.file_digest()), (1, before));
    assert_eq!(vault.seal().unwrap().revision(), 2);
}

#[test]
fn read_back_verification_sees_what_the_disk_did() {
    let mut vault = new_vault();
    vault.push(steam("a"));
    let (sealed, other): (SealedVault, SealedVault) = (vault.seal().unwrap(), vault.seal().unwrap());
    let good = sealed.bytes();
    assert_eq!(sealed.verify(good, &vault), Ok(()));
    assert_eq!(sealed.verify(other.bytes(), &vault), Err(VerifyError::OtherFile));
    assert!(matches!(sealed.verify(&good[..good.len() - 1], &vault), Err(VerifyError::Read(_))));
    assert!(matches!(sealed.verify(&[], &vault), Err(VerifyError::Read(_))));
    // Another vault's key does not open it; and this vault has moved on.
    assert!(matches!(sealed.verify(good, &new_vault()), Err(VerifyError::Open(_))));
    vault.push(steam("b"));
    assert_eq!(sealed.verify(good, &vault), Err(VerifyError::OtherContents));
}

#[test]
fn a_changed_password_is_the_only_one_after_the_next_save() {
    let mut vault = new_vault();
    vault.push(steam("a"));
    let old = save(&mut vault);
    assert_eq!(
        vault.change_password(&password("wrong"), &password("two"), KdfParams::MINIMUM, NOW),
        Err(ChangePasswordError::Current(UnlockError::WrongPassword))
    );
    assert_eq!(vault.verify_password(&password("one")), Ok(()));
    vault.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, NOW).unwrap();
    assert_eq!(vault.verify_password(&password("one")), Err(UnlockError::WrongPassword));
    let new = save(&mut vault);
    assert_eq!(unlock(&new, "one").err(), Some(UnlockError::WrongPassword));
    assert_eq!(names(&unlock(&new, "two").unwrap()), ["a"]);
    assert_eq!(names(&unlock(&old, "one").unwrap()), ["a"], "the old file keeps its password");
}

#[test]
fn stronger_parameters_are_taken_over_by_a_change_of_password() {
    let mut vault = new_vault();
    let stronger = KdfParams::new(20 * 1024, 2, 2).unwrap();
    vault.change_password(&password("one"), &password("one"), stronger, NOW).unwrap();
    let bytes = save(&mut vault);
    assert!(String::from_utf8_lossy(&bytes).contains(r#""memory_kib":20480,"time_cost":2,"lanes":2"#));
    assert!(unlock(&bytes, "one").is_ok());

    let before = save(&mut vault);
    let kept = vault.keep_slots();
    vault.change_password(&password("one"), &password("two"), KdfParams::MINIMUM, NOW).unwrap();
    let weaker = save(&mut vault);
    assert!(
        String::from_utf8_lossy(&weaker).contains(r#""memory_kib":20480,"time_cost":2,"lanes":2"#),
        "never lowered"
    );
    vault.put_slots_back(kept);
    let slots = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text[text.find("\"slots\"").unwrap()..text.find("]").unwrap()].to_owned()
    };
    assert_eq!(slots(&save(&mut vault)), slots(&before), "put back bit for bit");
}

#[test]
fn entries_are_edited_removed_and_kept_in_order() {
    let mut vault = new_vault();
    ["a", "b", "c"].into_iter().for_each(|name| vault.push(steam(name)));
    let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
    vault.entry_mut(ids[1]).unwrap().label.account_name = "B".to_owned();
    assert_eq!(vault.remove(ids[0], NOW).unwrap().entry().label.account_name, "a");
    assert!(vault.remove(ids[0], NOW).is_none() && vault.entry(ids[0]).is_none());
    let vault = unlock(&save(&mut vault), "one").unwrap();
    assert_eq!(names(&vault), ["B", "c"]);
}

#[test]
fn moving_counts_only_entries_in_use() {
    let order = |index: usize| {
        let mut vault = new_vault();
        ["a", "x", "b", "c", "y"].into_iter().for_each(|name| vault.push(steam(name)));
        let ids: Vec<_> = vault.entries().map(|entry| entry.id).collect();
        for trashed in [ids[1], ids[4]] {
            vault.entry_mut(trashed).unwrap().deleted_at = Some(NOW);
            assert!(!vault.move_to(trashed, 0));
        }
        assert!(vault.move_to(ids[0], index));
        names(&vault).concat()
    };
    assert_eq!(order(0), "xabcy"); // still the first of those in use
    assert_eq!(order(1), "xbacy");
    assert_eq!(order(2), "xbcay");
    assert_eq!(order(99), "xbcay");
    assert!(!new_vault().move_to(EntryId::generate().unwrap(), 0));
}

#[test]
fn ten_thousand_entries_come_back_in_order() {
    let mut vault = new_vault();
    let expected: Vec<_> = (0..10_000).map(|number| number.to_string()).collect();
    expected.iter().for_each(|name| vault.push(steam(name)));
    let bytes = save(&mut vault);
    assert_eq!(names(&unlock(&bytes, "one").unwrap()), expected);
}

#[test]
fn nothing_secret_shows_in_debug_or_in_the_file() {
    let mut vault = new_vault();
    vault.push(steam("canary-name"));
    let sealed = vault.seal().unwrap();
    let shown = format!("{vault:?} {:?} {:?} {sealed:?}", vault.stored(), password("canary-name"));
    let base32 = secret().reveal_base32().to_string();
    assert!(!shown.contains("canary-name") && !shown.contains(&base32), "{shown}");
    let file = String::from_utf8_lossy(sealed.bytes()).into_owned();
    assert!(!file.contains("canary") && !file.contains(&base32) && !file.contains("entries"));
}
