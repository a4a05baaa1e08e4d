//! What this machine remembers of its vaults and of itself, outside of them: nothing secret, and nothing that a vault could not do without.
//!
//! A vault file cannot tell by itself that it is an older copy of itself; whoever has seen a later one can.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use warifu_otp::UnixTime;
use warifu_vault::{FileDigest, SlotId, VaultId};

use crate::{left_behind::LeftBehind, ports::SettingsStore};

/// How many days quick unlock does without the password.
pub const PASSWORD_EVERY_DAYS: u32 = 14;
/// After how many days the person is asked to practise it.
const REHEARSE_AFTER_DAYS: i64 = 7;
/// For how many days practising is put off.
const POSTPONED_DAYS: i64 = 2;
/// After how many days the person is advised to make a recovery key.
const ADVISE_AFTER_DAYS: i64 = 3;
/// For how many days that advice is put off.
const ADVISE_AGAIN_DAYS: i64 = 30;
/// How many days are remembered on which a vault was in use: a month and some.
const DAYS_KEPT: usize = 60;
/// As so many days counts a pause, however long the clock says that it was: it may be wrong.
const LONGEST_PAUSE_DAYS: i64 = 7;
const DAY: i64 = 24 * 60 * 60;

/// What is remembered of all vaults.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    #[serde(default)]
    vaults: BTreeMap<String, Remembered>,
    /// What was left behind to begin anew, by the place of the vault file.
    #[serde(default)]
    left_behind: BTreeMap<String, LeftBehind>,
    /// Which vault was open last, by the place of the vault file.
    #[serde(default)]
    at: BTreeMap<String, String>,
    /// A desktop that asks the person has handed over a picture of the screen before.
    #[serde(default)]
    screen_was_shown: bool,
}

/// What is remembered of one vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// The last revision seen here, and the digest of its file.
    pub(crate) seen: Option<Seen>,
    /// The slot whose key lies in this machine's keyring.
    keyring_slot: Option<String>,
    /// When the master password was last typed here, in Unix seconds.
    password_at: Option<i64>,
    /// Until when practising the password was put off, in Unix seconds.
    rehearsal_after: Option<i64>,
    /// From when on a recovery key is advised, in Unix seconds.
    recovery_advice_after: Option<i64>,
    /// When a backup was last opened for practice, in Unix seconds.
    pub(crate) last_drill: Option<i64>,
    /// On which days (since 1970) the vault was opened or saved here, in the order in which it was, each change once.
    days: Vec<i64>,
}

/// One revision, by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) revision: u64,
    digest: String,
    /// When it was saved or first seen, in Unix seconds.
    pub(crate) at: i64,
}

impl Seen {
    pub(crate) fn new(revision: u64, digest: FileDigest, at: UnixTime) -> Seen {
        Seen { revision, digest: digest.to_string(), at: at.as_secs() }
    }

    /// Whether a file is neither this revision nor a later one.
    pub(crate) fn is_newer_than(&self, revision: u64, digest: FileDigest) -> bool {
        revision < self.revision || (revision == self.revision && digest.to_string() != self.digest)
    }

    /// Its digest.
    pub(crate) fn digest(&self) -> Option<FileDigest> {
        self.digest.parse().ok()
    }

    /// Whether its digest begins so.
    pub(crate) fn starts_with(&self, digest_start: &[u8]) -> bool {
        let start: String = digest_start.iter().map(|byte| format!("{byte:02x}")).collect();
        self.digest.starts_with(&start)
    }

    /// Whether a file is this very revision.
    pub(crate) fn is(&self, digest: FileDigest) -> bool {
        self.digest == digest.to_string()
    }
}

impl Memory {
    /// Reads it. What cannot be read is forgotten: it only ever leads to one question more.
    pub(crate) fn load(store: &dyn SettingsStore) -> Memory {
        let text = store.load().ok().flatten().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) fn of(&self, vault: VaultId) -> Remembered {
        self.vaults.get(&vault.to_string()).cloned().unwrap_or_default()
    }

    /// Changes what is remembered of a vault, and writes it down.
    pub(crate) fn change(&mut self, store: &dyn SettingsStore, vault: VaultId, change: impl FnOnce(&mut Remembered)) {
        self.update(store, |memory| {
            let remembered = memory.vaults.entry(vault.to_string()).or_default();
            let before = remembered.clone();
            change(remembered);
            *remembered != before
        });
    }

    /// What was left behind at a place.
    pub(crate) fn left_behind(&self, place: &str) -> LeftBehind {
        self.left_behind.get(place).cloned().unwrap_or_default()
    }

    /// Changes what was left behind at a place, and writes it down.
    pub(crate) fn leave_behind(
        &mut self,
        store: &dyn SettingsStore,
        place: &str,
        change: impl FnOnce(&mut LeftBehind),
    ) {
        self.update(store, |memory| {
            let before = memory.left_behind(place);
            let mut left = before.clone();
            change(&mut left);
            let changed = left != before;
            memory.left_behind.insert(place.to_owned(), left);
            changed
        });
    }

    /// Whether a vault was open at a place, and not left behind since.
    pub(crate) fn knows_vault_at(&self, place: &str) -> bool {
        self.at.contains_key(place)
    }

    /// Remembers which vault was open last at a place; none if it was left behind.
    pub(crate) fn vault_is_at(&mut self, store: &dyn SettingsStore, place: &str, vault: Option<VaultId>) {
        let vault = vault.map(|vault| vault.to_string());
        if self.at.get(place) != vault.as_ref() {
            self.update(store, |memory| {
                match vault {
                    Some(vault) => memory.at.insert(place.to_owned(), vault),
                    None => memory.at.remove(place),
                };
                true
            });
        }
    }

