import { expect, test } from 'vitest';
import { checkTyped, recoveryKey } from './fake-recovery';

const KEY = recoveryKey(0);

test('a key is eight groups of five, without 0, 1, O and I', () => {
  expect(KEY).toHaveLength(8);
  for (const group of KEY) expect(group).toMatch(/^[2-9A-HJ-NP-Z]{5}$/);
  expect(recoveryKey(1)).not.toEqual(KEY);
});

test('however it is typed, a whole key is whole', () => {
  for (const text of [KEY.join('-'), KEY.join(' ').toLowerCase(), KEY.join(''), ` ${KEY.join('—')}\n`]) expect(checkTyped(text)).toEqual({ groups_right: 8, complete: true, error: null });
  const wide = KEY.join('').replace(/[!-~]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) + 0xfee0));
  expect(checkTyped(wide).complete).toBe(true);
});

test('a key on the way is not wrong', () => {
  expect(checkTyped('').error?.code).toBe('recovery_key_empty');
  expect(checkTyped(KEY.slice(0, 3).join('-'))).toEqual({ groups_right: 3, complete: false, error: { code: 'recovery_key_incomplete', detail: { symbols: '15' } } });
});

test('the wrong group and the wrong character are named', () => {
  expect(checkTyped(`${KEY[0]}-22222-${KEY[2]}`)).toMatchObject({ groups_right: 1, error: { code: 'recovery_key_group', detail: { group: '2' } } });
  expect(checkTyped(`${KEY[1]}-${KEY[0]}`)).toMatchObject({ groups_right: 0, error: { code: 'recovery_key_group', detail: { group: '1' } } });
  expect(checkTyped(`${KEY[0]} 2O`)).toMatchObject({ groups_right: 1, error: { code: 'recovery_key_character', detail: { position: '8' } } });
  expect(checkTyped(`${KEY.join('')}2`).error?.code).toBe('recovery_key_too_long');
});
