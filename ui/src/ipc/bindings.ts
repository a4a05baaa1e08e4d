// Written by `cargo xtask bindings` from crates/ipc. Do not edit.

export type ErrorCode = "locked" | "not_locked" | "vault_exists" | "no_vault" | "wrong_password" | "password_empty" | "password_too_long" | "too_many_attempts" | "vault_damaged" | "vault_tampered" | "vault_too_new" | "vault_kdf_refused" | "vault_too_large" | "vault_unreadable" | "vault_not_saved" | "vault_missing" | "vault_not_flushed" | "vault_changed_on_disk" | "vault_busy" | "vault_conflict_copy" | "vault_conflict" | "vault_rolled_back" | "vault_merged" | "ways_in_changed" | "other_vault" | "save_completed" | "backup_not_written" | "second_folder_missing" | "folder_unusable" | "backup_not_found" | "backup_unreadable" | "backup_wrong_password" | "no_backup" | "file_not_a_vault" | "file_damaged" | "file_tampered" | "file_too_new" | "file_too_large" | "no_file_chosen" | "vault_in_the_way" | "cancelled" | "recovery_key_empty" | "recovery_key_character" | "recovery_key_group" | "recovery_key_incomplete" | "recovery_key_too_long" | "wrong_recovery_key" | "recovery_key_given_up" | "backups_open_by_old_key" | "no_recovery_key" | "recovery_confirmation_wrong" | "no_recovery_pending" | "hint_too_long" | "hint_is_password" | "quick_unlock_off" | "password_due" | "quick_unlock_gone" | "rehearsal_due" | "recovery_key_advised" | "keyring_unavailable" | "keyring_no_entry" | "keyring_wrong_value" | "keyring_timed_out" | "last_slot" | "too_many_slots" | "out_of_memory" | "file_unreadable" | "file_not_written" | "file_exists" | "not_a_picture" | "picture_unsupported" | "picture_truncated" | "picture_broken" | "pdf_protected" | "pdf_too_many_pages" | "pdf_too_demanding" | "picture_too_large" | "picture_file_too_large" | "no_code_found" | "code_is_web_link" | "code_is_wifi" | "code_is_microsoft_push" | "code_is_other_app" | "code_is_passkey" | "code_is_contact" | "code_is_payment" | "code_is_part" | "code_is_other" | "text_is_no_key" | "unsupported_type" | "key_uri_malformed" | "key_uri_too_long" | "key_uri_conflict" | "secret_missing" | "secret_illegal_character" | "secret_too_short" | "secret_too_long" | "digits_out_of_range" | "period_out_of_range" | "counter_out_of_range" | "unknown_algorithm" | "label_too_long" | "label_empty" | "migration_malformed" | "migration_impossible_part" | "migration_part_again" | "migration_unsupported_md5" | "migration_unsupported_algorithm" | "migration_unsupported_digits" | "migration_unsupported_kind" | "migration_no_key" | "migration_unsupported" | "no_such_entry" | "entry_not_deleted" | "no_such_version" | "ambiguous_entry" | "no_such_candidate" | "already_present" | "replaced_twice" | "picture_changed" | "picture_gone" | "picture_is_link" | "no_such_picture" | "picture_not_deleted" | "too_many_keys" | "dropped_no_file" | "too_many_files" | "not_counter_based" | "capture_failed" | "capture_unsupported" | "capture_denied" | "capture_not_permitted" | "camera_none" | "camera_busy" | "camera_denied" | "camera_failed" | "camera_stopped" | "scan_running" | "no_frame" | "clipboard_failed" | "clipboard_empty" | "clipboard_is_code" | "clipboard_unreadable" | "settings_not_saved" | "unexpected";

export type Language = "system" | "ja" | "en";

export type Theme = "system" | "light" | "dark";

export type Kind = "totp" | "hotp" | "steam";

export type TimeUnit = "seconds" | "minutes" | "hours" | "days" | "months" | "years" | "centuries";

export type Warning = "short_secret" | "unusual_key_length" | "counter_missing" | "hidden_characters";

export type Source = "screen" | "picture" | "clipboard" | "camera" | "text";

