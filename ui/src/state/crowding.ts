/** A window lower than this, counted in letters, has no room for a header and a footer that stay. */
const LETTERS_HIGH = 28;

/** Notes on the page whether it is crowded. Media queries do not know how large the letters are. */
export function watchCrowding(): void {
  const root = document.documentElement;
  const measure = () => root.toggleAttribute('data-crowded', innerHeight / parseFloat(getComputedStyle(root).fontSize) < LETTERS_HIGH);
  new ResizeObserver(measure).observe(document.body);
  measure();
}
