/** Fills `{name}` in a sentence. A value nobody gave stays visible as `?`: an empty pair of brackets would look like a fault. */
export function fill(sentence: string, values: Record<string, string | number> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));
}

/** The names of the placeholders in a sentence, sorted, each once. */
export function placeholders(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? ''))].sort();
}

/** The first sentence of several, for a place where only one fits. */
export function firstSentence(text: string): string {
  return /^.*?(?:。|[.!?](?=\s|$))/s.exec(text)?.[0] ?? text;
}

/** Wraps a name that others chose so that its writing direction cannot spill over into our sentence (what `<bdi>` does for elements). */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}
