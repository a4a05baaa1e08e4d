import { describe, expect, test } from 'vitest';
import { halves } from './code';
import { fill, firstSentence, placeholders } from './fill';
import { listAction, type Press } from './keyboard';
import { characterRange, isSetUpLine } from './keytext';
import { hue, HUES, initial, subtitle, title, wholeName } from './names';
import { byWeight, isCalm } from './notices';
import { takes } from './pasting';
import { around, boxBetween, fit, freest, isDrag, toPicture } from './region';
import { throttle } from './throttle';
import { clockJumped, secondsLeft, shareLeft, untilNextSecond, wallNow } from './time';

test('a paste reads the clipboard wherever something can be added, and nowhere that a password is typed', () => {
  for (const screen of ['list', 'add', 'key', 'checklist', 'confirm', 'failed'] as const) expect([screen, takes(screen)]).toEqual([screen, true]);
  for (const screen of ['password', 'recovery_key', 'quick_unlock', 'hint', 'restore', 'drill', 'rehearse'] as const) expect([screen, takes(screen)]).toEqual([screen, false]);
});

describe('time', () => {
  test('a code that has just begun shows its whole period, and its last second is 1', () => {
    expect(secondsLeft(60, 30_000)).toBe(30);
    expect(secondsLeft(60, 30_999)).toBe(30);
    expect(secondsLeft(60, 59_999)).toBe(1);
    expect(secondsLeft(60, 60_000)).toBe(0);
    expect(secondsLeft(60, 90_000)).toBe(0);
  });

  test('the share drains from one to nothing', () => {
    expect(shareLeft(30, 60, 30_000)).toBe(1);
    expect(shareLeft(30, 60, 45_000)).toBe(0.5);
    expect(shareLeft(30, 60, 61_000)).toBe(0);
    expect(shareLeft(60, 60, 60_000)).toBe(0);
    // A clock behind Rust's: never more than the whole.
    expect(shareLeft(30, 60, 10_000)).toBe(1);
  });

  test('the next tick is on the whole second, before 1970 too', () => {
    expect(untilNextSecond(1_000)).toBe(1_000);
    expect(untilNextSecond(1_001)).toBe(999);
    expect(untilNextSecond(1_999.7)).toBe(1);
    expect(untilNextSecond(-1)).toBe(1);
  });

  test('a clock that was set is noticed, a slow tick is not', () => {
    const reading = { wall: 1_000_000, steady: 500 };
    expect(wallNow(reading, 1_500)).toBe(1_001_000);
    expect(clockJumped(reading, 1_001_200, 1_500)).toBe(false);
    expect(clockJumped(reading, 1_031_000, 1_500)).toBe(true);
    expect(clockJumped(reading, 941_000, 1_500)).toBe(true);
  });
});

describe('code', () => {
  test('two halves, the first the longer, nothing lost', () => {
    for (const code of ['1', '12', '12345', '123456', '1234567', '12345678', '1234567890']) {
      const [left, right] = halves(code);
      expect(left + right).toBe(code);
      expect(left.length - right.length).toBe(code.length % 2);
    }
  });
});

describe('fill', () => {
  test('fills, and shows what is missing', () => {
    expect(fill('{a} of {b} of {a}', { a: 1, b: 'x' })).toBe('1 of x of 1');
    expect(fill('({reason})')).toBe('(?)');
    // A name that looks like a placeholder or a replacement pattern stays what it is.
    expect(fill('“{name}”', { name: '{code} $& $1' })).toBe('“{code} $& $1”');
  });

  test('placeholders are named once, in order', () => {
    expect(placeholders('{b} {a} {b}')).toEqual(['a', 'b']);
  });

  test('the first of several sentences', () => {
    expect(firstSentence('一つ目です。二つ目です。')).toBe('一つ目です。');
    expect(firstSentence('Version 1.5 is old. Update it.')).toBe('Version 1.5 is old.');
    expect(firstSentence('no end')).toBe('no end');
  });
});

