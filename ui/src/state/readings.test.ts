import { beforeEach, expect, test, vi } from 'vitest';
import type { AddedView, AddRequest, AppView, CandidateView, ParametersView, ReadingView } from '../ipc/bindings';
import type { Client } from '../ipc/client';
import { Warifu } from './warifu.svelte';

vi.mock('./appearance', () => ({ applyAppearance: () => {} }));

beforeEach(() => {
  vi.stubGlobal('location', { reload: () => {} });
  vi.stubGlobal('document', { addEventListener: () => {}, visibilityState: 'visible' });
  vi.stubGlobal('window', { addEventListener: () => {} });
});

const parameters: ParametersView = { kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, counter: null, secret_bits: 160, warnings: [], issuer_in_label: null };
const candidate = (id: string): CandidateView => ({ id, issuer: 'Site', account: id, parameters, present_as: null, same_secret: null, same_account: null, export: null, same_key_as: null });
const request = (id: string): AddRequest => ({ candidate: id, issuer: 'Site', account: id, even_if_present: false, replaces: null });

function reading(number: number, ids: string[], change: Partial<ReadingView> = {}): ReadingView {
  return { number, source: 'picture', cancelled: false, candidates: ids.map(candidate), refusals: [], exports: [], ...change };
}
const partly = (number: number, ids: string[]) => reading(number, ids, { exports: [{ parts: 2, have: [1], missing: [2], accounts: ids.length, numbered: true }] });

function app(scan_asks = false): AppView {
  const settings = { language: 'en', theme: 'light', lock_after_minutes: 10, clear_clipboard_after_seconds: 30 } as const;
  return { phase: { name: 'unlocked' }, settings, system_language: 'en', version: '0', vault_path: '/v', notices: [], scan_asks };
}

async function open(client: Partial<Client> = {}) {
  const discardReading = vi.fn(async () => null);
  const warifu = new Warifu({
    appState: async () => app(),
    listEntries: async () => ({ entries: [], total: 0, unreadable: 0 }),
    currentCodes: async () => ({ now_ms: 0, codes: [] }),
    discardReading,
    on: async () => {},
    ...client,
  } as unknown as Client);
  await warifu.start();
  return { warifu, readings: warifu.readings, discardReading };
}

const refused = (code: string) => () => Promise.reject({ code, detail: {} });

test('one account is confirmed, several are ticked, none is a page that says why', async () => {
  const { warifu, readings } = await open();
  readings.receive(reading(1, ['a']));
  expect(warifu.screen.name).toBe('confirm');
  readings.receive(reading(2, ['a', 'b']));
  expect([warifu.screen.name, readings.checklist?.rows.length]).toEqual(['checklist', 2]);
  readings.receive(reading(3, []));
  expect([warifu.screen.name, readings.checklist]).toEqual(['failed', null]);
});

test('whoever leaves without choosing keeps the list as it was', async () => {
  const { warifu, readings } = await open({ scanScreen: async () => reading(2, [], { cancelled: true }) });
  readings.receive(partly(1, ['a']));
  const { checklist } = readings;
  await readings.read('screen');
  expect([warifu.screen.name, readings.checklist]).toEqual(['checklist', checklist]);
});

test('the next part of an export comes to the same list', async () => {
  const { readings } = await open({ paste: async () => reading(1, ['a', 'b']) });
  readings.receive(partly(1, ['a']));
  const { checklist } = readings;
  await readings.read('clipboard');
  expect(readings.checklist).toBe(checklist);
  expect(checklist?.rows.map(({ candidate: { id } }) => id)).toEqual(['a', 'b']);
});

test('what could not be read does not lose the list that is being ticked', async () => {
  const { warifu, readings } = await open({ openPicture: refused('no_code_found') as Client['openPicture'] });
  readings.receive(reading(1, ['a', 'b']));
  await readings.read('picture');
  expect([warifu.screen.name, readings.checklist?.error?.code, readings.busy]).toEqual(['checklist', 'no_code_found', null]);
});

test('a paste of a one-time password is said in passing, and the screen stays', async () => {
  const { warifu, readings } = await open({ paste: refused('clipboard_is_code') as Client['paste'] });
  readings.receive(reading(1, ['a', 'b']));
  const { screen } = warifu;
  await readings.read('clipboard');
  expect([warifu.screen, readings.checklist?.rows.length, warifu.toaster.shown?.kind]).toEqual([screen, 2, 'info']);
});

