//! What may be done with an open vault. Each change is on the disk before it is said to be done; where saving fails, the
//! vault in memory is put back to what it was, so that what is shown is always what is saved.

use std::{collections::HashMap, time::Duration};

use warifu_otp::{Code, Otp, UnixTime, Validity};
use warifu_vault::{Entry, EntryId, Password, UnlockedVault};
use zeroize::Zeroizing;

use crate::{
    ErrorCode, SessionError,
    attempts::Attempts,
    camera::{Film, Turn},
    clipping::Copied,
    hint,
    memory::{Memory, Remembered},
    notices::{Notice, Notices},
    old_backups::{OldBackups, OldBackupsReport},
    opening::calibrated,
    pictures::KnownPictures,
    ports::Ports,
    reading::{self, KnownExports, Reading},
    recovery::PendingRecoveryKey,
    saving::{SaveFailure, Traces, save},
    scanning::Scan,
    search,
};

/// A counter-based code that was shown this long ago has been used: copying then means the next one.
const SHOWN_FOR: Duration = Duration::from_secs(120);

/// Everything that exists only while the vault is open.
pub(crate) struct Open {
    pub(crate) vault: UnlockedVault,
    pub(crate) reading: Option<Reading>,
    /// The exports of which parts were added.
    pub(crate) exports: KnownExports,
    pub(crate) scan: Option<Scan>,
    /// The camera, while it is on.
    pub(crate) film: Option<Film>,
    /// The picture files whose keys were added.
    pub(crate) pictures: KnownPictures,
    /// How many readings there have been: a candidate of an earlier one is none any more.
    pub(crate) readings: u32,
    /// The counter-based codes shown lately, and until when they are.
    pub(crate) shown: HashMap<EntryId, (Otp, Duration)>,
    pub(crate) notices: Notices,
    /// A recovery key that was made and is not in the vault yet.
    pub(crate) pending_recovery: Option<PendingRecoveryKey>,
    /// When (since boot) the vault was made with its password, if nothing else was done since.
    pub(crate) just_created: Option<Duration>,
}

impl Open {
    pub(crate) fn new(vault: UnlockedVault, notices: Notices) -> Open {
        Open {
            vault,
            reading: None,
            exports: KnownExports::default(),
            scan: None,
            film: None,
            pictures: KnownPictures::default(),
            readings: 0,
            shown: HashMap::new(),
            notices,
            pending_recovery: None,
            just_created: None,
        }
    }
}

/// What came of copying a code.
#[derive(Debug)]
pub enum Copying {
    /// It is on the clipboard.
    Copied(Code),
    /// It is about to die, and nothing was copied: ask again when the next one begins.
    NextAt(UnixTime),
}

/// The open vault.
pub struct Unlocked<'s> {
    pub(crate) ports: &'s Ports,
    pub(crate) open: &'s mut Open,
    pub(crate) copied: &'s mut Option<Copied>,
    pub(crate) memory: &'s mut Memory,
    pub(crate) attempts: &'s mut Attempts,
    pub(crate) camera_turn: &'s Turn,
}

