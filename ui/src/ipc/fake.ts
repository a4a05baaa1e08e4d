// Rust's stand-in, in memory: the whole page in a plain browser. Its codes are arbitrary digits; it knows no OTP arithmetic.
//
// The address says what it plays:
//   ?phase=first_start|locked|unlocked|unreadable|missing  &screen=... (see fake-play.ts)  &lang=ja|en &theme=light|dark &zoom=3
//   &entries=3 &conflict=1  &at=21 (seconds left; the clock then stands still)  &slow=1 (opening takes long)
//   &file=damaged &here=other_vault (what choosing a backup file finds)
//   &quick=off|ready|password_due &hint=... &recovery=0 (none)  &second=0|1|gone|same (the second folder)  &notices=rehearsal_due,vault_merged
//   What is read: see fake-readings.ts.
// Its master password is "warifu", its recovery key the first of fake-recovery.ts.

import type * as wire from './bindings';
import type { Client } from './client';
import { entriesOf, frameOf, pixelsOf } from './fake-data';
import { beginning } from './fake-begin';
import { backupsOf, historyOf, noticesOf, trashOf } from './fake-keeping';
import { play, type Handlers } from './fake-play';
import { fakeReadings } from './fake-readings';
import { checkTyped, plain, recoveryKey } from './fake-recovery';

const PASSWORD = 'warifu';
const HINT_LIMIT = 200;
const HOME = '/home/hanako/.local/share/warifu';

/** Digits that look like a code and change with the time step. */
function digitsFor(id: string, step: number, length: number): string {
  let value = 0;
  for (const character of `${id}/${step}`) value = (value * 131 + character.charCodeAt(0)) % 9_999_999_967;
  return String(value).padStart(length, '7').slice(-length);
}

function refuse(code: wire.ErrorCode, detail: Record<string, string> = {}): never {
  throw { code, detail } satisfies wire.ErrorView;
}

