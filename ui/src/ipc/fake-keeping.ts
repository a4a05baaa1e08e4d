// What the stand-in keeps: backups, deleted accounts, earlier versions, and what it might have to tell.

import type * as wire from './bindings';
import { entriesOf, parameters } from './fake-data';

const DAY = 86_400;

/** Backups as they pile up: several today, one a day, one a week. One is damaged, two are on the stick. */
export function backupsOf(now: number, locked: boolean): wire.BackupView[] {
  const ages = [0.02, 0.09, 0.4, 1.1, 2.2, 3.2, 4.3, 6.1, 9, 16, 23];
  const states: wire.BackupState[] = ['verified', 'verified', 'verified', 'damaged', 'verified', 'verified', 'verified', 'verified', 'other', 'verified', 'verified'];
  return ages.flatMap((age, at) => {
    const taken_at = Math.round(now - age * DAY);
    const found = states[at] ?? 'verified';
    const state = locked && found !== 'damaged' ? 'intact' : found;
    const opened = state === 'verified';
    const backup: wire.BackupView = { place: 'beside', name: `vault-r${128 - at}.warifu`, taken_at, revision: 128 - at, accounts: opened ? Math.max(1, 7 - Math.floor(at / 2)) : null, state };
    return at === 1 ? [backup, { ...backup, place: 'second' as const }] : [backup];
  });
}

/** Accounts deleted a while ago. */
export function trashOf(now: number): wire.TrashedView[] {
  const [first, second] = entriesOf(7).slice(4);
  const put = (entry: wire.EntryView | undefined, days: number): wire.TrashedView[] =>
    entry ? [{ entry: { ...entry, id: `trashed-${entry.id}` }, deleted_at: now - days * DAY, days_left: 30 - days }] : [];
  return [...put(first, 2), ...put(second, 29)];
}

/** Earlier versions of an account: another key, then another name. */
export function historyOf(entry: wire.EntryView, now: number): wire.HistoryItemView[] {
  return [
    { index: 0, until: now - 3 * DAY, issuer: entry.issuer, account: entry.account, other_name: false, other_key: true, other_settings: false, code: { entry: entry.id, code: String(Math.floor(now / 30) % 1_000_000).padStart(6, '0'), valid_from: now - (now % 30), valid_until: now - (now % 30) + 30 }, parameters: parameters({ secret_bits: 128 }) },
    { index: 1, until: now - 40 * DAY, issuer: entry.issuer, account: `${entry.account}-old`, other_name: true, other_key: false, other_settings: false, code: null, parameters: entry.parameters },
  ];
}

/** Notices by name, with something filled in. */
export function noticesOf(names: string, now: number): wire.NoticeView[] {
  const details: Partial<Record<wire.ErrorCode, Record<string, string>>> = {
    vault_rolled_back: { when: String(now - 2 * DAY), seen_revision: '128', revision: '117' },
    vault_merged: { added: '2', changed: '1', conflicts: '1' },
    vault_conflict_copy: { name: 'vault-conflict-20260921.warifu' },
    backup_not_written: { reason: 'No space left on device' },
    second_folder_missing: { reason: 'No such file or directory' },
  };
  const codes = names.split(',').filter(Boolean) as wire.ErrorCode[];
  return codes.map((code) => ({ code, detail: details[code] ?? {} }));
}