impl Unlocked<'_> {
    /// The ports, for what is better asked away from the session.
    pub fn ports(&self) -> &Ports {
        self.ports
    }

    /// The entries that match the query, in the person's order.
    pub fn entries(&self, query: &str) -> Vec<&Entry> {
        self.live().filter(|entry| search::matches(query, &entry.label)).collect()
    }

    /// How many entries there are.
    pub fn total(&self) -> usize {
        self.live().count()
    }

    /// How many entries this version cannot understand. They are kept.
    pub fn unreadable(&self) -> usize {
        self.open.vault.unreadable_count()
    }

    /// One entry.
    pub fn entry(&self, id: EntryId) -> Result<&Entry, SessionError> {
        self.open
            .vault
            .entry(id)
            .filter(|entry| entry.deleted_at.is_none())
            .ok_or_else(|| ErrorCode::NoSuchEntry.into())
    }

    /// The one entry that a person means by a name: its identifier, `issuer:account`, either of the two, or a part.
    pub fn find(&self, name: &str) -> Result<&Entry, SessionError> {
        if let Some(entry) = name.parse().ok().and_then(|id| self.entry(id).ok()) {
            return Ok(entry);
        }
        let found: Vec<(u8, &Entry)> =
            self.live().filter_map(|entry| Some((search::closeness(name, &entry.label)?, entry))).collect();
        let best = found.iter().map(|(closeness, _)| *closeness).min();
        let mut fitting = found.into_iter().filter(|(closeness, _)| Some(*closeness) == best);
        match (fitting.next(), fitting.next()) {
            (Some((_, entry)), None) => Ok(entry),
            (Some(_), Some(_)) => Err(ErrorCode::AmbiguousEntry.into()),
            (None, _) => Err(ErrorCode::NoSuchEntry.into()),
        }
    }

    /// The code of an entry at a time. A counter-based entry is refused: its code costs a step, see [`Self::next_code`].
    pub fn code_at(&self, id: EntryId, at: UnixTime) -> Result<Code, SessionError> {
        match &self.entry(id)?.otp {
            Otp::Hotp(_) => {
                Err(SessionError::new(ErrorCode::Unexpected).with("reason", "a counter-based code has no time"))
            }
            otp => Ok(otp.code_at(at)),
        }
    }

    /// The codes of all time-based entries at a time.
    pub fn codes_at(&self, at: UnixTime) -> Vec<(EntryId, Code)> {
        self.live()
            .filter(|entry| entry.otp.counter().is_none())
            .map(|entry| (entry.id, entry.otp.code_at(at)))
            .collect()
    }

    /// The next counter-based code. The raised counter is on the disk before the code is handed out (RFC 4226, 7.2): a
    /// crash may skip a code and never repeats one. Where another process has saved at the same moment, it may have handed out
    /// the same: then the next one is taken.
    pub fn next_code(&mut self, id: EntryId) -> Result<Code, SessionError> {
        loop {
            let otp = self.entry(id)?.otp.duplicate();
            let counter = otp.counter().ok_or(ErrorCode::NotCounterBased)?;
            let next = counter.next().ok_or(ErrorCode::CounterOutOfRange)?;
            let before = self.open.vault.file_digest();
            self.change_entry(id, |entry| {
                // It has a counter: that was asked above.
                let _ = entry.otp.set_counter(next);
            })?;
            if before.is_some() && self.open.vault.previous() != before {
                continue;
            }
            let code = otp.code_at(self.ports.clock.now());
            let until = self.ports.clock.boot().saturating_add(SHOWN_FOR);
            self.open.shown.insert(id, (otp, until));
            return Ok(code);
        }
    }

    /// Puts an entry's code on the clipboard, digits (or Steam's letters) only. A code that would die while it is pasted
    /// is not handed out. A counter-based entry's shown code is copied, or the next one if none was shown in the last
    /// minutes.
    pub fn copy_code(&mut self, id: EntryId) -> Result<Copying, SessionError> {
        let (now, boot) = (self.ports.clock.now(), self.ports.clock.boot());
        let code = match (self.entry(id)?.otp.counter(), self.open.shown.get(&id)) {
            (None, _) => {
                let code = self.code_at(id, now)?;
                if let Some(next_at) = dies_at(&code, now) {
                    return Ok(Copying::NextAt(next_at));
                }
                code
            }
            (Some(_), Some((shown, until))) if boot < *until => shown.code_at(now),
            (Some(_), _) => self.next_code(id)?,
        };
        self.ports
            .clipboard
            .put_code(code.expose_value())
            .map_err(|error| SessionError::new(ErrorCode::ClipboardFailed).with("reason", error))?;
        *self.copied = Some(Copied::new(code.expose_value(), boot));
        Ok(Copying::Copied(code))
    }

    /// Renames an entry.
    pub fn rename(&mut self, id: EntryId, issuer: &str, account: &str) -> Result<(), SessionError> {
        let label = reading::label(issuer, account)?;
        let now = self.ports.clock.now();
        self.change_entry(id, |entry| entry.rename(label, now))
    }

    /// Moves an entry to a place of the list, counted from 0.
    pub fn move_to(&mut self, id: EntryId, to: usize) -> Result<(), SessionError> {
        let from = self.live().position(|entry| entry.id == id).ok_or(ErrorCode::NoSuchEntry)?;
        self.open.vault.move_to(id, to);
        self.save_or(|vault| {
            vault.move_to(id, from);
        })
    }

    /// Changes the master password and its hint, then deals with the backups that the old one opens.
    pub fn change_password(
        &mut self,
        current: Zeroizing<String>,
        replacement: Zeroizing<String>,
        hint: &str,
        old_backups: OldBackups,
    ) -> Result<OldBackupsReport, SessionError> {
        let hint = hint::parse(hint, &replacement)?;
        let (current, replacement) = (Password::new(current)?, Password::new(replacement)?);
        let (now, boot) = (self.ports.clock.now(), self.ports.clock.boot());
        self.attempts.may_try(boot)?;
        let (before, vault) = (self.open.vault.keep_slots(), &mut self.open.vault);
        vault.change_password(&current, &replacement, calibrated(&*self.ports.clock), now).map_err(|error| {
            let error = SessionError::from(error);
            if error.code == ErrorCode::WrongPassword {
                self.attempts.failed(boot);
            }
            error
        })?;
        vault.set_hint(hint, now).map_err(hint::too_long)?;
        self.save_or(|vault| vault.put_slots_back(before))?;
        self.remember(|remembered| remembered.password_typed(now));
        Ok(self.deal_with_old_backups(old_backups))
    }

    /// The hint to the master password.
    pub fn hint(&self) -> Option<&str> {
        self.open.vault.hint()
    }

    /// Sets the hint to the master password; empty for none. The password is asked for, so that it does not become its own hint.
    pub fn set_hint(&mut self, hint: &str, password: Zeroizing<String>) -> Result<(), SessionError> {
        let hint = hint::parse(hint, &password)?;
        self.check_password(password)?;
        let before = self.open.vault.keep_slots();
        self.open.vault.set_hint(hint, self.ports.clock.now()).map_err(hint::too_long)?;
        self.save_or(|vault| vault.put_slots_back(before))
    }

    /// What the person should be told, the newest last.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = self.open.notices.all().to_vec();
        if self.rehearsal_due() {
            notices.push(ErrorCode::RehearsalDue.into());
        }
        if self.recovery_advice_due() {
            notices.push(ErrorCode::RecoveryKeyAdvised.into());
        }
        notices
    }

    /// Puts a notice away; what comes due again and again is put off.
    pub fn dismiss_notice(&mut self, code: &str) {
        let now = self.ports.clock.now();
        if code == ErrorCode::RehearsalDue.as_str() {
            self.remember(|remembered| remembered.postpone_rehearsal(now));
        }
        if code == ErrorCode::RecoveryKeyAdvised.as_str() {
            self.remember(|remembered| remembered.postpone_recovery_advice(now));
        }
        let told: Vec<ErrorCode> = self.open.notices.all().iter().map(|notice| notice.code).collect();
        // An older copy in the vault's place has to be settled.
        let put_away = |told: &ErrorCode| told.as_str() == code && *told != ErrorCode::VaultRolledBack;
        for code in told.into_iter().filter(put_away) {
            self.open.notices.take_away(code);
        }
    }

    pub(crate) fn remembered(&self) -> Remembered {
        self.memory.of(self.open.vault.vault_id())
    }

    pub(crate) fn remember(&mut self, change: impl FnOnce(&mut Remembered)) {
        self.memory.change(&*self.ports.memory, self.open.vault.vault_id(), change);
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = &Entry> {
        self.open.vault.entries().filter(|entry| entry.deleted_at.is_none())
    }

    /// Saves the vault; unless what was done is on the disk then, takes it back.
    pub(crate) fn save_or(&mut self, undo: impl FnOnce(&mut UnlockedVault)) -> Result<(), SessionError> {
        self.open.just_created = None;
        self.empty_trash();
        let mut traces = Traces { memory: self.memory, notices: &mut self.open.notices };
        save(self.ports, &mut self.open.vault, &mut traces).map_err(|SaveFailure { error, kept }| {
            if !kept {
                undo(&mut self.open.vault);
            }
            error
        })
    }

    pub(crate) fn change_entry(&mut self, id: EntryId, change: impl FnOnce(&mut Entry)) -> Result<(), SessionError> {
        let entry = self.open.vault.entry_mut(id).ok_or(ErrorCode::NoSuchEntry)?;
        let before = entry.duplicate();
        change(entry);
        self.save_or(|vault| {
            if let Some(entry) = vault.entry_mut(id) {
                *entry = before;
            }
        })
    }
}

/// When the next code begins, if this one has too little time left to be pasted and sent.
fn dies_at(code: &Code, now: UnixTime) -> Option<UnixTime> {
    /// Changing windows, pasting and pressing a button takes a practised person this long.
    const DYING_SECONDS: i64 = 3;
    /// Codes shorter-lived than this are always about to die.
    const WORTH_WAITING_SECONDS: i64 = 10;
    let Validity::Interval { valid_from, valid_until } = code.validity else { return None };
    let (from, until, now) = (valid_from.as_secs(), valid_until.as_secs(), now.as_secs());
    let dying = until.saturating_sub(now) < DYING_SECONDS && until.saturating_sub(from) >= WORTH_WAITING_SECONDS;
    dying.then_some(valid_until)
}