export type ErrorView = { 
/**
 * Which sentence.
 */
code: ErrorCode, 
/**
 * What the sentence has to fill in.
 */
detail: Record<string, string>, };

export type SettingsView = { 
/**
 * The language chosen, or the system's.
 */
language: Language, 
/**
 * The theme chosen, or the system's.
 */
theme: Theme, 
/**
 * Minutes without activity until the vault locks; 0 means never.
 */
lock_after_minutes: number, 
/**
 * Seconds after which a copied code is cleared from the clipboard.
 */
clear_clipboard_after_seconds: number, };

export type QuickUnlock = "off" | "ready" | "password_due";

export type PhaseView = { "name": "first_start" } | { "name": "locked", 
/**
 * Whether the keyring of this machine may be asked.
 */
quick_unlock: QuickUnlock, 
/**
 * The hint to the password.
 */
hint: string | null, 
/**
 * Whether a recovery key was made.
 */
has_recovery_key: boolean, } | { "name": "unlocked" } | { "name": "unreadable", 
/**
 * Why.
 */
error: ErrorView, };

export type NoticeView = { 
/**
 * Which sentence.
 */
code: ErrorCode, 
/**
 * What the sentence has to fill in.
 */
detail: Record<string, string>, };

export type AppView = { 
/**
 * Where the program stands.
 */
phase: PhaseView, 
/**
 * The settings in force.
 */
settings: SettingsView, 
/**
 * The system's language: `ja` or `en`.
 */
system_language: Language, 
/**
 * The program's version.
 */
version: string, 
/**
 * Where the vault file is.
 */
vault_path: string, 
/**
 * What the person should be told, the newest last.
 */
notices: Array<NoticeView>, 
/**
 * Whether the desktop will ask the person before it shows us the screen.
 */
scan_asks: boolean, };

export type PasswordRatingView = { 
/**
 * 0 (guessed at once) to 4 (very strong), by zxcvbn.
 */
score: number, 
/**
 * Time to guess it from a stolen vault: how many of `crack_time_unit`.
 */
crack_time_amount: number, 
/**
 * The unit of `crack_time_amount`.
 */
crack_time_unit: TimeUnit, };

export type ParametersView = { 
/**
 * What kind of code it makes.
 */
kind: Kind, 
/**
 * `SHA1`, `SHA256` or `SHA512`.
 */
algorithm: string, 
/**
 * Length of the code.
 */
digits: number, 
/**
 * Seconds a code lives (TOTP and Steam).
 */
period: number | null, 
/**
 * The next counter (HOTP), as decimal text.
 */
counter: string | null, 
/**
 * Length of the secret in bits.
 */
secret_bits: number, 
/**
 * Mild warnings.
 */
warnings: Array<Warning>, 
/**
 * The issuer in the label, where it disagrees with the issuer parameter.
 */
issuer_in_label: string | null, };

export type EntryView = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * The site's name.
 */
issuer: string | null, 
/**
 * The account's name at the site.
 */
account: string, 
/**
 * Its parameters.
 */
parameters: ParametersView, 
/**
 * The account it was kept beside when two copies of the vault had different keys for it.
 */
conflict_of: string | null, 
/**
 * Whether it was something else before.
 */
has_history: boolean, };

export type RecoveryKeyView = { 
/**
 * Its groups, in order.
 */
groups: Array<string>, 
/**
 * Which of them have to be typed back, from 1.
 */
ask: Array<number>, 
/**
 * When it was made, Unix time.
 */
made_at: number, };

export type RecoveryTypedView = { 
/**
 * How many whole groups are right, from the first.
 */
groups_right: number, 
/**
 * Whether it is a whole key.
 */
complete: boolean, 
/**
 * What is wrong so far; null while it is only unfinished.
 */
error: ErrorView | null, };

export type SecurityView = { 
/**
 * Whether a recovery key opens it.
 */
has_recovery_key: boolean, 
/**
 * When that was made, Unix time, where it is known.
 */
recovery_made_at: number | null, 
/**
 * Whether quick unlock is on, on this machine.
 */
quick_unlock: boolean, 
/**
 * Whether this system has a keyring that answers.
 */
quick_unlock_available: boolean, 
/**
 * The keys in other keyrings that open the vault, by when each was let in, Unix time, where that is known.
 */
other_keyrings: (number | null)[], 
/**
 * After how many days the password is asked for while it is on.
 */
password_every_days: number, 
/**
 * The hint to the password.
 */
hint: string | null, };