describe('key text', () => {
  test('a set-up line is told from a key', () => {
    expect(isSetUpLine('otpauth://totp/x?secret=y')).toBe(true);
    expect(isSetUpLine('  OTPAUTH-MIGRATION://offline')).toBe(true);
    expect(isSetUpLine('otpa uth')).toBe(false);
    expect(isSetUpLine('JBSW Y3DP')).toBe(false);
  });

  test('the illegal character is the one selected, beyond the basic plane too', () => {
    const select = (text: string, position: number) => text.slice(...characterRange(text, position));
    expect(select('ABC1DEF', 4)).toBe('1');
    expect(select('ＡＢ０Ｃ', 3)).toBe('０');
    expect(select('A🍡B!', 2)).toBe('🍡');
    expect(select('A🍡B!', 4)).toBe('!');
    expect(select('AB', 9)).toBe('');
  });
});

describe('region', () => {
  test('puts the hint where it covers no code, and at the bottom in the middle if it can choose', () => {
    const [card, page] = [{ width: 400, height: 80 }, { width: 1200, height: 750 }];
    const bottom = { left: 450, top: 600, width: 300, height: 150 };
    const top = { left: 450, top: 0, width: 300, height: 150 };
    expect(freest(card, page, [], 20)).toEqual({ x: 400, y: 650 });
    expect(freest(card, page, [bottom], 20)).toEqual({ x: 20, y: 650 });
    expect(freest(card, page, [{ ...bottom, left: 0, width: 1200 }], 20)).toEqual({ x: 400, y: 20 });
    expect(freest(card, page, [{ ...bottom, left: 0, width: 1200 }, top], 20)).toEqual({ x: 20, y: 20 });
    expect(freest(card, page, [bottom, top].map((place) => ({ ...place, left: 0, width: 1200 })), 20)).toEqual({ x: 400, y: 335 });
  });

  const place = { left: 0, top: 0, width: 1280, height: 720 };

  test('css pixels become the picture’s own on a scaled monitor', () => {
    expect(toPicture({ left: 10, top: 20, width: 100, height: 50 }, place, 1920, 1080)).toEqual({ x: 15, y: 30, width: 150, height: 75 });
    // At 125 % edges fall between pixels: outwards.
    expect(toPicture({ left: 1, top: 1, width: 2, height: 2 }, place, 1600, 900)).toEqual({ x: 1, y: 1, width: 3, height: 3 });
  });

  test('a picture that does not begin at the corner of the page', () => {
    const moved = { left: 100, top: 50, width: 640, height: 360 };
    expect(toPicture({ left: 110, top: 60, width: 10, height: 10 }, moved, 1280, 720)).toEqual({ x: 20, y: 20, width: 20, height: 20 });
  });

  test('a picture of the window’s size is drawn pixel for pixel, any other one whole and in the middle', () => {
    const window = { width: 1280, height: 720, ratio: 1.5 };
    expect(fit(1920, 1080, window)).toEqual({ left: 0, top: 0, width: 1280, height: 720 });
    // A desktop that keeps a row for itself.
    expect(fit(1920, 1082, window)).toEqual({ left: 0, top: 0, width: 1280, height: 1082 / 1.5 });
    // Two monitors in one window, and another scale than the window's.
    expect(fit(2560, 720, window)).toEqual({ left: 0, top: 180, width: 1280, height: 360 });
    expect(fit(1280, 720, { ...window, ratio: 2 })).toEqual({ left: 0, top: 0, width: 1280, height: 720 });
    expect(fit(360, 720, { ...window, ratio: 1 })).toEqual({ left: 460, top: 0, width: 360, height: 720 });
  });

  test('cut off at the edges, and nothing outside', () => {
    expect(toPicture({ left: -50, top: 700, width: 100, height: 100 }, place, 1280, 720)).toEqual({ x: 0, y: 700, width: 50, height: 20 });
    expect(toPicture({ left: 2_000, top: 0, width: 10, height: 10 }, place, 1280, 720)).toBeNull();
    expect(toPicture({ left: 0, top: 0, width: 10, height: 10 }, { ...place, width: 0 }, 1280, 720)).toBeNull();
  });

  test('a trembling hand is no drag, a box may be drawn in any direction', () => {
    expect(isDrag({ x: 5, y: 5 }, { x: 12, y: 0 })).toBe(false);
    expect(isDrag({ x: 5, y: 5 }, { x: 5, y: 13 })).toBe(true);
    expect(boxBetween({ x: 50, y: 10 }, { x: 20, y: 40 })).toEqual({ left: 20, top: 10, width: 30, height: 30 });
  });

  test('the upright box around a turned code', () => {
    expect(around([[10, 0], [20, 10], [10, 20], [0, 10]], 0.1)).toEqual({ left: -2, top: -2, width: 24, height: 24 });
  });
});

