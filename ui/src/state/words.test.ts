import { expect, test, vi } from 'vitest';
import { atMoment, inARow, inTongue, sentence, speech } from './words.svelte';

test('a moment in an error is told as Unix time and read as a date', () => {
  const told = sentence({ code: 'vault_rolled_back', detail: { when: '1790000000', seen_revision: '12', revision: '9' } });
  expect(told).toContain(atMoment(1_790_000_000));
  expect(told).not.toContain('1790000000');
});

test('a moment that is a date already stays as it is', () => {
  expect(sentence({ code: 'vault_rolled_back', detail: { when: '昨日', seen_revision: '12', revision: '9' } })).toContain('昨日');
});

test('the printed sheet speaks both languages at once', () => {
  expect([inTongue('ja', 'sheet_note'), inTongue('en', 'sheet_note')]).toEqual(['メモ', 'Note']);
});

test('sentences in a row have a space between them only where the language has one', () => {
  vi.stubGlobal('document', { documentElement: {} });
  const before = speech.tongue;
  speech.tongue = 'ja';
  expect(inARow('はい。', 'どうぞ。')).toBe('はい。どうぞ。');
  speech.tongue = 'en';
  expect(inARow('Yes.', 'Do.')).toBe('Yes. Do.');
  speech.tongue = before;
  vi.unstubAllGlobals();
});
