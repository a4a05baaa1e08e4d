// The one file that talks to Rust.
//
// The page decides nothing: it asks here and draws the answer. No answer has a field for a secret.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type * as wire from './bindings';

/** What Rust says unasked. */
export interface Events {
  /** The vault has been locked from outside the page: everything shown must go. */
  locked: null;
  /** A picture was dropped on the window and read. */
  dropped: wire.DroppedView;
  /** Something is being dragged over the window, or no longer. */
  drag: 'over' | 'leave';
  /** The copied code has been taken off the clipboard. */
  clipboard_cleared: null;
  /** The vault was changed from outside and merged: what is shown may be old. */
  changed: null;
}

/** Every command of the main window and of the frozen screen. Each rejects with an {@link wire.ErrorView}. */
export interface Client {
  appState(): Promise<wire.AppView>;
  setAppearance(request: wire.AppearanceRequest): Promise<wire.SettingsView>;
  setLockAfter(request: wire.LockAfterRequest): Promise<wire.SettingsView>;
  ratePassword(password: string): Promise<wire.PasswordRatingView>;
  createVault(password: string, hint: string): Promise<wire.AppView>;
  unlock(password: string): Promise<wire.AppView>;
  quickUnlock(): Promise<wire.AppView>;
  /** Gives up whatever is opening the vault just now; that then rejects with `cancelled`. */
  cancelUnlock(): Promise<null>;
  lock(): Promise<wire.AppView>;
  reportActivity(): Promise<null>;
  resolveRollback(how: wire.RollbackAnswer): Promise<wire.AppView>;
  dismissNotice(code: wire.ErrorCode): Promise<wire.AppView>;

  security(): Promise<wire.SecurityView>;
  changePassword(current: string, replacement: string, hint: string, oldBackups: wire.OldBackups): Promise<wire.PasswordChangedView>;
  setHint(hint: string, password: string): Promise<wire.SecurityView>;
  setQuickUnlock(on: boolean, password: string): Promise<wire.SecurityView>;
  removeOtherKeyrings(password: string): Promise<wire.SecurityView>;
  rehearse(password: string): Promise<null>;

  checkRecoveryKey(text: string): Promise<wire.RecoveryTypedView>;
  recover(key: string, replacement: string, hint: string): Promise<wire.AppView>;
  /** Makes a recovery key, not yet in the vault. Without the password only right after the vault was made. */
  beginRecoveryKey(password: string | null): Promise<wire.RecoveryKeyView>;
  confirmRecoveryKey(groups: string[]): Promise<wire.SecurityView>;
  cancelRecoveryKey(): Promise<null>;
  removeRecoveryKey(password: string): Promise<wire.SecurityView>;

  listBackups(): Promise<wire.BackupsView>;
  restoreBackup(place: wire.BackupPlace, name: string, password: string): Promise<wire.AppView>;
  restoreDrill(password: string): Promise<wire.DrillView>;
  chooseSecondFolder(): Promise<wire.BackupsView>;
  clearSecondFolder(): Promise<wire.BackupsView>;

  /** Lets the person choose a backup file; null if they chose none. Only while the vault is not open, as the next three. */
  chooseBackupFile(): Promise<wire.ChosenFileView | null>;
  /** Makes the chosen file the vault. `aside`: another vault that is here may be put aside for it. */
  takeOverFile(password: string, aside: boolean): Promise<wire.AppView>;
  takeOverFileRecovered(key: string, replacement: string, hint: string, aside: boolean): Promise<wire.AppView>;
  /** Puts the vault aside, so that a new one can be made. */
  beginAnew(): Promise<wire.BegunAnewView>;

  listEntries(query: string): Promise<wire.EntriesView>;
  currentCodes(): Promise<wire.CodesView>;
  nextCode(entry: string): Promise<wire.CodeView>;
  copyCode(entry: string): Promise<wire.CopiedView>;
  editEntry(request: wire.EditRequest): Promise<wire.EntryView>;
  deleteEntry(entry: string): Promise<null>;
  restoreEntry(entry: string): Promise<null>;
  moveEntry(request: wire.MoveRequest): Promise<null>;
  listTrash(): Promise<wire.TrashView>;
  removeEntry(entry: string): Promise<null>;
  entryHistory(entry: string): Promise<wire.HistoryView>;
  takeBack(entry: string, index: number): Promise<wire.EntryView>;

  scanScreen(): Promise<wire.ReadingView>;
  openPicture(): Promise<wire.ReadingView>;
  proposeKey(request: wire.KeyRequest): Promise<wire.ReadingView>;
  candidateCode(candidate: string): Promise<wire.CodeView | null>;
  addCandidates(requests: wire.AddRequest[]): Promise<wire.AddedView>;
  discardReading(number: number): Promise<null>;
  /** Reads whatever is on the clipboard. */
  paste(): Promise<wire.ReadingView>;
  deletePictures(pictures: string[]): Promise<wire.DeletedView>;

  cameraStart(): Promise<wire.CameraView>;
  /** Waits for the next frame and looks for codes in it. Once something is found the camera is off. */
  cameraLook(): Promise<wire.CameraLookView>;
  /** The last frame as RGBA, in the size that {@link Client.cameraLook} told. */
  cameraPreview(): Promise<ArrayBuffer>;
  cameraStop(): Promise<null>;

