/** A short word at the bottom of the window. */
export interface Toast {
  /** Tells two equal toasts apart. */
  id: number;
  text: string;
  kind: 'done' | 'info' | 'error';
  /** What can be done about it. */
  action?: { label: string; run: () => void };
  /** How long it stays, in milliseconds. */
  stay: number;
}

/**
 * Shows one toast at a time; a newer one takes the older one's place. One with something to do about it (an undo) is never lost that
 * way: it comes back after the newer one.
 */
export class Toaster {
  shown = $state.raw<Toast | null>(null);
  #held: Toast | null = null;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, options: { kind?: Toast['kind']; action?: Toast['action']; stay?: number } = {}): void {
    const kind = options.kind ?? 'done';
    const stay = options.stay ?? (kind === 'error' ? 12_000 : 6_000);
    this.#count += 1;
    if (options.action) this.#held = null;
    else this.#hold();
    this.shown = { id: this.#count, text, kind, stay, ...(options.action && { action: options.action }) };
    this.resume();
  }

  /** Someone is reading or about to press: it stays. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    if (this.shown) this.#timer = setTimeout(() => this.dismiss(), this.shown.stay);
  }

  /** Takes the toast away; what it had pushed aside comes back. */
  dismiss(): void {
    clearTimeout(this.#timer);
    this.shown = null;
    this.recall();
  }

  /** Clears the place for another screen. */
  putAway(): void {
    clearTimeout(this.#timer);
    this.#hold();
    this.shown = null;
  }

  /** Brings back what was pushed aside. */
  recall(): void {
    if (this.shown || !this.#held) return;
    [this.shown, this.#held] = [this.#held, null];
    this.resume();
  }

  /** Forgets everything. */
  clear(): void {
    this.#held = null;
    this.dismiss();
  }

  #hold(): void {
    if (this.shown?.action) this.#held = this.shown;
  }
}
