import type { EntryView } from '../ipc/bindings';

type Named = Pick<EntryView, 'issuer' | 'account'>;

/** The line a person looks for first: the site, or the account where no site is named. */
export function title(entry: Named): string {
  return entry.issuer || entry.account;
}

/** The second line, empty where the account is the title already. */
export function subtitle(entry: Named): string {
  return entry.issuer ? entry.account : '';
}

/** Both lines in one, for names spoken aloud and put into sentences. */
export function wholeName(entry: Named): string {
  return [title(entry), subtitle(entry)].filter(Boolean).join(' ');
}

/** How many colours a mark may have. */
export const HUES = 8;

/** One of the colours, always the same for the same name. */
export function hue(name: string): number {
  let sum = 0;
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

/** What stands in the mark: the first visible character, whole even where it is an emoji. */
export function initial(name: string): string {
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim());
  const [first] = segments;
  return first ? first.segment.toUpperCase() : '?';
}
