//! Every way the application can say no.
//!
//! The code is decided here; the sentence is the view's (`ui/src/messages/errors.<language>.json`, shared by the window and
//! the command line). A code carries what its sentence has to fill in and never what was put in: no secret, no label.

use std::collections::BTreeMap;

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Which sentence tells the error. The texts are stable: scripts read them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[doc = $doc])+ $name,)+ }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$name,)+];

            /// The code as scripts and the page see it.
            pub fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$name => $code,)+ }
            }
        }
    };
}

error_codes! {
    /// The vault is locked: unlock it first.
    Locked = "locked",
    /// The vault is open already.
    NotLocked = "not_locked",
    /// There is a vault already; a new one is not put over it.
    VaultExists = "vault_exists",
    /// There is no vault yet.
    NoVault = "no_vault",
    /// The password does not open the vault.
    WrongPassword = "wrong_password",
    /// No password was given.
    PasswordEmpty = "password_empty",
    /// The password is longer than `limit` bytes.
    PasswordTooLong = "password_too_long",
    /// Too many wrong passwords in a row: wait `seconds`.
    TooManyAttempts = "too_many_attempts",
    /// The vault file is damaged, cut off or not a vault.
    VaultDamaged = "vault_damaged",
    /// The vault file was altered by someone without its key.
    VaultTampered = "vault_tampered",
    /// The vault was written by a newer version (`major`).
    VaultTooNew = "vault_too_new",
    /// The vault's key derivation asks for more, or less, than is allowed.
    VaultKdfRefused = "vault_kdf_refused",
    /// The vault file is larger than any vault.
    VaultTooLarge = "vault_too_large",
    /// The vault file cannot be read (`reason`).
    VaultUnreadable = "vault_unreadable",
    /// The vault could not be saved (`reason`); the old file is whole.
    VaultNotSaved = "vault_not_saved",
    /// There is no vault file, but there are traces of one: backups, or a folder of them that is away, or the memory of one.
    VaultMissing = "vault_missing",
    /// The vault was saved, but the disk did not confirm it (`reason`).
    VaultNotFlushed = "vault_not_flushed",
    /// The vault file was changed by something else since it was opened.
    VaultChangedOnDisk = "vault_changed_on_disk",
    /// Another Warifu is saving just now.
    VaultBusy = "vault_busy",
    /// Something else stands in the vault's place; what was to be saved is in the file `name` beside it.
    VaultConflictCopy = "vault_conflict_copy",
    /// Something else stands in the vault's place, and it is not replaced.
    VaultConflict = "vault_conflict",
    /// The vault file is older (`revision`) than what was seen here (`seen_revision`, at the Unix time `when`).
    VaultRolledBack = "vault_rolled_back",
    /// Changes made elsewhere were taken up (`added`, `changed`, `conflicts`).
    VaultMerged = "vault_merged",
    /// The ways into the vault were changed elsewhere, and that was taken up.
    WaysInChanged = "ways_in_changed",
    /// It is a copy of another vault.
    OtherVault = "other_vault",
    /// A save that was cut off has been completed.
    SaveCompleted = "save_completed",
    /// The vault is saved, but has no new backup (`reason`).
    BackupNotWritten = "backup_not_written",
    /// The vault is saved, but the second folder has no copy (`reason`).
    SecondFolderMissing = "second_folder_missing",
    /// The folder cannot take backups (`reason`).
    FolderUnusable = "folder_unusable",
    /// There is no such backup (any more).
    BackupNotFound = "backup_not_found",
    /// The backup cannot be read (`reason`).
    BackupUnreadable = "backup_unreadable",
    /// The password does not open this backup.
    BackupWrongPassword = "backup_wrong_password",
    /// There is no backup yet.
    NoBackup = "no_backup",
    /// The chosen file is neither a vault nor a backup of one.
    FileNotAVault = "file_not_a_vault",
    /// The chosen vault file is damaged or cut off.
    FileDamaged = "file_damaged",
    /// The chosen vault file was altered by something else than Warifu.
    FileTampered = "file_tampered",
    /// The chosen vault file was written by a newer version (`major`).
    FileTooNew = "file_too_new",
    /// The chosen file is larger than any vault.
    FileTooLarge = "file_too_large",
    /// The file that was chosen is not held any more.
    NoFileChosen = "no_file_chosen",
    /// A vault is here that would have to be put aside first, and nobody said that it may.
    VaultInTheWay = "vault_in_the_way",
    /// The person gave up.
    Cancelled = "cancelled",
    /// No recovery key was typed.
    RecoveryKeyEmpty = "recovery_key_empty",
    /// A character no recovery key has (`position`, from 1).
    RecoveryKeyCharacter = "recovery_key_character",
    /// A group of the recovery key is mistyped (`group`, from 1).
    RecoveryKeyGroup = "recovery_key_group",
    /// The recovery key is not whole (`symbols` so far).
    RecoveryKeyIncomplete = "recovery_key_incomplete",
    /// There is more than a recovery key.
    RecoveryKeyTooLong = "recovery_key_too_long",
    /// It is a recovery key, but not this vault's.
    WrongRecoveryKey = "wrong_recovery_key",
    /// The recovery key was removed or replaced since the backup was made that it opens.
    RecoveryKeyGivenUp = "recovery_key_given_up",
    /// The recovery key was removed or replaced, and so many backups (`count`) could not be sealed anew.
    BackupsOpenByOldKey = "backups_open_by_old_key",
    /// No recovery key was ever made for this vault.
    NoRecoveryKey = "no_recovery_key",
    /// What was typed back is not what the sheet says (`group`).
    RecoveryConfirmationWrong = "recovery_confirmation_wrong",
    /// There is no new recovery key to confirm.
    NoRecoveryPending = "no_recovery_pending",
    /// The hint is longer than `limit` characters.
    HintTooLong = "hint_too_long",
    /// The password stands in the hint.
    HintIsPassword = "hint_is_password",
    /// Quick unlock is off on this machine.
    QuickUnlockOff = "quick_unlock_off",
    /// The master password is asked for every two weeks.
    PasswordDue = "password_due",
    /// The keyring did not open the vault although quick unlock is on.
    QuickUnlockGone = "quick_unlock_gone",
    /// It is time to practise the master password.
    RehearsalDue = "rehearsal_due",
    /// There is no recovery key, some days after the vault was made.
    RecoveryKeyAdvised = "recovery_key_advised",
    /// The keyring does not work (`reason`).
    KeyringUnavailable = "keyring_unavailable",
    /// The keyring has no key for this vault.
    KeyringNoEntry = "keyring_no_entry",
    /// What the keyring has does not open this vault.
    KeyringWrongValue = "keyring_wrong_value",
    /// The keyring did not answer in time.
    KeyringTimedOut = "keyring_timed_out",
    /// The vault would be left without a password and a recovery key.
    LastSlot = "last_slot",
    /// The vault has as many ways in as it can.
    TooManySlots = "too_many_slots",
    /// There is not enough memory to derive the key.
    OutOfMemory = "out_of_memory",
    /// The file cannot be read (`reason`).
    FileUnreadable = "file_unreadable",
    /// The file could not be written (`reason`).
    FileNotWritten = "file_not_written",
    /// There is a file of that name already; it is not overwritten.
    FileExists = "file_exists",
    /// The file is no picture that can be read.
    NotAPicture = "not_a_picture",
    /// A picture or document of a kind that is not read.
    PictureUnsupported = "picture_unsupported",
    /// The picture file is cut off.
    PictureTruncated = "picture_truncated",
    /// The picture file is broken.
    PictureBroken = "picture_broken",
    /// The PDF opens with a password only.
    PdfProtected = "pdf_protected",
    /// The PDF has more pages than are looked at (`limit`); those up to it were.
    PdfTooManyPages = "pdf_too_many_pages",
    /// The PDF, or some of its pages, could not be drawn within the time and memory it may have.
    PdfTooDemanding = "pdf_too_demanding",
    /// The picture is too large (`width`, `height`).
    PictureTooLarge = "picture_too_large",
    /// The picture file has too many bytes (`limit_mib`).
    PictureFileTooLarge = "picture_file_too_large",
    /// No QR code was found.
    NoCodeFound = "no_code_found",
    /// The code is a web link.
    CodeIsWebLink = "code_is_web_link",
    /// The code is for a Wi-Fi network.
    CodeIsWifi = "code_is_wifi",
    /// The code is a Microsoft push code, for the Microsoft app alone.
    CodeIsMicrosoftPush = "code_is_microsoft_push",
    /// The code moves, activates or signs in another app (`app`).
    CodeIsOtherApp = "code_is_other_app",
    /// The code signs in with a passkey of a phone.
    CodeIsPasskey = "code_is_passkey",
    /// The code is an address, a telephone number, a message, a place or a date.
    CodeIsContact = "code_is_contact",
    /// The code pays or is paid.
    CodeIsPayment = "code_is_payment",
    /// The code holds some other text.
    CodeIsOther = "code_is_other",
    /// The pasted text is no key.
    TextIsNoKey = "text_is_no_key",
    /// A key URI of a type nobody but its app understands.
    UnsupportedType = "unsupported_type",
    /// A key URI that breaks its own grammar.
    KeyUriMalformed = "key_uri_malformed",
    /// A key URI too long to be one.
    KeyUriTooLong = "key_uri_too_long",
    /// A key URI that says a parameter twice, differently (`parameter`).
    KeyUriConflict = "key_uri_conflict",
    /// There is no key.
    SecretMissing = "secret_missing",
    /// An illegal character in the key (`position`, from 1).
    SecretIllegalCharacter = "secret_illegal_character",
    /// The key is too short to make a code.
    SecretTooShort = "secret_too_short",
    /// The key is longer than any real one.
    SecretTooLong = "secret_too_long",
    /// The number of digits is not 1 to 10.
    DigitsOutOfRange = "digits_out_of_range",
    /// The time step is not a positive number of seconds.
    PeriodOutOfRange = "period_out_of_range",
    /// The counter is not a number from 0 to 2⁶⁴−1, or is used up.
    CounterOutOfRange = "counter_out_of_range",
    /// The algorithm is not SHA-1, SHA-256 or SHA-512.
    UnknownAlgorithm = "unknown_algorithm",
    /// The site's or account's name is too long (`limit`).
    LabelTooLong = "label_too_long",
    /// Neither a site nor an account is named.
    LabelEmpty = "label_empty",
    /// The export code of Google Authenticator is damaged.
    MigrationMalformed = "migration_malformed",
    /// The export code says that it is a part that cannot be.
    MigrationImpossiblePart = "migration_impossible_part",
    /// Part `part` of the export was read before.
    MigrationPartAgain = "migration_part_again",
    /// An account of the export whose codes are made with MD5 (`index`).
    MigrationUnsupportedMd5 = "migration_unsupported_md5",
    /// An account of the export with an unknown algorithm (`index`).
    MigrationUnsupportedAlgorithm = "migration_unsupported_algorithm",
    /// An account of the export with an unknown number of digits (`index`).
    MigrationUnsupportedDigits = "migration_unsupported_digits",
    /// An account of the export that is neither time-based nor counter-based (`index`).
    MigrationUnsupportedKind = "migration_unsupported_kind",
    /// An account of the export without a usable key (`index`).
    MigrationNoKey = "migration_no_key",
    /// An account of the export that is damaged otherwise (`index`).
    MigrationUnsupported = "migration_unsupported",
    /// There is no such entry (any more).
    NoSuchEntry = "no_such_entry",
    /// The entry is not in the trash.
    EntryNotDeleted = "entry_not_deleted",
    /// The entry has no such earlier version.
    NoSuchVersion = "no_such_version",
    /// Several entries fit the name.
    AmbiguousEntry = "ambiguous_entry",
    /// What was read is gone: read it again.
    NoSuchCandidate = "no_such_candidate",
    /// An entry with this secret is in the vault already.
    AlreadyPresent = "already_present",
    /// Two keys would take the place of one entry's key.
    ReplacedTwice = "replaced_twice",
    /// The picture file is not the one that was read any more.
    PictureChanged = "picture_changed",
    /// The picture file is gone.
    PictureGone = "picture_gone",
    /// The picture file is a link to another.
    PictureIsLink = "picture_is_link",
    /// Nothing is known of that picture file any more.
    NoSuchPicture = "no_such_picture",
    /// The picture file could not be deleted (`reason`).
    PictureNotDeleted = "picture_not_deleted",
    /// More keys in one text than are read at once (`limit`).
    TooManyKeys = "too_many_keys",
    /// More files than are read at once (`limit`).
    TooManyFiles = "too_many_files",
    /// The entry makes no code of this kind.
    NotCounterBased = "not_counter_based",
    /// The screen could not be captured (`reason`).
    CaptureFailed = "capture_failed",
    /// This desktop has nobody who hands over a picture of the screen.
    CaptureUnsupported = "capture_unsupported",
    /// The person or their desktop did not allow the picture of the screen.
    CaptureDenied = "capture_denied",
    /// The system (macOS) does not let this program record the screen until it is told to, and the program started anew.
    CaptureNotPermitted = "capture_not_permitted",
    /// There is no camera that could be used.
    CameraNone = "camera_none",
    /// Another program has the camera.
    CameraBusy = "camera_busy",
    /// The system does not let this program use the camera.
    CameraDenied = "camera_denied",
    /// The camera gives no picture (`reason`).
    CameraFailed = "camera_failed",
    /// The camera is off: nothing was found for long, or nobody looked.
    CameraStopped = "camera_stopped",
    /// The screen is being scanned already.
    ScanRunning = "scan_running",
    /// There is no frozen picture here.
    NoFrame = "no_frame",
    /// The clipboard does not take a code (`reason`).
    ClipboardFailed = "clipboard_failed",
    /// There is nothing on the clipboard that could be read.
    ClipboardEmpty = "clipboard_empty",
    /// There is a one-time password on the clipboard, and no key.
    ClipboardIsCode = "clipboard_is_code",
    /// The clipboard cannot be read (`reason`).
    ClipboardUnreadable = "clipboard_unreadable",
    /// The settings could not be saved (`reason`).
    SettingsNotSaved = "settings_not_saved",
    /// Something that should not happen did (`reason`).
    Unexpected = "unexpected",
}

/// An error as it leaves the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionError {
    /// Which sentence.
    pub code: ErrorCode,
    /// What the sentence has to fill in.
    pub detail: BTreeMap<&'static str, String>,
}

impl SessionError {
    /// An error whose sentence needs nothing filled in.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, detail: BTreeMap::new() }
    }

    /// Adds what the sentence fills in for `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.detail.insert(name, value.to_string());
        self
    }
}

impl From<ErrorCode> for SessionError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for SessionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl std::error::Error for SessionError {}
