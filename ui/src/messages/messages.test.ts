import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { placeholders } from '../lib/fill';
import errorsEn from './errors.en.json';
import errorsJa from './errors.ja.json';
import uiEn from './ui.en.json';
import uiJa from './ui.ja.json';

const source = new URL('../', import.meta.url);

/** The error codes as the generated bindings list them. */
function errorCodes(): string[] {
  const bindings = readFileSync(new URL('ipc/bindings.ts', source), 'utf8');
  const union = /export type ErrorCode = ([^;]+);/.exec(bindings)?.[1] ?? '';
  return [...union.matchAll(/"(\w+)"/g)].map((found) => found[1] ?? '');
}

function code(): string {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, source), 'utf8'))
    .join('\n');
}

test('every error code has a sentence in both languages, and every sentence a code', () => {
  expect(errorCodes().length).toBeGreaterThan(50);
  expect(Object.keys(errorsJa).sort()).toEqual(errorCodes().sort());
  expect(Object.keys(errorsEn).sort()).toEqual(errorCodes().sort());
});

test('both languages have the same keys and fill in the same things', () => {
  for (const [ja, en] of [[uiJa, uiEn], [errorsJa, errorsEn]] as Record<string, string>[][]) {
    expect(Object.keys(ja ?? {})).toEqual(Object.keys(en ?? {}));
    for (const key of Object.keys(ja ?? {})) {
      expect([key, placeholders(ja?.[key] ?? '')]).toEqual([key, placeholders(en?.[key] ?? '')]);
    }
  }
});

test('no sentence is empty, doubled or in the other language', () => {
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
  for (const [key, sentence] of Object.entries({ ...errorsJa })) {
    expect([key, japanese.test(sentence)]).toEqual([key, true]);
    expect([key, /。(\(\{reason\}\))?$/.test(sentence)]).toEqual([key, true]);
  }
  for (const [key, sentence] of Object.entries(errorsEn)) expect([key, japanese.test(sentence)]).toEqual([key, false]);
  expect(new Set(Object.values(errorsJa)).size).toBe(Object.keys(errorsJa).length);
  expect(new Set(Object.values(errorsEn)).size).toBe(Object.keys(errorsEn).length);
});

test('the one word for the master password is マスターパスワード', () => {
  for (const sentence of [...Object.values(uiJa), ...Object.values(errorsJa)]) {
    expect(sentence).not.toMatch(/合言葉|暗証|(?<!マスター|ワンタイム)パスワード/);
  }
});

test('no sentence of the page is left over', () => {
  const text = code();
  // `crack_${unit}` and its like name their keys by what Rust says.
  const families = [...text.matchAll(/`(\w+_)\$\{/g)].map((found) => found[1] ?? '');
  const unused = Object.keys(uiJa).filter((key) => !text.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)));
  expect(unused).toEqual([]);
});

test('a button named in a sentence is called that', () => {
  // What a site's own page says is quoted, too.
  const elsewhere = /スキャンできませんか|Unable to scan|認証アプリ|authenticator app/;
  for (const [ui, errors, quoted] of [[uiJa, errorsJa, /「([^」{]+)」/g], [uiEn, errorsEn, /“([^”{]+)”/g]] as [Record<string, string>, Record<string, string>, RegExp][]) {
    const labels = new Set(Object.values(ui));
    for (const sentence of [...labels, ...Object.values(errors)]) {
      for (const [, name = ''] of sentence.matchAll(quoted)) if (!elsewhere.test(name)) expect([sentence, name, labels.has(name)]).toEqual([sentence, name, true]);
    }
  }
});
