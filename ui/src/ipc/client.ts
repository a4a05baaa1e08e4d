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
}

/** Every command of the main window and of the frozen screen. Each rejects with an {@link wire.ErrorView}. */
export interface Client {
  appState(): Promise<wire.AppView>;
  setAppearance(request: wire.AppearanceRequest): Promise<wire.SettingsView>;
  setLockAfter(request: wire.LockAfterRequest): Promise<wire.SettingsView>;
  ratePassword(password: string): Promise<wire.PasswordRatingView>;
  createVault(password: string): Promise<wire.AppView>;
  unlock(password: string): Promise<wire.AppView>;
  lock(): Promise<wire.AppView>;
  changePassword(current: string, replacement: string): Promise<null>;
  reportActivity(): Promise<null>;

  listEntries(query: string): Promise<wire.EntriesView>;
  currentCodes(): Promise<wire.CodesView>;
  nextCode(entry: string): Promise<wire.CodeView>;
  copyCode(entry: string): Promise<wire.CopiedView>;
  editEntry(request: wire.EditRequest): Promise<wire.EntryView>;
  deleteEntry(entry: string): Promise<null>;
  restoreEntry(entry: string): Promise<null>;
  moveEntry(request: wire.MoveRequest): Promise<null>;

  scanScreen(): Promise<wire.ReadingView>;
  openPicture(): Promise<wire.ReadingView>;
  proposeKey(request: wire.KeyRequest): Promise<wire.ReadingView>;
  candidateCode(candidate: string): Promise<wire.CodeView | null>;
  addCandidate(request: wire.AddRequest): Promise<wire.EntryView>;
  discardReading(number: number): Promise<null>;

  frame(): Promise<wire.FrameView>;
  framePixels(): Promise<ArrayBuffer>;
  pickCode(index: number): Promise<null>;
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
  createVault: (password) => call('create_vault', { password }),
  unlock: (password) => call('unlock', { password }),
  lock: () => call('lock'),
  changePassword: (current, replacement) => call('change_password', { current, replacement }),
  reportActivity: () => call('report_activity'),

  listEntries: (query) => call('list_entries', { query }),
  currentCodes: () => call('current_codes'),
  nextCode: (entry) => call('next_code', { entry }),
  copyCode: (entry) => call('copy_code', { entry }),
  editEntry: (request) => call('edit_entry', { request }),
  deleteEntry: (entry) => call('delete_entry', { entry }),
  restoreEntry: (entry) => call('restore_entry', { entry }),
  moveEntry: (request) => call('move_entry', { request }),

  scanScreen: () => call('scan_screen'),
  openPicture: () => call('open_picture'),
  proposeKey: (request) => call('propose_key', { request }),
  candidateCode: (candidate) => call('candidate_code', { candidate }),
  addCandidate: (request) => call('add_candidate', { request }),
  discardReading: (number) => call('discard_reading', { number }),

  frame: () => call('frame'),
  framePixels: () => call('frame_pixels'),
  pickCode: (index) => call('pick_code', { index }),
  pickRegion: (request) => call('pick_region', { request }),
  cancelScan: () => call('cancel_scan'),

  on: async (event, handler) => {
    await listen<Events[typeof event]>(event, ({ payload }) => handler(payload));
  },
};