describe('keyboard', () => {
  const press = (key: string, change: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...change });

  test('letters search, space and Enter press the button they are on', () => {
    expect(listAction(press('k'), false)).toBe('type');
    expect(listAction(press('こ'), false)).toBe('type');
    expect(listAction(press('Process'), false)).toBe('type');
    expect(listAction(press('/'), false)).toBe('search');
    for (const key of [' ', 'Enter', 'Tab', 'Shift', 'Escape']) expect(listAction(press(key), false)).toBeNull();
  });

  test('the search field keeps what is its own', () => {
    for (const key of ['k', '/', 'Home', 'End', 'Delete', 'F2']) expect(listAction(press(key), true)).toBeNull();
    expect(listAction(press('c', { ctrlKey: true }), true)).toBeNull();
    expect(listAction(press('ArrowDown'), true)).toBe('down');
  });

  test('an input method at work is left alone', () => {
    expect(listAction(press('ArrowDown', { isComposing: true }), true)).toBeNull();
  });

  test('commands, with Caps Lock or on a Mac too', () => {
    expect(listAction(press('N', { ctrlKey: true }), false)).toBe('add');
    expect(listAction(press('l', { metaKey: true }), true)).toBe('lock');
    expect(listAction(press('c', { ctrlKey: true }), false)).toBe('copy');
    expect(listAction(press('v', { ctrlKey: true }), false)).toBeNull();
    expect(listAction(press('ArrowUp', { altKey: true }), false)).toBe('raise');
  });
});

describe('names', () => {
  test('a site is named first, an account where there is no site', () => {
    expect([title({ issuer: 'KOSMO', account: 'a' }), subtitle({ issuer: 'KOSMO', account: 'a' })]).toEqual(['KOSMO', 'a']);
    expect([title({ issuer: null, account: 'a' }), subtitle({ issuer: null, account: 'a' })]).toEqual(['a', '']);
    expect(wholeName({ issuer: 'KOSMO', account: '' })).toBe('KOSMO');
  });

  test('the mark is one whole character, in a colour that stays', () => {
    expect(initial('みどり銀行')).toBe('み');
    expect(initial(' github')).toBe('G');
    expect(initial('👩‍👧 family')).toBe('👩‍👧');
    expect(initial('')).toBe('?');
    expect(hue('GitHub')).toBe(hue('github'));
    for (const name of ['', 'a', '割符', '𠮷']) expect(hue(name)).toBeLessThan(HUES);
  });
});

describe('notices', () => {
  const notice = (code: Parameters<typeof isCalm>[0]['code']) => ({ code, detail: {} });

  test('what asks for a decision is read first, the others as they came', () => {
    const codes = byWeight([notice('rehearsal_due'), notice('save_completed'), notice('vault_rolled_back')]).map(({ code }) => code);
    expect(codes).toEqual(['vault_rolled_back', 'rehearsal_due', 'save_completed']);
  });

  test('what may cost something is not calm', () => {
    expect(isCalm(notice('rehearsal_due'))).toBe(true);
    expect(isCalm(notice('second_folder_missing'))).toBe(false);
  });
});

describe('throttle', () => {
  test('once in a while', () => {
    let [now, calls] = [0, 0];
    const call = throttle(() => (calls += 1), 10, () => now);
    for (now of [0, 5, 9, 10, 19, 20]) call();
    expect(calls).toBe(3);
  });
});
