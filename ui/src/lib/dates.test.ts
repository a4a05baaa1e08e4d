import { expect, test } from 'vitest';
import { day, moment, momentToSecond } from './dates';

/** 2026-10-03 05:04 UTC. */
const TIME = 1_791_003_840;

test('a day is written out in the language spoken, in the zone of the computer', () => {
  expect(day(TIME, 'ja', 'Asia/Tokyo')).toBe('2026年10月3日');
  expect(day(TIME, 'en', 'Asia/Tokyo')).toBe('3 October 2026');
  expect(moment(TIME, 'ja', 'Asia/Tokyo')).toBe('2026年10月3日 14:04');
  expect(moment(TIME, 'en', 'UTC')).toMatch(/^3 October 2026(,| at) 05:04$/);
});

test('what was made within one minute is told apart by the second', () => {
  expect(momentToSecond(TIME + 7, 'ja', 'Asia/Tokyo')).toBe('2026年10月3日 14:04:07');
  expect(momentToSecond(TIME + 7, 'en', 'UTC')).toMatch(/^3 October 2026(,| at) 05:04:07$/);
});

test('a time no calendar has is no fault', () => {
  expect(day(8.64e15, 'ja')).toBe('?');
});
