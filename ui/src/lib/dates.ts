type Tongue = 'ja' | 'en';

const LOCALES: Record<Tongue, string> = { ja: 'ja-JP', en: 'en-GB' };

/** A day, written out: 2026年10月3日, 3 October 2026. `time` is Unix time in seconds; the zone is the computer's. */
export function day(time: number, tongue: Tongue, timeZone?: string): string {
  return write(time, LOCALES[tongue], { dateStyle: 'long', timeZone });
}

/** A day and the time of day to the minute. */
export function moment(time: number, tongue: Tongue, timeZone?: string): string {
  return write(time, LOCALES[tongue], { dateStyle: 'long', timeStyle: 'short', timeZone });
}

/** The same to the second, for what was made within one minute. */
export function momentToSecond(time: number, tongue: Tongue, timeZone?: string): string {
  return write(time, LOCALES[tongue], { dateStyle: 'long', timeStyle: 'medium', timeZone });
}

/** Rust's clock can be set to a year no calendar has. */
function write(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? '?' : new Intl.DateTimeFormat(locale, options).format(date);
}
