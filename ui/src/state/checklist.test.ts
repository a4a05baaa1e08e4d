import { expect, test } from 'vitest';
import type { CandidateView, EntryView, ExportView, ParametersView, ReadingView } from '../ipc/bindings';
import { numbers } from '../lib/numbers';
import { Checklist, wantsChecklist } from './checklist.svelte';

const parameters: ParametersView = { kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, counter: null, secret_bits: 160, warnings: [], issuer_in_label: null };
const there: EntryView = { id: 'github', issuer: 'GitHub', account: 'hanako', parameters, conflict_of: null, has_history: false };

function candidate(id: string, change: Partial<CandidateView> = {}): CandidateView {
  return { id, issuer: 'Site', account: id, parameters, present_as: null, same_secret: null, same_account: null, export: null, same_key_as: null, ...change };
}

function reading(candidates: CandidateView[], exports: ExportView[] = []): ReadingView {
  return { number: 1, source: 'picture', cancelled: false, candidates, refusals: [], exports };
}

const parts = (have: number[], missing: number[]): ExportView => ({ parts: have.length + missing.length, have, missing, accounts: have.length, numbered: true });
const four = () => [candidate('new'), candidate('present', { present_as: there }), candidate('key', { same_account: there }), candidate('double', { same_key_as: 'new' })];
const ticks = (list: Checklist) => list.rows.map(({ ticked }) => ticked);

test('only what is new is ticked beforehand', () => {
  const list = new Checklist(reading(four()));
  expect(list.rows.map(({ standing }) => standing)).toEqual(['new', 'present', 'other_key', 'double']);
  expect(ticks(list)).toEqual([true, false, false, false]);
  expect(list.requests()).toEqual([{ candidate: 'new', issuer: 'Site', account: 'new', even_if_present: false, replaces: null }]);
});

test('ticking all leaves out what would be there twice, and none is none', () => {
  const list = new Checklist(reading(four()));
  list.tickAll(true);
  expect(ticks(list)).toEqual([true, false, true, false]);
  list.tickAll(false);
  expect(list.requests()).toEqual([]);
});

test('another key replaces the old one unless it is to be a second account', () => {
  const list = new Checklist(reading([candidate('key', { same_account: there })]));
  const [row] = list.rows;
  if (!row) throw new Error('no row');
  row.ticked = true;
  expect(list.requests()[0]?.replaces).toBe('github');
  row.same = 'add';
  expect(list.requests()[0]).toMatchObject({ replaces: null, even_if_present: false });
});

test('other settings for a key that is there keep its names, or become an account of their own', () => {
  const list = new Checklist(reading([candidate('right', { same_secret: there })]));
  const [row] = list.rows;
  if (!row) throw new Error('no row');
  expect([row.standing, row.ticked]).toEqual(['other_settings', false]);
  expect(row.request()).toEqual({ candidate: 'right', issuer: 'GitHub', account: 'hanako', even_if_present: false, replaces: 'github' });
  row.same = 'add';
  expect(row.request()).toEqual({ candidate: 'right', issuer: 'Site', account: 'right', even_if_present: false, replaces: null });
  row.issuer = 'Mine';
  row.same = 'replace';
  expect(row.request()).toMatchObject({ issuer: 'Mine', replaces: 'github' });
});

test('what is there already is added only where it is asked for in so many words', () => {
  const list = new Checklist(reading(four()));
  for (const row of list.rows) row.ticked = true;
  expect(list.requests().map(({ even_if_present }) => even_if_present)).toEqual([false, true, false, true]);
});

test('a ticked row without any name holds up the adding, and says so itself', () => {
  const list = new Checklist(reading([candidate('a'), candidate('b', { issuer: null, account: ' ' })]));
  const row = list.rows[1];
  if (!row) throw new Error('no row');
  expect([list.faultOf(row), list.faulty]).toEqual(['name', row]);
  row.account = 'hanako';
  expect(list.faulty).toBeUndefined();
  row.account = '';
  row.ticked = false;
  expect(list.faulty).toBeUndefined();
});

test('one key is replaced once: the second row that would has to choose', () => {
  const list = new Checklist(reading([candidate('a', { same_account: there }), candidate('b', { same_account: there })]));
  list.tickAll(true);
  expect(list.rows.map((row) => list.faultOf(row))).toEqual([null, 'twice']);
  const second = list.rows[1];
  if (second) second.same = 'add';
  expect(list.faulty).toBeUndefined();
});

test('a reading that grows keeps what was ticked and typed', () => {
  const list = new Checklist(reading([candidate('a'), candidate('b')], [parts([3], [1, 2])]));
  const [a, b] = list.rows;
  if (!a || !b) throw new Error('no rows');
  a.ticked = false;
  b.issuer = 'Bank';
  list.error = { code: 'no_code_found', detail: {} };
  list.extend(reading([candidate('a'), candidate('b'), candidate('c')], [parts([1, 2, 3], [])]));
  expect(ticks(list)).toEqual([false, true, true]);
  expect(list.rows[1]?.issuer).toBe('Bank');
  expect([list.unfinished, list.error]).toEqual([false, null]);
});

test('a list is shown for several accounts, and for one of an export that lacks parts', () => {
  expect(wantsChecklist(reading([candidate('a')]))).toBe(false);
  expect(wantsChecklist(reading([candidate('a'), candidate('b')]))).toBe(true);
  expect(wantsChecklist(reading([candidate('a')], [parts([1], [2])]))).toBe(true);
  expect(wantsChecklist(reading([], [parts([1], [2])]))).toBe(true);
  expect(wantsChecklist(reading([candidate('a')], [parts([1, 2], [])]))).toBe(false);
});

test('part numbers are written as people do', () => {
  expect([numbers([]), numbers([2]), numbers([1, 2]), numbers([1, 3, 4, 5, 9])]).toEqual(['', '2', '1, 2', '1, 3–5, 9']);
});
