import type { ErrorView } from '../ipc/bindings';
import { day, moment, momentToSecond } from '../lib/dates';
import { fill } from '../lib/fill';
import errorsEn from '../messages/errors.en.json';
import errorsJa from '../messages/errors.ja.json';
import uiEn from '../messages/ui.en.json';
import uiJa from '../messages/ui.ja.json';

/** A language the page is written in. */
export type Tongue = 'ja' | 'en';
/** The name of a sentence of the page. */
export type MessageKey = keyof typeof uiJa;

const ui: Record<Tongue, Record<MessageKey, string>> = { ja: uiJa, en: uiEn };
const errors: Record<Tongue, Record<ErrorView['code'], string>> = { ja: errorsJa, en: errorsEn };

let tongue = $state<Tongue>('ja');

/** The language being spoken. Setting it redraws every sentence. */
export const speech = {
  get tongue(): Tongue {
    return tongue;
  },
  set tongue(chosen: Tongue) {
    tongue = chosen;
    document.documentElement.lang = chosen;
  },
};

/** A sentence of the page. */
export function t(key: MessageKey, values?: Record<string, string | number>): string {
  return fill(ui[tongue][key], values);
}

/** A sentence of the page in a language that need not be the one spoken: the printed sheet is in both. */
export function inTongue(chosen: Tongue, key: MessageKey, values?: Record<string, string | number>): string {
  return fill(ui[chosen][key], values);
}

/** Sentences one after another, with a space between them where the language has one. */
export function inARow(...sentences: string[]): string {
  return sentences.join(tongue === 'ja' ? '' : ' ');
}

/** A day in the language spoken. `time` is Unix time in seconds. */
export function onDay(time: number): string {
  return day(time, tongue);
}

/** A day and the time of day in the language spoken. */
export function atMoment(time: number): string {
  return moment(time, tongue);
}

/** A day and the time of day to the second, in the language spoken. */
export function atSecond(time: number): string {
  return momentToSecond(time, tongue);
}

/** The sentence of an error or a notice. */
export function sentence({ code, detail }: ErrorView): string {
  // Rust tells moments in Unix time: how a date is written is the page's business.
  const when = detail['when'];
  const values = when !== undefined && /^\d+$/.test(when) ? { ...detail, when: atMoment(Number(when)) } : detail;
  return fill(errors[tongue][code] ?? errors[tongue].unexpected, values);
}
