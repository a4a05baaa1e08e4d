// Rust's stand-in, in memory: the whole page in a plain browser. Its codes are arbitrary digits; it knows no OTP arithmetic.
//
// The address says what it plays: ?phase=first_start|locked|unlocked|unreadable &entries=3 &lang=ja|en &theme=light|dark
// &screen=list|add|key|confirm|several|present|failed|settings|password &at=21 (seconds left; the clock then stands still) &zoom=3
// Its master password is "warifu".

import type * as wire from './bindings';
import type { Client, Events } from './client';
import { candidate, entriesOf, frameOf, pixelsOf } from './fake-data';

type Handlers = { [Name in keyof Events]?: (payload: Events[Name]) => void };

const PASSWORD = 'warifu';

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
  let password = PASSWORD;
  let entries = entriesOf(Number(query.get('entries') ?? 3));
  let trash: wire.EntryView[] = [];
  let reading: wire.ReadingView | null = null;
  let phase = phaseOf(query.get('phase') ?? 'unlocked');
  let settings: wire.SettingsView = {
    language: (query.get('lang') ?? 'system') as wire.Language,
    theme: (query.get('theme') ?? 'system') as wire.Theme,
    lock_after_minutes: 10,
    clear_clipboard_after_seconds: 30,
  };

  const app = (): wire.AppView => ({ phase, settings, system_language: 'ja', version: '0.1.0', vault_path: '/home/hanako/.local/share/warifu/vault.warifu' });
  const open = () => phase.name === 'unlocked' || refuse('locked');
  const find = (id: string) => entries.find((entry) => entry.id === id) ?? refuse('no_such_entry');
  const take = (answer: wire.ReadingView) => (reading = answer);
  const read = (source: wire.Source, ...candidates: wire.CandidateView[]) => take({ number: 1, source, cancelled: false, candidates, refusals: [] });
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  function codeOf(entry: string, parameters: wire.ParametersView): wire.CodeView {
    const period = parameters.period ?? 30;
    const step = Math.floor(nowMs() / 1000 / period);
    return { entry, code: digitsFor(entry, step, parameters.digits), valid_from: step * period, valid_until: (step + 1) * period };
  }

  const client: Client = {
    appState: async () => app(),
    setAppearance: async (request) => (settings = { ...settings, ...request }),
    setLockAfter: async ({ minutes }) => open() && (settings = { ...settings, lock_after_minutes: minutes }),
    ratePassword: async (text) => {
      const score = Math.min(4, Math.floor(text.length / 4));
      const units: wire.TimeUnit[] = ['seconds', 'minutes', 'days', 'years', 'centuries'];
      return { score, crack_time_amount: score === 0 ? 0 : 3, crack_time_unit: units[score] ?? 'seconds' };
    },
    createVault: async (chosen) => {
      await pause(300);
      password = chosen;
      phase = { name: 'unlocked' };
      entries = [];
      return app();
    },
    unlock: async (typed) => {
      await pause(300);
      if (typed !== password) refuse('wrong_password');
      phase = { name: 'unlocked' };
      return app();
    },
    lock: async () => {
      // The page reloads after this; the address is all the memory there is.
      query.set('phase', 'locked');
      query.delete('screen');
      history.replaceState(null, '', `?${query}`);
      phase = { name: 'locked' };
      return app();
    },
    changePassword: async (current, replacement) => {
      if (current !== password) refuse('wrong_password');
      password = replacement;
      return null;
    },
    reportActivity: async () => null,

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
      const changed = { ...find(id), issuer: issuer || null, account };
      entries = entries.map((entry) => (entry.id === id ? changed : entry));
      return changed;
    },
    deleteEntry: async (id) => {
      trash.push(find(id));
      entries = entries.filter((entry) => entry.id !== id);
      return null;
    },
    restoreEntry: async (id) => {
      entries = [...entries, ...trash.filter((entry) => entry.id === id)];
      trash = trash.filter((entry) => entry.id !== id);
      return null;
    },
    moveEntry: async ({ entry: id, to }) => {
      const moved = find(id);
      entries = entries.filter((entry) => entry.id !== id);
      entries.splice(to, 0, moved);
      return null;
    },

    scanScreen: async () => {
      await pause(500);
      return read('screen', candidate(0));
    },
    openPicture: async () => refuse('no_code_found'),
    proposeKey: async ({ text, issuer, account }) => {
      if (/^\s*otpauth:/i.test(text)) return read('text', candidate(0));
      const bad = Array.from(text).findIndex((character) => !/[a-z2-7\s-]/i.test(character));
      if (bad >= 0) refuse('secret_illegal_character', { position: String(bad + 1) });
      return read('text', { ...candidate(0), issuer: issuer || null, account });
    },
    candidateCode: async (id) => {
      const found = reading?.candidates.find((one) => one.id === id) ?? refuse('no_such_candidate');
      return found.parameters.kind === 'hotp' ? null : codeOf(String(id), found.parameters);
    },
    addCandidate: async (request) => {
      const found = reading?.candidates.find((one) => one.id === request.candidate) ?? refuse('no_such_candidate');
      if (!request.issuer && !request.account) refuse('label_empty');
      if (found.present_as && !request.even_if_present) refuse('already_present');
      const entry = { id: `added-${entries.length}`, issuer: request.issuer || null, account: request.account, parameters: found.parameters };
      entries = [...entries, entry];
      return entry;
    },
    discardReading: async () => {
      reading = null;
      return null;
    },

    frame: async () => frameOf(query),
    framePixels: async () => pixelsOf(frameOf(query)),
    pickCode: async () => null,
    pickRegion: async () => {
      await pause(400);
      return { found: false };
    },
    cancelScan: async () => null,

    on: async (event, handler) => {
      handlers[event] = handler as never;
    },
  };

  if (phase.name === 'unlocked') setTimeout(() => void play(query.get('screen') ?? 'list', { client, handlers, take }), 150);
  return client;
}

