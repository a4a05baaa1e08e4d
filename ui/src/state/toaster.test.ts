import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toaster } from './toaster.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function withUndo() {
  const toaster = new Toaster();
  const run = vi.fn();
  toaster.say('deleted', { stay: 20_000, action: { label: 'undo', run } });
  return toaster;
}

test('an undo comes back after whatever is said meanwhile', () => {
  const toaster = withUndo();
  toaster.say('the clipboard was cleared', { stay: 3_000 });
  toaster.say('copied');
  expect(toaster.shown?.text).toBe('copied');
  vi.advanceTimersByTime(6_000);
  expect(toaster.shown?.text).toBe('deleted');
  vi.advanceTimersByTime(20_000);
  expect(toaster.shown).toBeNull();
});

test('an undo waits while another screen is shown', () => {
  const toaster = withUndo();
  toaster.putAway();
  expect(toaster.shown).toBeNull();
  vi.advanceTimersByTime(60_000);
  toaster.recall();
  expect(toaster.shown?.action?.label).toBe('undo');
});

test('a newer undo takes the older one away, and so does closing it', () => {
  const toaster = withUndo();
  toaster.say('deleted another', { action: { label: 'undo', run: () => {} } });
  toaster.dismiss();
  expect(toaster.shown).toBeNull();
  const other = withUndo();
  other.say('copied');
  other.clear();
  expect(other.shown).toBeNull();
});
