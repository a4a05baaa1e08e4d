import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const mark = readFileSync(new URL('../parts/Mark.svelte', import.meta.url), 'utf8');

/** The colours of a rule. */
function colours(selector: string): Map<string, string> {
  const body = css.split(selector)[1]?.split('}')[0] ?? '';
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? '', found[2] ?? '']));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.1 contrast ratio. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['paper', 'card', 'ai-weak'];
const text: [string, string][] = [
  ...grounds.flatMap((ground) => ['ink', 'soft', 'ai', 'shu'].map((ink): [string, string] => [ink, ground])),
  ['ink', 'shu-weak'],
  ['ink', 'warn-weak'],
  ['shu', 'shu-weak'],
  ['ok', 'paper'],
  ['ok', 'card'],
  ['warn', 'card'],
  ['on-ai', 'ai'],
  ['on-ai', 'ai-strong'],
  ['on-toast', 'toast'],
  ['toast-action', 'toast'],
];
const shapes: [string, string][] = [
  ['edge', 'paper'],
  ['edge', 'card'],
  ['ai', 'card'],
  ['warn', 'warn-weak'],
  ['warn', 'paper'],
];

describe.each([
  ['light', ':root {'],
  ['dark', ":root[data-theme='dark'] {"],
])('%s', (_, selector) => {
  const colour = colours(selector);
  const ratio = (one: string, other: string) => contrast(colour.get(one) ?? '#000000', colour.get(other) ?? '#000000');

  test.each(text)('%s can be read on %s', (ink, ground) => {
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(shapes)('%s can be seen on %s', (shape, ground) => {
    expect(ratio(shape, ground)).toBeGreaterThanOrEqual(3);
  });
});

test('white letters can be read on every mark', () => {
  const grounds = [...mark.matchAll(/background: (#[0-9a-f]{6});/g)].map((found) => found[1] ?? '');
  expect(grounds).toHaveLength(8);
  for (const ground of grounds) expect(contrast('#ffffff', ground)).toBeGreaterThanOrEqual(4.5);
});