/** Brings the page to a screen by what Rust might say or a person might press. */
async function play(screen: string, { handlers, take }: { client: Client; handlers: Handlers; take: (reading: wire.ReadingView) => wire.ReadingView }) {
  const press = async (...testids: string[]) => {
    for (const testid of testids) {
      document.querySelector<HTMLElement>(`[data-testid=${testid}]`)?.click();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  const drop = (candidates: wire.CandidateView[], refusals: wire.ErrorView[] = []) =>
    handlers.dropped?.({ reading: take({ number: 1, source: 'picture', cancelled: false, candidates, refusals }), error: null });
  const link: wire.ErrorView = { code: 'code_is_web_link', detail: {} };

  if (screen === 'add') await press('add');
  else if (screen === 'key') await press('add', 'way-key');
  else if (screen === 'settings') await press('settings');
  else if (screen === 'password') await press('settings', 'change-password');
  else if (screen === 'menu') await press('entry-menu');
  else if (screen === 'copied') await press('entry-copy');
  else if (screen === 'deleted') await press('entry-menu', 'entry-delete');
  else if (screen === 'drag') handlers.drag?.('over');
  else if (screen === 'confirm') drop([candidate(0)]);
  else if (screen === 'several') drop([candidate(0), candidate(1), candidate(2)], [link]);
  else if (screen === 'present') drop([candidate(1)]);
  else if (screen === 'failed') drop([], [link]);
  else if (screen === 'added') {
    drop([candidate(0)]);
    await press('confirm-add', 'confirm-add');
  }
}

function phaseOf(name: string): wire.PhaseView {
  if (name === 'unreadable') return { name, error: { code: 'vault_damaged', detail: {} } };
  return { name: name === 'first_start' || name === 'locked' ? name : 'unlocked' };
}

/** A moment with so many seconds of a 30-second step left, for pictures that shall always look the same. */
function standStill(left: number): number {
  return (1_790_000_010 + 30 - left) * 1000;
}
