/** Lets a call through at most once in `interval` milliseconds of the clock `now`; the others are dropped. */
export function throttle(call: () => void, interval: number, now: () => number): () => void {
  let last = -Infinity;
  return () => {
    const time = now();
    if (time - last < interval) return;
    last = time;
    call();
  };
}