  frame(): Promise<wire.FrameView>;
  framePixels(): Promise<ArrayBuffer>;
  pickCode(index: number): Promise<null>;
  /** Takes every code that was found, on every monitor. */
  pickAll(): Promise<null>;
  pickRegion(request: wire.RegionRequest): Promise<wire.PickedView>;
  cancelScan(): Promise<null>;

  /** Calls `handler` whenever Rust says `event`. */
  on<Name extends keyof Events>(event: Name, handler: (payload: Events[Name]) => void): Promise<void>;
}

/** Makes an error of Rust out of whatever was thrown: Tauri itself throws plain text. */
export function asError(thrown: unknown): wire.ErrorView {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'detail' in thrown) return thrown as wire.ErrorView;
  return { code: 'unexpected', detail: { reason: thrown instanceof Error ? thrown.message : String(thrown) } };
}

async function call<Answer>(command: string, args?: Record<string, unknown>): Promise<Answer> {
  try {
    return await invoke<Answer>(command, args);
  } catch (thrown) {
    throw asError(thrown);
  }
}

/** Rust, through Tauri. */
export const tauriClient: Client = {
  appState: () => call('app_state'),
  setAppearance: (request) => call('set_appearance', { request }),
  setLockAfter: (request) => call('set_lock_after', { request }),
  ratePassword: (password) => call('rate_password', { password }),
  createVault: (password, hint) => call('create_vault', { password, hint }),
  unlock: (password) => call('unlock', { password }),
  quickUnlock: () => call('quick_unlock'),
  cancelUnlock: () => call('cancel_unlock'),
  lock: () => call('lock'),
  reportActivity: () => call('report_activity'),
  resolveRollback: (how) => call('resolve_rollback', { how }),
  dismissNotice: (code) => call('dismiss_notice', { code }),

  security: () => call('security'),
  changePassword: (current, replacement, hint, oldBackups) => call('change_password', { current, replacement, hint, oldBackups }),
  setHint: (hint, password) => call('set_hint', { hint, password }),
  setQuickUnlock: (on, password) => call('set_quick_unlock', { on, password }),
  removeOtherKeyrings: (password) => call('remove_other_keyrings', { password }),
  rehearse: (password) => call('rehearse', { password }),

  checkRecoveryKey: (text) => call('check_recovery_key', { text }),
  recover: (key, replacement, hint) => call('recover', { key, replacement, hint }),
  beginRecoveryKey: (password) => call('begin_recovery_key', { password }),
  confirmRecoveryKey: (groups) => call('confirm_recovery_key', { groups }),
  cancelRecoveryKey: () => call('cancel_recovery_key'),
  removeRecoveryKey: (password) => call('remove_recovery_key', { password }),

  listBackups: () => call('list_backups'),
  restoreBackup: (place, name, password) => call('restore_backup', { place, name, password }),
  restoreDrill: (password) => call('restore_drill', { password }),
  chooseSecondFolder: () => call('choose_second_folder'),
  clearSecondFolder: () => call('clear_second_folder'),

  chooseBackupFile: () => call('choose_backup_file'),
  takeOverFile: (password, aside) => call('take_over_file', { password, aside }),
  takeOverFileRecovered: (key, replacement, hint, aside) => call('take_over_file_recovered', { key, replacement, hint, aside }),
  beginAnew: () => call('begin_anew'),

  listEntries: (query) => call('list_entries', { query }),
  currentCodes: () => call('current_codes'),
  nextCode: (entry) => call('next_code', { entry }),
  copyCode: (entry) => call('copy_code', { entry }),
  editEntry: (request) => call('edit_entry', { request }),
  deleteEntry: (entry) => call('delete_entry', { entry }),
  restoreEntry: (entry) => call('restore_entry', { entry }),
  moveEntry: (request) => call('move_entry', { request }),
  listTrash: () => call('list_trash'),
  removeEntry: (entry) => call('remove_entry', { entry }),
  entryHistory: (entry) => call('entry_history', { entry }),
  takeBack: (entry, index) => call('take_back', { entry, index }),

  scanScreen: () => call('scan_screen'),
  openPicture: () => call('open_picture'),
  proposeKey: (request) => call('propose_key', { request }),
  candidateCode: (candidate) => call('candidate_code', { candidate }),
  addCandidates: (requests) => call('add_candidates', { requests }),
  discardReading: (number) => call('discard_reading', { number }),
  paste: () => call('paste'),
  deletePictures: (pictures) => call('delete_pictures', { pictures }),

  cameraStart: () => call('camera_start'),
  cameraLook: () => call('camera_look'),
  cameraPreview: () => call('camera_preview'),
  cameraStop: () => call('camera_stop'),

  frame: () => call('frame'),
  framePixels: () => call('frame_pixels'),
  pickCode: (index) => call('pick_code', { index }),
  pickAll: () => call('pick_all'),
  pickRegion: (request) => call('pick_region', { request }),
  cancelScan: () => call('cancel_scan'),

  on: async (event, handler) => {
    await listen<Events[typeof event]>(event, ({ payload }) => handler(payload));
  },
};
