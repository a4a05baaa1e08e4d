import { clockJumped, untilNextSecond, wallNow, type Reading } from '../lib/time';

/** Rust's wall clock as the page shows it. It ticks on whole seconds, the moments at which codes change. */
export class Clock {
  /** Unix milliseconds; changes once a second. */
  wall = $state(Date.now());
  /** Called when the system's clock was set, the computer slept, or the window came back: what is shown may be stale. */
  onDoubt: () => void = () => {};

  #told: Reading = { wall: this.wall, steady: performance.now() };
  #own: Reading = { wall: this.wall, steady: performance.now() };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to tick. Only the first call does anything. */
  start(): void {
    if (this.#timer !== undefined) return;
    const awake = () => {
      if (document.visibilityState === 'visible') this.#doubt();
    };
    document.addEventListener('visibilitychange', awake);
    window.addEventListener('focus', awake);
    this.#tick();
  }

  /** Takes over the time Rust told. */
  sync(wall: number): void {
    this.#told = { wall, steady: performance.now() };
    this.#own = { wall: Date.now(), steady: performance.now() };
    this.#tick();
  }

  #doubt(): void {
    const [wall, steady] = [Date.now(), performance.now()];
    this.#told = { wall: wallNow(this.#told, steady) + wall - wallNow(this.#own, steady), steady };
    this.#own = { wall, steady };
    this.onDoubt();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (clockJumped(this.#own, Date.now(), performance.now())) this.#doubt();
    this.wall = wallNow(this.#told, performance.now());
    this.#timer = setTimeout(() => this.#tick(), untilNextSecond(this.wall));
  }
}
