//! From what the session holds to what the page is told.

use std::collections::BTreeMap;

use warifu_session::{
    Backups, CameraStart, Compared, Counts, Door, EarlierVersion, Entry, EntryId, Monitor, OldBackupsReport,
    PasswordRating, Phase, SessionError, Settings, Settled, ShownRecoveryKey, Soundness, TRASH_DAYS, TypedRecoveryKey,
    Unlocked,
    otp::{Code, Counter, Digits, KeyUriOutline, Label, Otp, OtpKind, TimeStep, UnixTime, Validity},
    pictures::{Deleted, SpentPicture},
    reading::{Candidate, Export, Reading, Refusal, read_code},
};

use crate::{
    requests::{OldBackups, RollbackAnswer},
    views::*,
};

/// RFC 4226, section 4, R6: the length of the shared secret must be at least 128 bits.
const SHORT_SECRET_BITS: usize = 128;

impl From<SessionError> for ErrorView {
    fn from(error: SessionError) -> Self {
        let detail: BTreeMap<_, _> = error.detail.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        ErrorView { code: error.code.as_str().to_owned(), detail }
    }
}

impl From<Phase> for PhaseView {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::FirstStart => PhaseView::FirstStart,
            Phase::Locked(Door { quick_unlock, hint, has_recovery_key }) => {
                PhaseView::Locked { quick_unlock: quick_unlock.into(), hint, has_recovery_key }
            }
            Phase::Unlocked => PhaseView::Unlocked,
            Phase::Unreadable(error) => PhaseView::Unreadable { error: error.into() },
        }
    }
}

impl From<SessionError> for NoticeView {
    fn from(notice: SessionError) -> Self {
        let ErrorView { code, detail } = notice.into();
        NoticeView { code, detail }
    }
}

impl From<warifu_session::QuickUnlock> for QuickUnlock {
    fn from(quick_unlock: warifu_session::QuickUnlock) -> Self {
        match quick_unlock {
            warifu_session::QuickUnlock::Off => QuickUnlock::Off,
            warifu_session::QuickUnlock::Ready(_) => QuickUnlock::Ready,
            warifu_session::QuickUnlock::PasswordDue => QuickUnlock::PasswordDue,
        }
    }
}

impl From<&Settings> for SettingsView {
    fn from(settings: &Settings) -> Self {
        SettingsView {
            language: settings.language.into(),
            theme: settings.theme.into(),
            lock_after_minutes: settings.lock_after_minutes,
            clear_clipboard_after_seconds: clear_after_seconds(),
        }
    }
}

/// Maps an enum of the wire to the session's of the same variants, both ways.
macro_rules! same_variants {
    ($wire:ty, $ours:ty, $($variant:ident),+) => {
        impl From<$ours> for $wire {
            fn from(ours: $ours) -> Self { match ours { $(<$ours>::$variant => Self::$variant,)+ } }
        }
        impl From<$wire> for $ours {
            fn from(wire: $wire) -> Self { match wire { $(<$wire>::$variant => Self::$variant,)+ } }
        }
    };
}
same_variants!(Language, warifu_session::Language, System, Ja, En);
same_variants!(Theme, warifu_session::Theme, System, Light, Dark);
same_variants!(Kind, OtpKind, Totp, Hotp, Steam);
same_variants!(OldBackups, warifu_session::OldBackups, Rewrap, Delete, Keep);
same_variants!(BackupPlace, warifu_session::ports::BackupPlace, Beside, Second);
same_variants!(Here, warifu_session::Here, Nothing, SameVault, OtherVault, Unusable);
same_variants!(BackupState, Soundness, Verified, Intact, Damaged, Other);

impl RollbackAnswer {
    /// Whether what only the newer backups hold is taken up.
    pub fn merges(self) -> bool {
        self == RollbackAnswer::Merge
    }
}

impl From<ShownRecoveryKey> for RecoveryKeyView {
    fn from(key: ShownRecoveryKey) -> Self {
        RecoveryKeyView {
            groups: key.groups.iter().map(|group| group.to_string()).collect(),
            ask: key.asked.iter().map(|group| small(*group)).collect(),
            made_at: key.made_at.as_secs(),
        }
    }
}