export type PasswordChangedView = { 
/**
 * How many open with the new password now.
 */
rewrapped: number, 
/**
 * How many were deleted.
 */
removed: number, 
/**
 * How many are as they were, because they could not be read or written.
 */
failed: number, };

export type BackupPlace = "beside" | "second";

export type BackupState = "verified" | "intact" | "damaged" | "other";

export type BackupView = { 
/**
 * Where it lies.
 */
place: BackupPlace, 
/**
 * The name of its file.
 */
name: string, 
/**
 * When it was written, Unix time.
 */
taken_at: number, 
/**
 * Its revision.
 */
revision: number, 
/**
 * How many accounts it holds, where it was opened.
 */
accounts: number | null, 
/**
 * How sound it is.
 */
state: BackupState, };

export type BackupsView = { 
/**
 * The backups.
 */
backups: Array<BackupView>, 
/**
 * The folder beside the vault that holds them.
 */
folder: string, 
/**
 * The second folder, if one was chosen.
 */
second_folder: string | null, 
/**
 * Whether it is known to lie on the disk of the vault, and would be lost with it.
 */
second_shares_disk: boolean, 
/**
 * Why it has no copy of the newest revision.
 */
second_error: ErrorView | null, 
/**
 * When a backup was last opened for practice, Unix time.
 */
last_drill: number | null, };

export type Here = "nothing" | "same_vault" | "other_vault" | "unusable";

export type ChosenFileView = { 
/**
 * Its name, without any folder.
 */
name: string, 
/**
 * When it was written, as far as anyone can tell, Unix time.
 */
written_at: number | null, 
/**
 * Its revision.
 */
revision: number, 
/**
 * The hint to its password.
 */
hint: string | null, 
/**
 * Whether a recovery key was made for it.
 */
has_recovery_key: boolean, 
/**
 * What is in the vault's place.
 */
here: Here, };

export type BegunAnewView = { 
/**
 * Where the program stands.
 */
app: AppView, 
/**
 * What the old vault file is called now, in the same folder; none if there was no file.
 */
kept: string | null, };

export type DrillView = { 
/**
 * Which.
 */
backup: BackupView, 
/**
 * How many accounts are in it.
 */
accounts: number, };

export type TrashedView = { 
/**
 * The account.
 */
entry: EntryView, 
/**
 * When it was deleted, Unix time.
 */
deleted_at: number, 
/**
 * Days until it is removed for good.
 */
days_left: number, };

export type TrashView = { 
/**
 * What is in it.
 */
entries: Array<TrashedView>, 
/**
 * For how many days things stay in it.
 */
keep_days: number, };

export type HistoryItemView = { 
/**
 * Its place in the history, 0 the latest.
 */
index: number, 
/**
 * Until when it was so, Unix time.
 */
until: number, 
/**
 * The site's name then.
 */
issuer: string | null, 
/**
 * The account's name then.
 */
account: string, 
/**
 * Whether it had another name than now.
 */
other_name: boolean, 
/**
 * Whether it had another key than now.
 */
other_key: boolean, 
/**
 * Whether it had the same key with other settings: kind, algorithm, digits or period.
 */
other_settings: boolean, 
/**
 * The code that this key makes now, by which keys are told apart; null for the key of now, and for counter-based ones,
 * whose codes cost a step.
 */
code: CodeView | null, 
/**
 * Its parameters then.
 */
parameters: ParametersView, };

export type HistoryView = { 
/**
 * The earlier versions.
 */
items: Array<HistoryItemView>, };

export type EntriesView = { 
/**
 * The entries that match the search.
 */
entries: Array<EntryView>, 
/**
 * How many entries there are in all.
 */
total: number, 
/**
 * How many entries of the vault this version cannot understand. They are kept.
 */
unreadable: number, };

export type CodeView = { 
/**
 * The entry or the candidate.
 */
entry: string, 
/**
 * The code: no spaces.
 */
code: string, 
/**
 * First second it is valid, Unix time; null for counter-based codes.
 */
valid_from: number | null, 
/**
 * First second it is not valid any more, Unix time; null for counter-based codes.
 */
valid_until: number | null, };