test('a step back from the camera leads to the list that waits, and a step back from the list gives it up', async () => {
  const { warifu, readings, discardReading } = await open();
  readings.receive(partly(1, ['a']));
  warifu.go({ name: 'camera' });
  warifu.back();
  expect(warifu.screen.name).toBe('checklist');
  warifu.back();
  expect([warifu.screen.name, readings.checklist]).toEqual(['add', null]);
  expect(discardReading).toHaveBeenCalledWith(1);
});

test('where the desktop will ask, the page tells first, and only until it has worked once', async () => {
  const scanScreen = vi.fn(async () => reading(1, ['a']));
  let asks = true;
  const { warifu, readings } = await open({ scanScreen, appState: async () => app(asks) });
  await readings.read('screen');
  expect([warifu.screen.name, scanScreen.mock.calls.length]).toEqual(['scan_asks', 0]);
  asks = false;
  await readings.read('screen', true);
  expect([warifu.screen.name, warifu.app?.scan_asks]).toEqual(['confirm', false]);
  await readings.read('screen');
  expect(scanScreen).toHaveBeenCalledTimes(2);
});

const ADDED: AddedView = { entries: ['x', 'y'], added: 2, replaced: 0, saved: 2, total: 2, pictures: [], clipboard_cleared: false };

test('what was added is said as it was read back, and the page comes to the list', async () => {
  const addCandidates = vi.fn(async () => ADDED);
  const { warifu, readings } = await open({ addCandidates });
  const two = reading(1, ['a', 'b']);
  readings.receive(two);
  await readings.add(two, [request('a'), request('b')]);
  expect(addCandidates).toHaveBeenCalledExactlyOnceWith([request('a'), request('b')]);
  expect(warifu.screen).toEqual({ name: 'list', focus: 'y', fresh: true });
  expect([readings.checklist, readings.pending]).toEqual([null, false]);
  expect(warifu.toaster.shown?.text).toMatch(/2.*2/);
});

test('less in the saved vault than was asked for is no success, and stays until it is read', async () => {
  const { warifu, readings } = await open({ addCandidates: async () => ({ ...ADDED, saved: 1 }) });
  const two = reading(1, ['a', 'b']);
  await readings.add(two, [request('a'), request('b')]);
  expect([readings.short, readings.pending, warifu.toaster.shown]).toEqual([{ asked: 2, saved: 1 }, true, null]);
});

test('what is refused leaves the list with all its ticks', async () => {
  const { warifu, readings } = await open({ addCandidates: refused('vault_not_saved') as Client['addCandidates'] });
  const two = reading(1, ['a', 'b']);
  readings.receive(two);
  const { checklist } = readings;
  await expect(readings.add(two, [request('a')])).rejects.toMatchObject({ code: 'vault_not_saved' });
  expect([warifu.screen.name, readings.checklist]).toEqual(['checklist', checklist]);
});

test('pictures are asked about until answered, each once, and what could not be deleted is said', async () => {
  const picture = (id: string) => ({ id, name: `${id}.png`, folder: '/p' });
  const deletePictures = vi.fn(async () => ({ deleted: ['1.png'], kept: [{ error: { code: 'picture_gone', detail: {} }, name: '2.png', form: null }] }));
  let pictures = [picture('1')];
  const { readings } = await open({ addCandidates: async () => ({ ...ADDED, pictures }), deletePictures: deletePictures as unknown as Client['deletePictures'] });
  await readings.add(reading(1, ['a']), [request('a')]);
  pictures = [picture('1'), picture('2')];
  await readings.add(reading(2, ['b']), [request('b')]);
  expect(readings.pictures.map(({ id }) => id)).toEqual(['1', '2']);
  await readings.deletePictures();
  expect(deletePictures).toHaveBeenCalledExactlyOnceWith(['1', '2']);
  expect([readings.pictures, readings.deleted?.deleted, readings.pending]).toEqual([[], ['1.png'], true]);
});

test('locked, nothing of a reading is left', async () => {
  const { warifu, readings } = await open({ addCandidates: async () => ({ ...ADDED, saved: 1, pictures: [{ id: '1', name: 'a.png', folder: '/p' }] }) });
  await readings.add(reading(1, ['a']), [request('a'), request('b')]);
  readings.receive(reading(2, ['a', 'b']));
  warifu.leave();
  expect([readings.checklist, readings.pictures, readings.pending]).toEqual([null, [], false]);
});