    /// Whether a desktop that asks the person has handed over a picture of the screen before.
    pub(crate) fn has_shown_screen(&self) -> bool {
        self.screen_was_shown
    }

    /// Remembers that it has.
    pub(crate) fn screen_was_shown(&mut self, store: &dyn SettingsStore) {
        if !self.screen_was_shown {
            self.update(store, |memory| !std::mem::replace(&mut memory.screen_was_shown, true));
        }
    }

    /// Other processes remember too, so what they have written since is taken up first. Where it cannot be written, it is
    /// remembered until the program ends.
    fn update(&mut self, store: &dyn SettingsStore, change: impl FnOnce(&mut Memory) -> bool) {
        if let Some(text) = store.load().ok().flatten() {
            *self = serde_json::from_str(&text).unwrap_or_else(|_| std::mem::take(self));
        }
        if change(self)
            && let Ok(text) = serde_json::to_string_pretty(self)
        {
            let _ = store.save(&text);
        }
    }
}

impl Remembered {
    pub(crate) fn keyring_slot(&self) -> Option<SlotId> {
        self.keyring_slot.as_deref().and_then(|slot| slot.parse().ok())
    }

    pub(crate) fn set_keyring_slot(&mut self, slot: Option<SlotId>) {
        self.keyring_slot = slot.map(|slot| slot.to_string());
    }

    /// Notes that the password was typed, rightly.
    pub(crate) fn password_typed(&mut self, now: UnixTime) {
        self.password_at = Some(now.as_secs());
        self.rehearsal_after = None;
    }

    /// Whether the password has to be asked for, quick unlock or not. A time that lies in the future tells nothing.
    pub(crate) fn password_due(&self, now: UnixTime) -> bool {
        let days = i64::from(PASSWORD_EVERY_DAYS);
        !self.password_at.is_some_and(|at| (0..days * DAY).contains(&(now.as_secs().saturating_sub(at))))
    }

    /// Whether it is time to practise the password.
    pub(crate) fn rehearsal_due(&self, now: UnixTime) -> bool {
        let waited = self.password_at.is_none_or(|at| now.as_secs().saturating_sub(at) >= REHEARSE_AFTER_DAYS * DAY);
        waited && self.rehearsal_after.is_none_or(|after| now.as_secs() >= after)
    }

    pub(crate) fn postpone_rehearsal(&mut self, now: UnixTime) {
        self.rehearsal_after = Some(now.as_secs().saturating_add(POSTPONED_DAYS * DAY));
    }

    /// Notes that the vault is in use.
    pub(crate) fn in_use(&mut self, now: UnixTime) {
        let today = now.as_secs().div_euclid(DAY);
        if self.days.last() != Some(&today) {
            self.days.push(today);
            self.days.drain(..self.days.len().saturating_sub(DAYS_KEPT));
        }
    }

    /// How many days have passed since a moment: by the clock, but no more than this machine has lived through. One leap of
    /// a wrong clock is a week at most, and time that runs backwards is none.
    pub(crate) fn days_passed(&self, since: UnixTime, now: UnixTime) -> i64 {
        let (then, today) = (since.as_secs().div_euclid(DAY), now.as_secs().div_euclid(DAY));
        let start = self.days.iter().rposition(|day| *day <= then).unwrap_or(0);
        let days: Vec<i64> = self.days.iter().skip(start).copied().chain([today]).collect();
        let lived = days.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).clamp(0, LONGEST_PAUSE_DAYS)).sum();
        now.as_secs().saturating_sub(since.as_secs()).div_euclid(DAY).clamp(0, lived)
    }

    /// Notes that a vault without a recovery key was opened. Whoever has just put that off is left in peace for some days.
    pub(crate) fn without_recovery_key(&mut self, now: UnixTime) {
        self.recovery_advice_after.get_or_insert(now.as_secs().saturating_add(ADVISE_AFTER_DAYS * DAY));
    }

    /// Whether it is time to advise a recovery key, where there is none.
    pub(crate) fn recovery_advice_due(&self, now: UnixTime) -> bool {
        self.recovery_advice_after.is_some_and(|after| now.as_secs() >= after)
    }

    pub(crate) fn postpone_recovery_advice(&mut self, now: UnixTime) {
        self.recovery_advice_after = Some(now.as_secs().saturating_add(ADVISE_AGAIN_DAYS * DAY));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> UnixTime {
        UnixTime::from_secs(1_700_000_000 + days * DAY)
    }

    #[test]
    fn the_password_is_due_after_fourteen_days_and_when_the_clock_tells_nothing() {
        let mut remembered = Remembered::default();
        assert!(remembered.password_due(at(0)));
        remembered.password_typed(at(0));
        assert!(!remembered.password_due(at(13)));
        assert!(remembered.password_due(at(14)));
        assert!(remembered.password_due(at(-1)), "typed in the future");
    }

    #[test]
    fn practising_comes_due_and_can_be_put_off() {
        let mut remembered = Remembered::default();
        remembered.password_typed(at(0));
        assert!(!remembered.rehearsal_due(at(6)));
        assert!(remembered.rehearsal_due(at(7)));
        remembered.postpone_rehearsal(at(7));
        assert!(!remembered.rehearsal_due(at(8)));
        assert!(remembered.rehearsal_due(at(9)));
    }

    #[test]
    fn an_older_or_another_file_of_the_same_number_is_noticed_and_a_later_one_is_not() {
        let [ours, theirs] = [[1; 32], [2; 32]].map(FileDigest::from_bytes);
        let seen = Seen::new(7, ours, at(0));
        assert!(seen.is_newer_than(6, theirs) && seen.is_newer_than(7, theirs));
        assert!(!seen.is_newer_than(7, ours) && !seen.is_newer_than(8, theirs));
    }
}
