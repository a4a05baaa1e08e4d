/** Whether the text is a whole set-up line rather than a bare key. Only decides what the form shows: Rust parses. */
export function isSetUpLine(text: string): boolean {
  return /^\s*(otpauth|otpauth-migration|apple-otpauth|steam):/i.test(text);
}

/**
 * Where the `position`-th character (from 1, counted as Unicode characters like Rust does) stands in a string that JavaScript counts
 * in UTF-16 units: what `setSelectionRange` wants.
 */
export function characterRange(text: string, position: number): [number, number] {
  const characters = Array.from(text);
  const start = characters.slice(0, position - 1).join('').length;
  return [start, start + (characters[position - 1]?.length ?? 0)];
}
