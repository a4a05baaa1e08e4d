import type { AddRequest, CandidateView, EntryView, ErrorView, ReadingView } from '../ipc/bindings';

/**
 * How an account that was read stands to the vault; `double`: an earlier row has the same key under another name; `other_settings`: the key
 * is there, with other digits or the like.
 */
export type Standing = 'new' | 'present' | 'double' | 'other_settings' | 'other_key';
/** What keeps a ticked row from being added: no name at all, or another row replaces the same key. */
export type Fault = 'name' | 'twice' | null;

/** One account that was read: whether it is wanted, and what it shall be called. */
export class Row {
  ticked = $state(false);
  issuer = $state('');
  account = $state('');
  #same = $state<'replace' | 'add'>('replace');

  constructor(readonly candidate: CandidateView) {
    Object.assign(this, this.names('replace'));
    this.ticked = this.standing === 'new';
  }

  /** What becomes of the account that is there with another key or other settings. What it was stays in the history. */
  get same(): 'replace' | 'add' {
    return this.#same;
  }

  set same(same: 'replace' | 'add') {
    const before = this.names(this.#same);
    if (this.issuer === before.issuer && this.account === before.account) Object.assign(this, this.names(same));
    this.#same = same;
  }

  /** An account that only gets other settings keeps the names its owner knows. */
  private names(same: 'replace' | 'add'): { issuer: string; account: string } {
    const named = this.standing === 'other_settings' && same === 'replace' ? (this.candidate.same_secret ?? this.candidate) : this.candidate;
    return { issuer: named.issuer ?? '', account: named.account };
  }

  get standing(): Standing {
    if (this.candidate.present_as) return 'present';
    if (this.candidate.same_key_as !== null) return 'double';
    if (this.candidate.same_secret) return 'other_settings';
    return this.candidate.same_account ? 'other_key' : 'new';
  }

  /** The account in the vault that it is compared with. */
  get known(): EntryView | null {
    return this.candidate.present_as ?? this.candidate.same_secret ?? this.candidate.same_account;
  }

  /** The account whose key, or whose settings, it can replace. */
  get replaceable(): EntryView | null {
    return this.standing === 'other_settings' || this.standing === 'other_key' ? this.known : null;
  }

  get named(): boolean {
    return this.issuer.trim() !== '' || this.account.trim() !== '';
  }

  /** The account whose key it replaces. */
  get replaces(): string | null {
    return this.same === 'replace' ? (this.replaceable?.id ?? null) : null;
  }

  /** Whether its key is there already, in the vault or in a row above. */
  get doubled(): boolean {
    return this.standing === 'present' || this.standing === 'double';
  }

  request(): AddRequest {
    const { candidate, issuer, account } = this;
    return { candidate: candidate.id, issuer, account, even_if_present: this.doubled, replaces: this.replaces };
  }
}

/** Several accounts that were read, to be ticked. Nothing unticked is added. */
export class Checklist {
  reading = $state.raw() as ReadingView;
  rows = $state.raw<Row[]>([]);
  /** Why the last thing read did not help. */
  error = $state.raw<ErrorView | null>(null);

  constructor(reading: ReadingView) {
    this.reading = reading;
    this.rows = reading.candidates.map((candidate) => new Row(candidate));
  }

  get ticked(): Row[] {
    return this.rows.filter((row) => row.ticked);
  }

  /** Whether an export still lacks parts. */
  get unfinished(): boolean {
    return isUnfinished(this.reading);
  }

  /** Takes over a reading that grew: what was ticked and typed stays. */
  extend(reading: ReadingView): void {
    const known = new Map(this.rows.map((row) => [row.candidate.id, row]));
    this.rows = reading.candidates.map((candidate) => known.get(candidate.id) ?? new Row(candidate));
    this.reading = reading;
    this.error = null;
  }

  /** Ticks all that are not in the vault yet, or none. */
  tickAll(ticked: boolean): void {
    for (const row of this.rows) row.ticked = ticked && !row.doubled;
  }

  faultOf(row: Row): Fault {
    if (!row.ticked) return null;
    if (!row.named) return 'name';
    const { replaces } = row;
    const first = replaces === null ? row : this.ticked.find((other) => other.replaces === replaces);
    return first === row ? null : 'twice';
  }

  /** The first row that cannot be added as it is. */
  get faulty(): Row | undefined {
    return this.rows.find((row) => this.faultOf(row) !== null);
  }

  requests(): AddRequest[] {
    return this.ticked.map((row) => row.request());
  }
}

/** Whether an export in it lacks parts. */
export function isUnfinished(reading: ReadingView): boolean {
  return reading.exports.some(({ missing }) => missing.length > 0);
}

/** Whether it is shown as a list to tick rather than as one account to confirm. */
export function wantsChecklist(reading: ReadingView): boolean {
  return reading.candidates.length > 1 || isUnfinished(reading);
}
