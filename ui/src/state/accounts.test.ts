import { expect, test, vi } from 'vitest';
import type { CodesView, CodeView, EntriesView, EntryView } from '../ipc/bindings';
import type { Client } from '../ipc/client';
import { Accounts } from './accounts.svelte';

function entry(id: string, kind: 'totp' | 'hotp' = 'totp'): EntryView {
  const parameters = { kind, algorithm: 'SHA1', digits: 6, period: 30, counter: null, secret_bits: 160, warnings: [], issuer_in_label: null };
  return { id, issuer: id, account: '', parameters, conflict_of: null, has_history: false };
}

function list(...entries: EntryView[]): EntriesView {
  return { entries, total: entries.length, unreadable: 0 };
}

function code(of: string, until: number | null): CodeView {
  return { entry: of, code: '000000', valid_from: until === null ? null : until - 30, valid_until: until };
}

function accounts(client: Partial<Client>) {
  const complain = vi.fn();
  return { complain, state: new Accounts(client as Client, complain) };
}

test('the answer to an older search is dropped', async () => {
  const answers = new Map<string, (view: EntriesView) => void>();
  const { state } = accounts({
    listEntries: (query) => new Promise((resolve) => answers.set(query, resolve)),
    currentCodes: async (): Promise<CodesView> => ({ now_ms: 0, codes: [] }),
  });
  const asked = [state.reload('g'), state.reload('gi')];
  answers.get('gi')?.(list(entry('GitHub')));
  answers.get('g')?.(list(entry('GitHub'), entry('Google')));
  await Promise.all(asked);
  expect(state.view.entries.map(({ id }) => id)).toEqual(['GitHub']);
  expect(state.query).toBe('gi');
});

test('codes are asked for again when the first has run out, and a counter-based one stays', async () => {
  const currentCodes = vi.fn(async (): Promise<CodesView> => ({ now_ms: 45_000, codes: [code('a', 60), code('b', 90)] }));
  const { state } = accounts({ listEntries: async () => list(entry('a'), entry('b'), entry('c', 'hotp')), currentCodes });
  await state.reload();
  expect(currentCodes).toHaveBeenCalledTimes(1);
  expect(Math.floor(state.clock.wall / 1000)).toBe(45);
  state.show(code('c', null));

  state.refreshExpired(59_999);
  expect(currentCodes).toHaveBeenCalledTimes(1);
  state.refreshExpired(60_000);
  await vi.waitFor(() => expect(currentCodes).toHaveBeenCalledTimes(2));
  expect([...state.codes.keys()].sort()).toEqual(['a', 'b', 'c']);
});

test('an error is handed on and what is shown stays', async () => {
  const { state, complain } = accounts({
    listEntries: async (query) => (query === '' ? list(entry('c', 'hotp')) : Promise.reject({ code: 'unexpected', detail: {} })),
  });
  await state.reload('');
  await state.reload('x');
  expect(complain).toHaveBeenCalledWith({ code: 'unexpected', detail: {} });
  expect(state.view.entries).toHaveLength(1);
});

test('cleared, no name and no code is left', async () => {
  const { state } = accounts({
    listEntries: async () => list(entry('a')),
    currentCodes: async (): Promise<CodesView> => ({ now_ms: 45_000, codes: [code('a', 60)] }),
  });
  await state.reload('a');
  state.clear();
  expect([state.view.entries.length, state.codes.size, state.query, state.loaded]).toEqual([0, 0, '', false]);
});

test('a key that was replaced shows its new code at once, also while the old one was just being asked for', async () => {
  let number = 0;
  const waiting: (() => void)[] = [];
  const currentCodes = () =>
    new Promise<CodesView>((resolve) => {
      const now = { ...code('a', 90), code: `00000${number}` };
      waiting.push(() => resolve({ now_ms: 45_000, codes: [now] }));
    });
  const { state } = accounts({ listEntries: async () => list(entry('a')), currentCodes });
  const first = state.refreshCodes();
  // The key is replaced while the answer to an older question is under way.
  number = 1;
  const second = state.reload();
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.();
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.();
  await Promise.all([first, second]);
  expect(state.codes.get('a')?.code).toBe('000001');
});