/** A client whose answers come from memory. */
export function fakeClient(query: URLSearchParams): Client {
  // What Tauri's `freezePrototype` does in the real window: whatever cannot live with it shall fail here, too.
  Object.freeze(Object.prototype);
  document.documentElement.style.fontSize = `${Number(query.get('zoom') ?? 1) * 100}%`;

  const handlers: Handlers = {};
  const still = query.has('at') ? standStill(Number(query.get('at'))) : null;
  const nowMs = () => still ?? Date.now();
  const now = () => Math.floor(nowMs() / 1000);

  let password = PASSWORD;
  let hint = query.get('hint');
  let recovery = query.get('recovery') === '0' ? null : { groups: recoveryKey(0), made_at: now() - 40 * 86_400 };
  let pending: wire.RecoveryKeyView | null = null;
  let made = false;
  let quick = (query.get('quick') ?? 'off') as wire.QuickUnlock;

  let entries = entriesOf(Number(query.get('entries') ?? 3)).map((entry) => (entry.id === 'kosmo' && query.has('conflict') ? { ...entry, conflict_of: 'midori' } : entry));
  let trash = trashOf(now());
  let notices = noticesOf(query.get('notices') ?? '', now());
  let second: string | null = ['1', 'gone', 'same'].includes(query.get('second') ?? '') ? '/media/hanako/USB-STICK/Warifu' : null;
  let lastDrill: number | null = null;
  let phase = phaseOf(query.get('phase') ?? 'unlocked');
  let settings: wire.SettingsView = {
    language: (query.get('lang') ?? 'system') as wire.Language,
    theme: (query.get('theme') ?? 'system') as wire.Theme,
    lock_after_minutes: 10,
    clear_clipboard_after_seconds: 30,
  };

  function phaseOf(name: string): wire.PhaseView {
    if (name === 'unreadable') return { name, error: { code: 'vault_damaged', detail: {} } };
    if (name === 'missing') return { name: 'unreadable', error: { code: 'vault_missing', detail: {} } };
    if (name === 'locked') return { name, quick_unlock: quick, hint, has_recovery_key: recovery !== null };
    return { name: name === 'first_start' ? name : 'unlocked' };
  }

  const app = (): wire.AppView => ({ phase, settings, system_language: 'ja', version: '0.1.0', vault_path: `${HOME}/vault.warifu`, notices, scan_asks: query.has('asks') });
  const open = () => phase.name === 'unlocked' || refuse('locked');
  const find = (id: string) => entries.find((entry) => entry.id === id) ?? refuse('no_such_entry');
  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const put = (id: string, changed: wire.EntryView) => {
    entries = entries.map((entry) => (entry.id === id ? changed : entry));
    return changed;
  };
  const away = (code: wire.ErrorCode) => (notices = notices.filter((notice) => notice.code !== code));

  /** What takes a while and can be given up. */
  let giveUp: (() => void) | null = null;
  async function opening(): Promise<void> {
    const cancelled = new Promise<'cancelled'>((resolve) => (giveUp = () => resolve('cancelled')));
    if ((await Promise.race([pause(query.has('slow') ? 60_000 : 400), cancelled])) === 'cancelled') refuse('cancelled');
  }
  function enter(): wire.AppView {
    phase = { name: 'unlocked' };
    return app();
  }
  const prove = (typed: string) => typed === password || refuse('wrong_password');
  function keepHint(text: string, secret: string): void {
    if (Array.from(text).length > HINT_LIMIT) refuse('hint_too_long', { limit: String(HINT_LIMIT) });
    if (secret !== '' && text.includes(secret)) refuse('hint_is_password');
    hint = text || null;
  }
  let otherKeyrings: (number | null)[] = query.has('keyrings') ? [now() - 40 * 86_400, null] : [];
  const security = (): wire.SecurityView => ({
    recovery_made_at: recovery?.made_at ?? null,
    has_recovery_key: recovery !== null,
    quick_unlock: quick !== 'off',
    quick_unlock_available: query.get('keyring') !== '0',
    other_keyrings: otherKeyrings,
    password_every_days: 14,
    hint,
  });
  const backups = (): wire.BackupsView => ({
    backups: backupsOf(now(), phase.name !== 'unlocked').filter(({ place }) => place === 'beside' || second !== null),
    folder: `${HOME}/backups`,
    second_folder: second,
    second_shares_disk: second !== null && query.get('second') === 'same',
    second_error: query.get('second') === 'gone' && second ? { code: 'second_folder_missing', detail: { reason: 'No such file or directory' } } : null,
    last_drill: lastDrill,
  });
  const openable = ({ state }: wire.BackupView) => state === 'verified' || state === 'intact';

  function codeOf(entry: string, parameters: wire.ParametersView): wire.CodeView {
    const period = parameters.period ?? 30;
    const step = Math.floor(nowMs() / 1000 / period);
    return { entry, code: digitsFor(entry, step, parameters.digits), valid_from: step * period, valid_until: (step + 1) * period };
  }

  const readings = fakeReadings(query, {
    entries: () => entries,
    add: (entry) => (entries = [...entries, entry]),
    put: (id, changed) => put(id, { ...find(id), ...changed }),
    codeOf,
    refuse,
  });

  const client: Client = {
    appState: async () => app(),
    setAppearance: async (request) => (settings = { ...settings, ...request }),
    setLockAfter: async ({ minutes }) => open() && (settings = { ...settings, lock_after_minutes: minutes }),
    ratePassword: async (text) => {
      const score = Math.min(4, Math.floor(text.length / 4));
      const units: wire.TimeUnit[] = ['seconds', 'minutes', 'days', 'years', 'centuries'];
      return { score, crack_time_amount: score === 0 ? 0 : 3, crack_time_unit: units[score] ?? 'seconds' };
    },
    createVault: async (chosen, words) => {
      await pause(300);
      keepHint(words, chosen);
      password = chosen;
      entries = [];
      trash = [];
      recovery = null;
      made = true;
      return enter();
    },
    unlock: async (typed) => {
      await opening();
      prove(typed);
      return enter();
    },
    quickUnlock: async () => {
      await opening();
      if (query.has('keyring')) refuse('keyring_unavailable', { reason: 'org.freedesktop.DBus.Error.ServiceUnknown' });
      if (quick === 'password_due') refuse('password_due');
      if (quick === 'off') refuse('quick_unlock_off');
      return enter();
    },
    cancelUnlock: async () => {
      giveUp?.();
      return null;
    },
    lock: async () => {
      // The page reloads after this; the address is all the memory there is.
      query.set('phase', 'locked');
      query.set('quick', quick);
      if (hint) query.set('hint', hint);
      query.delete('screen');
      history.replaceState(null, '', `?${query}`);
      phase = phaseOf('locked');
      return app();
    },
    reportActivity: async () => null,
    resolveRollback: async () => {
      away('vault_rolled_back');
      return app();
    },
    dismissNotice: async (code) => {
      away(code);
      return app();
    },

    security: async () => open() && security(),
    changePassword: async (current, replacement, words, oldBackups) => {
      await pause(300);
      prove(current);
      keepHint(words, replacement);
      password = replacement;
      const [old, failed] = [backups().backups.filter(openable).length, second ? 1 : 0];
      return { rewrapped: oldBackups === 'rewrap' ? old - failed : 0, removed: oldBackups === 'delete' ? old - failed : 0, failed: oldBackups === 'keep' ? 0 : failed };
    },
    setHint: async (text, typed) => {
      prove(typed);
      keepHint(text, password);
      return security();
    },
    setQuickUnlock: async (on, typed) => {
      if (on) prove(typed);
      if (on && query.has('keyring')) refuse('keyring_unavailable', { reason: 'org.freedesktop.DBus.Error.ServiceUnknown' });
      quick = on ? 'ready' : 'off';
      return security();
    },
    removeOtherKeyrings: async (typed) => {
      prove(typed);
      otherKeyrings = [];
      return security();
    },
    rehearse: async (typed) => {
      prove(typed);
      away('rehearsal_due');
      return null;
    },

    checkRecoveryKey: async (text) => checkTyped(text),
    recover: async (key, replacement, words) => {
      await opening();
      const { error } = checkTyped(key);
      if (error) throw error;
      if (!recovery) refuse('no_recovery_key');
      if (plain(key) !== recovery.groups.join('')) refuse('wrong_recovery_key');
      keepHint(words, replacement);
      password = replacement;
      return enter();
    },
    beginRecoveryKey: async (typed) => {
      if (typed === null) made || refuse('wrong_password');
      else prove(typed);
      return (pending = { groups: recoveryKey(1), ask: [3, 7], made_at: now() });
    },
    confirmRecoveryKey: async (groups) => {
      const { groups: shown, ask, made_at } = pending ?? refuse('no_recovery_pending');
      const wrong = ask.find((group, at) => plain(groups[at] ?? '') !== shown[group - 1]);
      if (wrong !== undefined) refuse('recovery_confirmation_wrong', { group: String(wrong) });
      recovery = { groups: shown, made_at };
      pending = null;
      return security();
    },
    cancelRecoveryKey: async () => {
      pending = null;
      return null;
    },
    removeRecoveryKey: async (typed) => {
      prove(typed);
      recovery = null;
      return security();
    },

    listBackups: async () => backups(),
    restoreBackup: async (place, name, typed) => {
      await pause(400);
      const backup = backups().backups.find((one) => one.place === place && one.name === name) ?? refuse('backup_not_found');
      if (backup.state === 'damaged') refuse('backup_unreadable', { reason: 'digest' });
      if (typed !== password && plain(typed) !== recovery?.groups.join('')) refuse('backup_wrong_password');
      return enter();
    },
    restoreDrill: async (typed) => {
      await pause(400);
      if (typed !== password) refuse('backup_wrong_password');
      lastDrill = now();
      const backup = backups().backups.find(openable) ?? refuse('no_backup');
      return { backup, accounts: backup.accounts ?? entries.length };
    },
    chooseSecondFolder: async () => {
      second = '/media/hanako/USB-STICK/Warifu';
      return backups();
    },
    clearSecondFolder: async () => {
      second = null;
      return backups();
    },

    ...beginning({
      query,
      now,
      phase: () => phase,
      opening,
      opens: (typed) => typed === password || plain(typed) === recovery?.groups.join(''),
      settle: (chosen, words) => {
        if (chosen !== null) {
          keepHint(words, chosen);
          password = chosen;
        }
        return enter();
      },
      leave: () => {
        phase = { name: 'first_start' };
        return app();
      },
    }),

    listEntries: async (text) => {
      open();
      const words = text.toLowerCase().trim();
      const fits = (entry: wire.EntryView) => `${entry.issuer} ${entry.account}`.toLowerCase().includes(words);
      return { entries: entries.filter(fits), total: entries.length, unreadable: 0 };
    },
    currentCodes: async () => ({
      now_ms: nowMs(),
      codes: entries.filter((entry) => entry.parameters.kind !== 'hotp').map((entry) => codeOf(entry.id, entry.parameters)),
    }),
    nextCode: async (id) => ({ entry: id, code: digitsFor(id, Date.now(), find(id).parameters.digits), valid_from: null, valid_until: null }),
    copyCode: async (id) => ({ code: codeOf(id, find(id).parameters), next_at: null, clear_after_seconds: 30 }),
    editEntry: async ({ entry: id, issuer, account }) => {
      if (!issuer && !account) refuse('label_empty');
      return put(id, { ...find(id), issuer: issuer || null, account, has_history: true });
    },
    deleteEntry: async (id) => {
      trash = [{ entry: find(id), deleted_at: now(), days_left: 30 }, ...trash];
      entries = entries.filter((entry) => entry.id !== id);
      return null;
    },
    restoreEntry: async (id) => {
      const { entry } = trash.find(({ entry }) => entry.id === id) ?? refuse('entry_not_deleted');
      entries = [...entries, entry];
      trash = trash.filter((one) => one.entry.id !== id);
      return null;
    },
    moveEntry: async ({ entry: id, to }) => {
      const moved = find(id);
      entries = entries.filter((entry) => entry.id !== id);
      entries.splice(to, 0, moved);
      return null;
    },
    listTrash: async () => ({ entries: trash, keep_days: 30 }),
    removeEntry: async (id) => {
      if (!trash.some(({ entry }) => entry.id === id)) refuse('entry_not_deleted');
      trash = trash.filter(({ entry }) => entry.id !== id);
      return null;
    },
    entryHistory: async (id) => ({ items: historyOf(find(id), now()) }),
    takeBack: async (id, index) => {
      const earlier = historyOf(find(id), now()).find((item) => item.index === index) ?? refuse('no_such_version');
      return put(id, { ...find(id), issuer: earlier.issuer, account: earlier.account, parameters: earlier.parameters });
    },

    ...readings,

    frame: async () => frameOf(query),
    framePixels: async () => pixelsOf(frameOf(query)),
    pickCode: async () => null,
    pickAll: async () => null,
    pickRegion: async () => {
      await pause(400);
      return { found: false };
    },
    cancelScan: async () => null,

    on: async (event, handler) => {
      handlers[event] = handler as never;
    },
  };

  // For whoever drives the page by hand: what Rust says unasked.
  Object.assign(window, { warifuSays: handlers });
  setTimeout(() => void play(query.get('screen') ?? 'list', handlers, readings.take), 150);
  return client;
}

/** A moment with so many seconds of a 30-second step left, for pictures that shall always look the same. */
function standStill(left: number): number {
  return (1_790_000_010 + 30 - left) * 1000;
}
