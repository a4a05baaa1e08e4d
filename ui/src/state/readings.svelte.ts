import type { AddRequest, AddedView, DeletedView, ErrorCode, ErrorView, FormView, PictureView, ReadingView, RefusalView, Source } from '../ipc/bindings';
import { Checklist, wantsChecklist } from './checklist.svelte';
import { sentence, t } from './words.svelte';
import type { Warifu } from './warifu.svelte';

/** A source that a press reads from. */
export type Pressed = 'screen' | 'picture' | 'clipboard';

/** A slip of the hand: said in passing, and the screen stays. */
const PASSING: readonly ErrorCode[] = ['clipboard_empty', 'clipboard_is_code'];

/** Saved and read back, not all was there. */
export interface Short {
  asked: number;
  saved: number;
}

/** What is read, from wherever it comes, until it is in the vault or given up. */
export class Readings {
  /** A reading is under way: the screen is frozen, or a file is being chosen. */
  busy = $state<Pressed | null>(null);
  /** What was read, where it is a list to tick. An export that lacks parts grows by what is read next. */
  checklist = $state.raw<Checklist | null>(null);
  /** Picture files that still hold a key that was added. */
  pictures = $state.raw<readonly PictureView[]>([]);
  /** What became of those that were to be deleted. */
  deleted = $state.raw<DeletedView | null>(null);
  /** Codes beside what was added whose keys are damaged: their forms may still be filled in. */
  damaged = $state.raw<readonly RefusalView[]>([]);
  /** Less was found in the saved vault than was to be added. */
  short = $state.raw<Short | null>(null);

  constructor(private readonly warifu: Warifu) {}

  /** Reads from the screen, from files or from the clipboard. Where the desktop will ask first, so does the page. */
  async read(source: Pressed, warned = false): Promise<void> {
    if (this.busy) return;
    if (source === 'screen' && !warned && this.warifu.app?.scan_asks) return this.warifu.go({ name: 'scan_asks' });
    const { client } = this.warifu;
    this.busy = source;
    try {
      const reading = await { screen: client.scanScreen, picture: client.openPicture, clipboard: client.paste }[source]();
      this.busy = null;
      // Left without choosing: back from the page that said the desktop would ask, or from what an earlier reading came to.
      if (reading.cancelled && this.warifu.screen.name === 'scan_asks') this.warifu.back();
      if (reading.cancelled && this.warifu.screen.name === 'failed') this.warifu.go({ name: 'add' });
      this.receive(reading);
      // Once the desktop has been asked, it need not be said again.
      if (source === 'screen' && this.warifu.app?.scan_asks) this.warifu.adopt(await client.appState());
    } catch (thrown) {
      this.failed(source, thrown);
    } finally {
      this.busy = null;
    }
  }

  /** Shows what was read. Whoever left without choosing stays where they were. */
  receive(reading: ReadingView): void {
    const { warifu } = this;
    if (!warifu.unlocked || reading.cancelled) return;
    if (this.checklist?.reading.number === reading.number) {
      this.checklist.extend(reading);
      warifu.go({ name: 'checklist' });
      return;
    }
    this.checklist = wantsChecklist(reading) ? new Checklist(reading) : null;
    if (this.checklist) warifu.go({ name: 'checklist' });
    else if (reading.candidates.length > 0) warifu.go({ name: 'confirm', reading });
    else warifu.go({ name: 'failed', source: reading.source, refusals: reading.refusals });
  }

  /** Says why nothing was read. An error ends no reading: a list that is being ticked stays as it is. */
  failed(source: Source, thrown: unknown): void {
    const { warifu } = this;
    const error = warifu.errorOf(thrown);
    if (!warifu.unlocked) return;
    if (PASSING.includes(error.code)) return warifu.toaster.say(sentence(error), { kind: 'info', stay: 12_000 });
    if (this.checklist) {
      this.checklist.error = error;
      warifu.go({ name: 'checklist' });
    } else {
      warifu.go({ name: 'failed', source, refusals: [refusalOf(error)] });
    }
  }

  /** Forgets what was read and not added. What has been read since stays. */
  forget(reading: ReadingView): void {
    if (this.checklist?.reading.number === reading.number) this.checklist = null;
    this.warifu.client.discardReading(reading.number).catch((thrown: unknown) => this.warifu.errorOf(thrown));
  }

  /** Adds what was confirmed, all or nothing, and goes to the list. Rejects where nothing was added. */
  async add(reading: ReadingView, requests: AddRequest[]): Promise<void> {
    const { warifu } = this;
    const added = await warifu.client.addCandidates(requests);
    for (const { replaces } of requests) if (replaces !== null) warifu.accounts.forget(replaces);
    this.forget(reading);
    this.pictures = [...this.pictures.filter(({ id }) => !added.pictures.some((other) => other.id === id)), ...added.pictures];
    this.deleted = null;
    this.damaged = reading.refusals.filter(({ form }) => form !== null);
    this.short = added.saved < requests.length ? { asked: requests.length, saved: added.saved } : null;
    await warifu.accounts.reload('');
    const last = added.entries.at(-1);
    warifu.go({ name: 'list', ...(last !== undefined && { focus: last, fresh: true }) });
    if (!this.short) warifu.toaster.say(wordsFor(added), { stay: 9_000 });
    else if (added.clipboard_cleared) warifu.toaster.say(t('paste_cleared'), { stay: 9_000 });
  }

  /** Whether something is left to settle on the list. */
  get pending(): boolean {
    return this.short !== null || this.damaged.length > 0 || this.pictures.length > 0 || this.deleted !== null;
  }

  /** Opens the form filled in with what could be read of a damaged key. */
  openForm(form: FormView): void {
    this.damaged = this.damaged.filter((refusal) => refusal.form !== form);
    this.warifu.go({ name: 'key', form });
  }

  /** Deletes the picture files that were asked about. */
  async deletePictures(): Promise<void> {
    const { warifu } = this;
    try {
      this.deleted = await warifu.client.deletePictures(this.pictures.map(({ id }) => id));
      this.pictures = [];
    } catch (thrown) {
      warifu.complain(thrown);
    }
  }

  /** The picture files stay; nobody asks again. */
  keepPictures(): void {
    this.pictures = [];
    this.warifu.toaster.say(t('pictures_kept'), { kind: 'info' });
  }

  /** Forgets everything. */
  clear(): void {
    this.checklist = null;
    this.pictures = [];
    this.deleted = null;
    this.damaged = [];
    this.short = null;
  }
}

/** An error as the refusal of something without a name. */
export function refusalOf(error: ErrorView): RefusalView {
  return { error, name: null, form: null };
}

function wordsFor({ added, replaced, saved, entries, clipboard_cleared }: AddedView): string {
  const asked = entries.length;
  const done =
    asked === 1 ? t(replaced > 0 ? 'replaced' : 'added') : replaced > 0 ? t('added_and_replaced', { added, replaced, saved, asked }) : t('added_many', { added, saved, asked });
  return clipboard_cleared ? `${done} ${t('paste_cleared')}` : done;
}

