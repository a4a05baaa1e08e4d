import { beforeEach, expect, test, vi } from 'vitest';
import type { AppView, NoticeView, PhaseView } from '../ipc/bindings';
import type { Client, Events } from '../ipc/client';
import { Warifu } from './warifu.svelte';

vi.mock('./appearance', () => ({ applyAppearance: () => {} }));

const reload = vi.fn();

beforeEach(() => {
  reload.mockClear();
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('document', { addEventListener: () => {}, visibilityState: 'visible' });
  vi.stubGlobal('window', { addEventListener: () => {} });
});

function app(phase: PhaseView = { name: 'unlocked' }, notices: NoticeView[] = []): AppView {
  const settings = { language: 'ja', theme: 'light', lock_after_minutes: 10, clear_clipboard_after_seconds: 30 } as const;
  return { phase, settings, system_language: 'ja', version: '0', vault_path: '/v', notices, scan_asks: false };
}

/** An open window, and what Rust says unasked. */
async function open(client: Partial<Client> = {}) {
  const says: { [Name in keyof Events]?: (payload: Events[Name]) => void } = {};
  const listEntries = vi.fn(async () => ({ entries: [], total: 0, unreadable: 0 }));
  const warifu = new Warifu({
    appState: async () => app(),
    listEntries,
    currentCodes: async () => ({ now_ms: 0, codes: [] }),
    on: async (event: keyof Events, handler: never) => void (says[event] = handler),
    ...client,
  } as unknown as Client);
  await warifu.start();
  return { warifu, says, listEntries };
}

test('a vault changed from outside is read again and nobody is thrown out of what they type', async () => {
  const notice: NoticeView = { code: 'vault_merged', detail: { added: '1', changed: '0', conflicts: '0' } };
  const { warifu, says, listEntries } = await open();
  warifu.go({ name: 'key' });
  const { screen } = warifu;
  listEntries.mockClear();
  warifu.client.appState = async () => app({ name: 'unlocked' }, [notice]);
  says.changed?.(null);
  await vi.waitFor(() => expect(listEntries).toHaveBeenCalledTimes(1));
  expect(warifu.screen).toBe(screen);
  expect(warifu.app?.notices).toEqual([notice]);
  expect(warifu.changes).toBe(1);
});

test('what opens the vault is asked again only where it is shown', async () => {
  const security = vi.fn(async () => ({ recovery_made_at: null, has_recovery_key: true, quick_unlock: false, quick_unlock_available: true, other_keyrings: [], password_every_days: 14, hint: null }));
  const { warifu } = await open({ security });
  await warifu.refresh();
  expect(security).not.toHaveBeenCalled();
  await warifu.askSecurity();
  await warifu.refresh();
  expect(security).toHaveBeenCalledTimes(2);
});

test('a vault that was locked meanwhile is left, not refreshed', async () => {
  const { warifu } = await open();
  warifu.client.appState = () => Promise.reject({ code: 'locked', detail: {} });
  await warifu.refresh();
  expect(reload).toHaveBeenCalledTimes(1);
  expect(warifu.app).toBeNull();
});

test('a notice that was put away is gone, and the screen stays', async () => {
  const notice: NoticeView = { code: 'save_completed', detail: {} };
  const { warifu } = await open({ appState: async () => app({ name: 'unlocked' }, [notice]), dismissNotice: async () => app() });
  warifu.go({ name: 'backups' });
  await warifu.dismiss(notice);
  expect(warifu.app?.notices).toEqual([]);
  expect(warifu.screen.name).toBe('backups');
});

test('one step back leads where one came from', async () => {
  const { warifu } = await open({ discardReading: async () => null });
  const steps = [
    [{ name: 'drill' }, 'backups'],
    [{ name: 'backups' }, 'settings'],
    [{ name: 'recovery_key' }, 'settings'],
    [{ name: 'trash' }, 'settings'],
    [{ name: 'settings' }, 'list'],
    [{ name: 'rehearse' }, 'list'],
    [{ name: 'key' }, 'add'],
    [{ name: 'camera' }, 'add'],
    [{ name: 'scan_asks' }, 'add'],
  ] as const;
  for (const [from, to] of steps) {
    warifu.go(from);
    warifu.back();
    expect([from.name, warifu.screen.name]).toEqual([from.name, to]);
  }
});

test('locked, no recovery key and no hint is left', async () => {
  const { warifu } = await open();
  warifu.sheet = { groups: ['AAAAA'], ask: [1], made_at: 0 };
  warifu.security = { recovery_made_at: null, has_recovery_key: true, quick_unlock: false, quick_unlock_available: true, other_keyrings: [], password_every_days: 14, hint: 'cat' };
  warifu.leave();
  expect([warifu.app, warifu.sheet, warifu.security]).toEqual([null, null, null]);
  expect(reload).toHaveBeenCalledTimes(1);
});
