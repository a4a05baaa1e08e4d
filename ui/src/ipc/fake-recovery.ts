// Recovery keys of the stand-in. They look like real ones and are checked group by group, by a sum instead of real arithmetic.

import type * as wire from './bindings';

const SYMBOLS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUPS = 8;
const SYMBOLS_IN_GROUP = 5;

/** The groups of the `serial`-th key: always the same, so that pictures are. */
export function recoveryKey(serial: number): string[] {
  let state = 7 + serial * 97;
  return Array.from({ length: GROUPS }, (_, group) => {
    const data = Array.from({ length: SYMBOLS_IN_GROUP - 1 }, () => SYMBOLS[(state = (state * 1_103 + 12_345) % 65_537) % 32] ?? '2').join('');
    return data + check(data, group);
  });
}

/** What is right and wrong about a key as typed so far. */
export function checkTyped(text: string): wire.RecoveryTypedView {
  const characters = Array.from(text);
  const wrong = characters.findIndex((character) => !/[\s\p{Dash}]/u.test(character) && !SYMBOLS.includes(plain(character)));
  if (wrong >= 0) return { groups_right: groupsRight(plain(characters.slice(0, wrong).join(''))), complete: false, error: error('recovery_key_character', 'position', wrong + 1) };
  const symbols = plain(text);
  const right = groupsRight(symbols);
  const whole = Math.floor(symbols.length / SYMBOLS_IN_GROUP);
  if (symbols === '') return { groups_right: 0, complete: false, error: { code: 'recovery_key_empty', detail: {} } };
  if (right < Math.min(whole, GROUPS)) return { groups_right: right, complete: false, error: error('recovery_key_group', 'group', right + 1) };
  if (symbols.length > GROUPS * SYMBOLS_IN_GROUP) return { groups_right: right, complete: false, error: { code: 'recovery_key_too_long', detail: {} } };
  if (right < GROUPS) return { groups_right: right, complete: false, error: error('recovery_key_incomplete', 'symbols', symbols.length) };
  return { groups_right: right, complete: true, error: null };
}

/** The symbols alone, as capitals. */
export function plain(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[\s\p{Dash}]/gu, '');
}

function groupsRight(symbols: string): number {
  for (let group = 0; group < GROUPS; group += 1) {
    const five = symbols.slice(group * SYMBOLS_IN_GROUP, (group + 1) * SYMBOLS_IN_GROUP);
    if (five.length < SYMBOLS_IN_GROUP || five[4] !== check(five.slice(0, 4), group)) return group;
  }
  return GROUPS;
}

function check(data: string, group: number): string {
  const sum = Array.from(data).reduce((sum, symbol, at) => sum + (2 * at + 1) * SYMBOLS.indexOf(symbol), 3 * group + 1);
  return SYMBOLS[sum % 32] ?? '2';
}

function error(code: wire.ErrorCode, name: string, value: number): wire.ErrorView {
  return { code, detail: { [name]: String(value) } };
}
