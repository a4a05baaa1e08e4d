import type { ErrorView } from '../ipc/bindings';
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

/** The sentence of an error. */
export function sentence(error: ErrorView): string {
  return fill(errors[tongue][error.code] ?? errors[tongue].unexpected, error.detail);
}