impl From<TypedRecoveryKey> for RecoveryTypedView {
    fn from(typed: TypedRecoveryKey) -> Self {
        RecoveryTypedView {
            groups_right: small(typed.groups_right),
            complete: typed.complete,
            error: typed.error.map(ErrorView::from),
        }
    }
}

impl From<OldBackupsReport> for PasswordChangedView {
    fn from(report: OldBackupsReport) -> Self {
        PasswordChangedView {
            rewrapped: small(report.rewrapped),
            removed: small(report.removed),
            failed: small(report.failed),
        }
    }
}

impl From<warifu_session::BackupState> for BackupView {
    fn from(state: warifu_session::BackupState) -> Self {
        let warifu_session::BackupState { backup, soundness, accounts } = state;
        BackupView {
            place: backup.place.into(),
            name: backup.name,
            taken_at: backup.taken_at.as_secs(),
            revision: backup.revision,
            accounts: accounts.map(small),
            state: soundness.into(),
        }
    }
}

impl From<warifu_session::ChosenFile> for ChosenFileView {
    fn from(file: warifu_session::ChosenFile) -> Self {
        let warifu_session::ChosenFile { name, written_at, revision, hint, has_recovery_key, here } = file;
        let written_at = written_at.map(|at| at.as_secs());
        ChosenFileView { name, written_at, revision, hint, has_recovery_key, here: here.into() }
    }
}

impl From<Backups> for BackupsView {
    fn from(backups: Backups) -> Self {
        BackupsView {
            backups: backups.states.into_iter().map(BackupView::from).collect(),
            folder: backups.folder,
            second_folder: backups.second_folder.map(|folder| folder.display().to_string()),
            second_shares_disk: backups.second_shares_disk,
            second_error: backups.second_error.map(ErrorView::from),
            last_drill: backups.last_drill.map(|at| at.as_secs()),
        }
    }
}

/// The ways into the open vault, on a system whose keyring answers or not.
pub fn security_view(unlocked: &Unlocked<'_>, quick_unlock_available: bool) -> SecurityView {
    let recovery = unlocked.recovery_key();
    SecurityView {
        has_recovery_key: recovery.is_some(),
        recovery_made_at: recovery.flatten().map(|at| at.as_secs()),
        quick_unlock: unlocked.quick_unlock_is_on(),
        quick_unlock_available,
        other_keyrings: unlocked.other_keyrings().into_iter().map(|at| at.map(|at| at.as_secs())).collect(),
        password_every_days: unlocked.password_every_days(),
        hint: unlocked.hint().map(str::to_owned),
    }
}

/// The trash.
pub fn trash_view(unlocked: &Unlocked<'_>) -> TrashView {
    let entries = unlocked.trash().into_iter().map(|trashed| TrashedView {
        entry: trashed.entry.into(),
        deleted_at: trashed.deleted_at.as_secs(),
        days_left: trashed.days_left,
    });
    TrashView { entries: entries.collect(), keep_days: TRASH_DAYS }
}

