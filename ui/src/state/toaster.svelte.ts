/** A short word at the bottom of the window. */
export interface Toast {
  /** Tells two equal toasts apart. */
  id: number;
  text: string;
  kind: 'done' | 'error';
  /** What can be done about it. */
  action?: { label: string; run: () => void };
  /** How long it stays, in milliseconds. */
  stay: number;
}

/** Shows one toast at a time; a newer one takes the older one's place. */
export class Toaster {
  shown = $state.raw<Toast | null>(null);
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, options: { kind?: Toast['kind']; action?: Toast['action']; stay?: number } = {}): void {
    const kind = options.kind ?? 'done';
    const stay = options.stay ?? (kind === 'error' ? 12_000 : 6_000);
    this.#count += 1;
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

  dismiss(): void {
    clearTimeout(this.#timer);
    this.shown = null;
  }
}
