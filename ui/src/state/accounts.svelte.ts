import type { CodeView, EntriesView, EntryView } from '../ipc/bindings';
import type { Client } from '../ipc/client';
import { Clock } from './clock.svelte';

const NOTHING: EntriesView = { entries: [], total: 0, unreadable: 0 };

/** The list and its codes, as Rust last told them. */
export class Accounts {
  view = $state.raw<EntriesView>(NOTHING);
  /** Whether the list has been told at all: an empty page is not yet an empty vault. */
  loaded = $state(false);
  query = $state('');
  /** The codes shown, by entry. Counter-based ones stay until the next is asked for. */
  codes = $state.raw<ReadonlyMap<string, CodeView>>(new Map());
  readonly clock = new Clock();

  #client: Client;
  #onError: (thrown: unknown) => void;
  #asked = 0;
  #refreshing = false;
  /** Something may have changed while the codes were being asked for. */
  #again = false;

  constructor(client: Client, onError: (thrown: unknown) => void) {
    this.#client = client;
    this.#onError = onError;
    this.clock.onDoubt = () => void this.refreshCodes();
  }

  /** Asks for the list again. An answer to an older question is dropped. */
  async reload(query = this.query): Promise<void> {
    const searching = query !== this.query;
    this.query = query;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const view = await this.#client.listEntries(query);
      if (asked !== this.#asked) return;
      this.view = view;
      this.loaded = true;
      // Except for a search, something has changed, and it may be a key: an old code shown beside it would be refused.
      const timeBased = view.entries.filter((entry) => entry.parameters.kind !== 'hotp');
      if (timeBased.some((entry) => !searching || !this.codes.has(entry.id))) await this.refreshCodes();
    } catch (thrown) {
      this.#onError(thrown);
    }
  }

  /** Asks for the codes again, and sets the clock by the answer. */
  async refreshCodes(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    try {
      const { now_ms, codes } = await this.#client.currentCodes();
      const counterBased = [...this.codes].filter(([, code]) => code.valid_until === null);
      this.codes = new Map([...counterBased, ...codes.map((code) => [code.entry, code] as const)]);
      this.clock.sync(now_ms);
    } catch (thrown) {
      this.#onError(thrown);
    } finally {
      this.#refreshing = false;
    }
    if (this.#again) {
      this.#again = false;
      await this.refreshCodes();
    }
  }

  /** Forgets the code of an entry that has another key now. */
  forget(id: string): void {
    const codes = new Map(this.codes);
    codes.delete(id);
    this.codes = codes;
  }

  /** Asks again as soon as the first code has run out. Call it at every tick. */
  refreshExpired(wall: number): void {
    const expired = [...this.codes.values()].some((code) => code.valid_until !== null && code.valid_until * 1000 <= wall);
    if (expired) void this.refreshCodes();
  }

  /** Puts a code in place: a new counter-based one, or the one that was copied. */
  show(code: CodeView): void {
    this.codes = new Map(this.codes).set(code.entry, code);
  }

  /** An entry of the list as shown. */
  find(id: string): EntryView | undefined {
    return this.view.entries.find((entry) => entry.id === id);
  }

  /** Forgets everything. */
  clear(): void {
    this.#asked += 1;
    this.view = NOTHING;
    this.codes = new Map();
    this.query = '';
    this.loaded = false;
  }
}