/// What an entry was before, and the codes its earlier keys make now.
pub fn history_view(entry: &Entry, now: UnixTime) -> HistoryView {
    let settings = |otp: &Otp| (otp.kind(), otp.algorithm(), otp.digits(), otp.time_step());
    let same_key = |earlier: &EarlierVersion| earlier.otp.secret().is_same(entry.otp.secret());
    let item = |(index, earlier): (usize, &EarlierVersion)| HistoryItemView {
        index: small(index),
        until: earlier.until.as_secs(),
        issuer: earlier.label.issuer.clone(),
        account: earlier.label.account_name.clone(),
        other_name: earlier.label != entry.label,
        other_key: !same_key(earlier),
        other_settings: same_key(earlier) && settings(&earlier.otp) != settings(&entry.otp),
        code: (!same_key(earlier) && earlier.otp.counter().is_none())
            .then(|| code_view(entry.id, &earlier.otp.code_at(now))),
        parameters: parameters(&earlier.label, &earlier.otp, None, &[]),
    };
    HistoryView { items: entry.history().iter().enumerate().map(item).collect() }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<PasswordRating> for PasswordRatingView {
    fn from(rating: PasswordRating) -> Self {
        const UNITS: [(TimeUnit, f64); 7] = [
            (TimeUnit::Centuries, 100.0 * 365.25 * 86_400.0),
            (TimeUnit::Years, 365.25 * 86_400.0),
            (TimeUnit::Months, 30.0 * 86_400.0),
            (TimeUnit::Days, 86_400.0),
            (TimeUnit::Hours, 3_600.0),
            (TimeUnit::Minutes, 60.0),
            (TimeUnit::Seconds, 1.0),
        ];
        let unit = UNITS.iter().find(|(_, seconds)| rating.crack_seconds >= *seconds);
        let (crack_time_unit, seconds) = unit.copied().unwrap_or((TimeUnit::Seconds, 1.0));
        // JavaScript's whole numbers end at 2⁵³; no sentence needs more than a million centuries.
        let crack_time_amount = (rating.crack_seconds / seconds).min(1e6) as u64;
        PasswordRatingView { score: rating.score, crack_time_amount, crack_time_unit }
    }
}

/// The parameters of something that makes codes.
fn parameters(label: &Label, otp: &Otp, issuer_in_label: Option<&str>, unusual: &[Warning]) -> ParametersView {
    let mut warnings = unusual.to_vec();
    if otp.secret().bits() < SHORT_SECRET_BITS {
        warnings.push(Warning::ShortSecret);
    }
    if label.has_hidden_characters() {
        warnings.push(Warning::HiddenCharacters);
    }
    ParametersView {
        kind: otp.kind().into(),
        algorithm: otp.algorithm().name().to_owned(),
        digits: otp.digits().get(),
        period: otp.time_step().map(|step| u32::try_from(step.as_secs()).unwrap_or(u32::MAX)),
        counter: otp.counter().map(|counter| counter.get().to_string()),
        secret_bits: u32::try_from(otp.secret().bits()).unwrap_or(u32::MAX),
        warnings,
        issuer_in_label: issuer_in_label.map(str::to_owned),
    }
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        EntryView {
            id: entry.id.to_string(),
            issuer: entry.label.issuer.clone(),
            account: entry.label.account_name.clone(),
            parameters: parameters(&entry.label, &entry.otp, entry.issuer_in_label.as_deref(), &[]),
            conflict_of: entry.conflict_of().map(|entry| entry.to_string()),
            has_history: !entry.history().is_empty(),
        }
    }
}

/// The entries that match a search.
pub fn entries_view(unlocked: &Unlocked<'_>, query: &str) -> EntriesView {
    EntriesView {
        entries: unlocked.entries(query).into_iter().map(EntryView::from).collect(),
        total: small(unlocked.total()),
        unreadable: small(unlocked.unreadable()),
    }
}

/// A code of an entry or a candidate.
pub fn code_view(of: impl ToString, code: &Code) -> CodeView {
    let interval = match code.validity {
        Validity::Interval { valid_from, valid_until } => (Some(valid_from.as_secs()), Some(valid_until.as_secs())),
        Validity::Counter(_) => (None, None),
    };
    CodeView {
        entry: of.to_string(),
        code: code.expose_value().to_owned(),
        valid_from: interval.0,
        valid_until: interval.1,
    }
}

/// The last reading, with each candidate held against the vault.
pub fn reading_view(unlocked: &Unlocked<'_>, source: Source) -> ReadingView {
    let refusals = unlocked.reading().map(|reading| reading.refusals.clone()).unwrap_or_default();
    let exports = unlocked.reading().map(|reading| reading.exports.as_slice()).unwrap_or_default();
    ReadingView {
        number: unlocked.reading_number(),
        source,
        cancelled: false,
        candidates: unlocked.compared().into_iter().map(CandidateView::from).collect(),
        refusals: refusals.into_iter().map(RefusalView::from).collect(),
        exports: exports.iter().map(ExportView::from).collect(),
    }
}

/// A reading that the person left.
pub fn cancelled_view(source: Source) -> ReadingView {
    ReadingView { number: 0, source, cancelled: true, candidates: vec![], refusals: vec![], exports: vec![] }
}

/// The camera that was switched on.
pub fn camera_view(CameraStart { name, width, height }: CameraStart) -> CameraView {
    CameraView { name, width, height }
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        RefusalView { error: refusal.error.into(), name: refusal.name, form: refusal.form.map(FormView::from) }
    }
}