export type CodesView = { 
/**
 * The wall clock when the codes were derived, in Unix milliseconds: the page animates from it.
 */
now_ms: number, 
/**
 * One code an entry.
 */
codes: Array<CodeView>, };

export type CopiedView = { 
/**
 * The code now on the clipboard; null if it was about to die and nothing was copied.
 */
code: CodeView | null, 
/**
 * When the next code begins, Unix time: ask again then.
 */
next_at: number | null, 
/**
 * Seconds after which it is cleared if it is still there.
 */
clear_after_seconds: number, };

export type CandidateView = { 
/**
 * Which candidate of which reading. Only ever handed back.
 */
id: string, 
/**
 * The site's name as read.
 */
issuer: string | null, 
/**
 * The account's name as read.
 */
account: string, 
/**
 * Its parameters.
 */
parameters: ParametersView, 
/**
 * The entry that has the same key already: the same secret, kind, algorithm, digits and period.
 */
present_as: EntryView | null, 
/**
 * Where there is none: the entry that has the same secret with other settings. Adding it beside that one is allowed.
 */
same_secret: EntryView | null, 
/**
 * The entry of the same issuer and account with another key: the site may have given out a new one.
 */
same_account: EntryView | null, 
/**
 * Which of the reading's exports it belongs to.
 */
export: number | null, 
/**
 * An earlier candidate of the reading with the same key under another name. Adding both needs `even_if_present`.
 */
same_key_as: string | null, };

export type FormView = { 
/**
 * The site's name; empty for none.
 */
issuer: string, 
/**
 * The account's name.
 */
account: string, 
/**
 * What kind of code the key makes.
 */
kind: Kind, 
/**
 * `SHA1`, `SHA256` or `SHA512`.
 */
algorithm: string, 
/**
 * Digits of the code.
 */
digits: number, 
/**
 * Seconds a code lives (TOTP).
 */
period: number, 
/**
 * The next counter (HOTP), as decimal text.
 */
counter: string, };

export type RefusalView = { 
/**
 * Why.
 */
error: ErrorView, 
/**
 * What it is about: the name of a file, without its folder, or of an account in an export.
 */
name: string | null, 
/**
 * What could be read of a damaged key URI, to begin a form with.
 */
form: FormView | null, };

export type ExportView = { 
/**
 * How many codes it consists of.
 */
parts: number, 
/**
 * Which have been read, from 1.
 */
have: Array<number>, 
/**
 * Which have not, from 1.
 */
missing: Array<number>, 
/**
 * How many accounts were read so far.
 */
accounts: number, 
/**
 * Whether its codes say by a number which export they are of. Where not, those of another export would look the same.
 */
numbered: boolean, };

export type ReadingView = { 
/**
 * Its number: a later reading takes its place.
 */
number: number, 
/**
 * Where from.
 */
source: Source, 
/**
 * The person left without choosing.
 */
cancelled: boolean, 
/**
 * Accounts that may be added.
 */
candidates: Array<CandidateView>, 
/**
 * What was found and cannot be used.
 */
refusals: Array<RefusalView>, 
/**
 * The exports of several parts that it holds parts of.
 */
exports: Array<ExportView>, };

export type PictureView = { 
/**
 * Only ever handed back.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its folder.
 */
folder: string, };

export type AddedView = { 
/**
 * The entries, in the order they were asked for.
 */
entries: Array<string>, 
/**
 * How many of them are new.
 */
added: number, 
/**
 * How many of them were there, and got another key.
 */
replaced: number, 
/**
 * How many of them were found, with the same key, in the vault file as it was read back from the disk.
 */
saved: number, 
/**
 * How many accounts that file holds, without the trash.
 */
total: number, 
/**
 * Picture files of which every key is in the vault now, and that may be deleted.
 */
pictures: Array<PictureView>, 
/**
 * What was pasted was still on the clipboard, and was taken off it.
 */
clipboard_cleared: boolean, };

export type DeletedView = { 
/**
 * The names of those that are gone.
 */
deleted: Array<string>, 
/**
 * Those that are still there, and why.
 */
kept: Array<RefusalView>, };

