/** The two halves of the tally. The first is the longer one: 3|3, 4|4, 4|3. */
export function halves(code: string): [string, string] {
  const middle = Math.ceil(code.length / 2);
  return [code.slice(0, middle), code.slice(middle)];
}