/// What is not known has the value nearly every site means.
impl From<KeyUriOutline> for FormView {
    fn from(outline: KeyUriOutline) -> Self {
        let KeyUriOutline { label, kind, algorithm, digits, time_step, counter } = outline;
        FormView {
            issuer: label.issuer.unwrap_or_default(),
            account: label.account_name,
            kind: kind.into(),
            algorithm: algorithm.unwrap_or_default().name().to_owned(),
            digits: digits.unwrap_or(Digits::DEFAULT).get().into(),
            period: u32::try_from(time_step.unwrap_or(TimeStep::DEFAULT).as_secs()).unwrap_or(u32::MAX),
            counter: counter.map_or(0, Counter::get).to_string(),
        }
    }
}

impl From<&Export> for ExportView {
    fn from(export: &Export) -> Self {
        ExportView {
            parts: export.parts(),
            have: export.have(),
            missing: export.missing(),
            accounts: small(export.accounts()),
            numbered: export.is_numbered(),
        }
    }
}

/// What came of adding, with what became of the pictures and the clipboard it was read from.
pub fn added_view(entries: &[EntryId], counts: Counts, settled: Settled) -> AddedView {
    let Counts { added, replaced, saved, total } = counts;
    AddedView {
        entries: entries.iter().map(ToString::to_string).collect(),
        added: small(added),
        replaced: small(replaced),
        saved: small(saved),
        total: small(total),
        pictures: settled.pictures.iter().map(PictureView::from).collect(),
        clipboard_cleared: settled.clipboard_cleared,
    }
}

impl From<&SpentPicture> for PictureView {
    fn from(picture: &SpentPicture) -> Self {
        PictureView { id: picture.id.to_string(), name: picture.name(), folder: picture.folder() }
    }
}

impl From<Deleted> for DeletedView {
    fn from(deleted: Deleted) -> Self {
        let Deleted { deleted, kept } = deleted;
        DeletedView { deleted, kept: kept.into_iter().map(RefusalView::from).collect() }
    }
}

impl From<Compared<'_>> for CandidateView {
    fn from(compared: Compared<'_>) -> Self {
        let Compared { id, candidate, present_as, same_secret, same_account, same_key_as } = compared;
        let Candidate { label, issuer_in_label, otp, notice, counter_missing, export } = candidate;
        let unusual = [(notice.unusual_length, Warning::UnusualKeyLength), (*counter_missing, Warning::CounterMissing)];
        let unusual: Vec<Warning> = unusual.into_iter().filter(|(is, _)| *is).map(|(_, warning)| warning).collect();
        CandidateView {
            id: id.to_string(),
            issuer: label.issuer.clone(),
            account: label.account_name.clone(),
            parameters: parameters(label, otp, issuer_in_label.as_deref(), &unusual),
            present_as: present_as.map(EntryView::from),
            same_secret: same_secret.map(EntryView::from),
            same_account: same_account.map(EntryView::from),
            export: export.map(small),
            same_key_as: same_key_as.map(|id| id.to_string()),
        }
    }
}

/// One monitor of the frozen screen, in the language in force.
pub fn frame_view(monitor: &Monitor, language: Language) -> FrameView {
    let picture = &monitor.frame.picture;
    let codes = monitor.codes.iter().enumerate().map(|(index, code)| {
        let Reading { candidates, refusals, .. } = read_code(code);
        // What can be taken can be pressed; what else the code holds is said after it is taken.
        let error = if candidates.is_empty() { refusals.into_iter().next() } else { None };
        FrameCodeView {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            corners: code.corners.map(|corner| [corner.x, corner.y]),
            labels: candidates
                .into_iter()
                .map(|candidate| FrameLabelView {
                    issuer: candidate.label.issuer,
                    account: candidate.label.account_name,
                })
                .collect(),
            form: error.as_ref().is_some_and(|refusal| refusal.form.is_some()),
            error: error.map(|refusal| refusal.error.into()),
        }
    });
    FrameView {
        width: picture.width(),
        height: picture.height(),
        codes: codes.collect(),
        primary: monitor.frame.primary,
        language,
    }
}

/// Seconds after which a copied code leaves the clipboard.
pub fn clear_after_seconds() -> u32 {
    u32::try_from(warifu_session::CLEAR_CLIPBOARD_AFTER.as_secs()).unwrap_or(u32::MAX)
}