export type DroppedView = { 
/**
 * What was read.
 */
reading: ReadingView | null, 
/**
 * Why nothing was read.
 */
error: ErrorView | null, };

export type CameraView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Width of its pictures in pixels.
 */
width: number, 
/**
 * Height of its pictures in pixels.
 */
height: number, };

export type CameraLookView = { 
/**
 * What was found, if there were codes. Then the camera is off, and there is no preview.
 */
reading: ReadingView | null, 
/**
 * There is only a part of an export that was read before. The camera is on, and there is no preview.
 */
known: boolean, 
/**
 * Width of the preview; `camera_preview` gives width × height × 4 bytes of RGBA.
 */
width: number, 
/**
 * Height of the preview.
 */
height: number, };

export type FrameLabelView = { 
/**
 * The site's name.
 */
issuer: string | null, 
/**
 * The account's name.
 */
account: string, };

export type FrameCodeView = { 
/**
 * Its number on this monitor.
 */
index: number, 
/**
 * Its corners in physical pixels, clockwise from the code's own top left.
 */
corners: [[number, number], [number, number], [number, number], [number, number]], 
/**
 * Issuer and account of each account in it.
 */
labels: Array<FrameLabelView>, 
/**
 * Why it cannot be used.
 */
error: ErrorView | null, 
/**
 * It cannot be used as it is, and taking it opens a form with all that could be read.
 */
form: boolean, };

export type FrameView = { 
/**
 * Width in physical pixels. `frame_pixels` gives width × height × 4 bytes of RGBA.
 */
width: number, 
/**
 * Height in physical pixels.
 */
height: number, 
/**
 * The codes found on it.
 */
codes: Array<FrameCodeView>, 
/**
 * Whether this is the monitor that shows the hint.
 */
primary: boolean, 
/**
 * The language in force: `ja` or `en`.
 */
language: Language, };

export type PickedView = { 
/**
 * Whether a code was found in it. Then the frozen picture closes.
 */
found: boolean, };

export type AppearanceRequest = { 
/**
 * The language chosen, or the system's.
 */
language: Language, 
/**
 * The theme chosen, or the system's.
 */
theme: Theme, };

export type LockAfterRequest = { 
/**
 * Minutes without activity; 0 means never.
 */
minutes: number, };

export type KeyRequest = { 
/**
 * The key in Base32 as typed, or an `otpauth://` line (then the fields below are ignored).
 */
text: string, 
/**
 * The site's name; empty for none.
 */
issuer: string, 
/**
 * The account's name at the site.
 */
account: string, 
/**
 * What kind of code the key makes.
 */
kind: Kind, 
/**
 * `SHA1`, `SHA256` or `SHA512`.
 */
algorithm: string, 
/**
 * Digits of the code, 1 to 10.
 */
digits: number, 
/**
 * Seconds a code lives (TOTP).
 */
period: number, 
/**
 * The next counter (HOTP), as decimal text: JavaScript numbers cannot hold 64 bits.
 */
counter: string, };

export type AddRequest = { 
/**
 * Which candidate of which reading.
 */
candidate: string, 
/**
 * The site's name as confirmed; empty for none.
 */
issuer: string, 
/**
 * The account's name as confirmed.
 */
account: string, 
/**
 * Add it although the same secret is in the vault already.
 */
even_if_present: boolean, 
/**
 * The entry whose key it replaces, instead of becoming an entry of its own.
 */
replaces: string | null, };

export type OldBackups = "rewrap" | "delete" | "keep";

export type RollbackAnswer = "merge" | "keep";

export type EditRequest = { 
/**
 * The entry.
 */
entry: string, 
/**
 * The site's new name; empty for none.
 */
issuer: string, 
/**
 * The account's new name.
 */
account: string, };

export type MoveRequest = { 
/**
 * The entry.
 */
entry: string, 
/**
 * Its new place, counted from 0 in the whole list (not in a search result).
 */
to: number, };

export type RegionRequest = { 
/**
 * Left edge.
 */
x: number, 
/**
 * Top edge.
 */
y: number, 
/**
 * Width.
 */
width: number, 
/**
 * Height.
 */
height: number, };
