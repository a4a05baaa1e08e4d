import { createContext } from 'svelte';
import type { AppView, BackupView, EntryView, ErrorView, FormView, NoticeView, ReadingView, RecoveryKeyView, RefusalView, SecurityView, SettingsView, Source } from '../ipc/bindings';
import { asError, type Client } from '../ipc/client';
import { isolate } from '../lib/fill';
import { Accounts } from './accounts.svelte';
import { applyAppearance } from './appearance';
import { Readings } from './readings.svelte';
import { Toaster } from './toaster.svelte';
import { sentence, t } from './words.svelte';

/** Where an unlocked window stands. */
export type Screen =
  | { name: 'list'; focus?: string; fresh?: boolean }
  | { name: 'add' }
  | { name: 'key'; form?: FormView }
  | { name: 'camera' }
  | { name: 'scan_asks' }
  | { name: 'confirm'; reading: ReadingView }
  | { name: 'checklist' }
  | { name: 'failed'; source: Source; refusals: RefusalView[] }
  | { name: 'settings' }
  | { name: 'password' }
  | { name: 'recovery_key'; fresh?: boolean }
  | { name: 'quick_unlock' }
  | { name: 'hint' }
  | { name: 'backups' }
  | { name: 'restore'; backup: BackupView }
  | { name: 'drill' }
  | { name: 'trash' }
  | { name: 'history'; entry: EntryView }
  | { name: 'rehearse' };

/** Where one step back leads; from anywhere else it is the list. */
const BEHIND: Partial<Record<Screen['name'], 'add' | 'settings' | 'backups'>> = {
  key: 'add',
  camera: 'add',
  scan_asks: 'add',
  confirm: 'add',
  checklist: 'add',
  failed: 'add',
  password: 'settings',
  recovery_key: 'settings',
  quick_unlock: 'settings',
  hint: 'settings',
  backups: 'settings',
  trash: 'settings',
  restore: 'backups',
  drill: 'backups',
};

/** The window: what Rust told, which screen shows it, and the ways between the screens. It decides nothing else. */
export class Warifu {
  app = $state.raw<AppView | null>(null);
  screen = $state.raw<Screen>({ name: 'list' });
  /** The screen that was left for this one: where to take up the place again. */
  left: Screen['name'] | null = null;
  /** Something is being dragged over the window. */
  dragging = $state(false);
  /** What opens the vault, as Rust last told; null until a screen has asked. */
  security = $state.raw<SecurityView | null>(null);
  /** The recovery key a printed sheet would show. */
  sheet = $state.raw<RecoveryKeyView | null>(null);
  /** What the vault file is called that was put aside to begin anew. */
  kept = $state<string | null>(null);
  /** How often the vault was changed from outside: screens that show more than the list ask again. */
  changes = $state(0);
  readonly toaster = new Toaster();
  readonly accounts: Accounts;
  readonly readings: Readings;

  constructor(readonly client: Client) {
    this.accounts = new Accounts(client, (thrown) => this.complain(thrown));
    this.readings = new Readings(this);
  }

  /** Asks where the program stands, and listens from then on. */
  async start(): Promise<void> {
    await Promise.all([
      this.client.on('locked', () => this.leave()),
      this.client.on('clipboard_cleared', () => this.toaster.say(t('clipboard_cleared'), { stay: 3_000 })),
      this.client.on('drag', (where) => (this.dragging = where === 'over')),
      this.client.on('dropped', ({ reading, error }) => {
        this.dragging = false;
        if (reading) this.readings.receive(reading);
        else if (error) this.readings.failed('picture', error);
      }),
      this.client.on('changed', () => void this.refresh()),
    ]);
    await this.ask();
  }

  /** Asks where the program stands. */
  async ask(): Promise<void> {
    this.enter(await this.client.appState());
  }

  /** Takes over where the program stands now, and begins there. */
  enter(app: AppView): void {
    this.adopt(app);
    if (app.phase.name === 'unlocked') {
      this.screen = { name: 'list' };
      this.accounts.clock.start();
      void this.accounts.reload('');
    }
  }

  /** Takes over where the program stands now. The screen stays as it is, with all that is being typed on it. */
  adopt(app: AppView): void {
    this.app = app;
    applyAppearance(app.settings, app.system_language);
  }

  /** Asks again for all that may be old, without leaving the screen. */
  async refresh(): Promise<void> {
    if (!this.unlocked) return;
    try {
      const app = await this.client.appState();
      if (app.phase.name !== 'unlocked') return this.enter(app);
      this.adopt(app);
      this.changes += 1;
      if (this.security) await this.askSecurity();
      await this.accounts.reload();
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  /** Asks what opens the vault. */
  async askSecurity(): Promise<void> {
    try {
      this.security = await this.client.security();
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  /** Does what a notice offers; its answer says which notices are left. */
  async answer(asked: Promise<AppView>): Promise<void> {
    try {
      this.adopt(await asked);
      await this.accounts.reload();
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  /** Puts a notice away. */
  dismiss({ code }: NoticeView): Promise<void> {
    return this.answer(this.client.dismissNotice(code));
  }

  /** Takes over settings that were just saved. */
  settle(settings: SettingsView): void {
    if (!this.app) return;
    this.app = { ...this.app, settings };
    applyAppearance(settings, this.app.system_language);
  }

  get unlocked(): boolean {
    return this.app?.phase.name === 'unlocked';
  }

  async lock(): Promise<void> {
    try {
      await this.client.lock();
      this.leave();
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  /** Drops all that is shown, then the whole page with every string it still holds. */
  leave(): void {
    this.app = null;
    this.security = null;
    this.sheet = null;
    this.accounts.clear();
    this.readings.clear();
    this.toaster.clear();
    this.left = null;
    this.screen = { name: 'list' };
    location.reload();
  }

  /** The error in what was thrown. A vault locked behind our back empties the page. */
  errorOf(thrown: unknown): ErrorView {
    const error = asError(thrown);
    if (error.code === 'locked') this.leave();
    return error;
  }

  /** Says an error where no field on the screen is to blame. */
  complain(thrown: unknown): void {
    const error = this.errorOf(thrown);
    if (error.code !== 'locked') this.toaster.say(sentence(error), { kind: 'error' });
  }

  /** Shows another screen. A toast of the last one would lie over its buttons. */
  go(screen: Screen): void {
    this.toaster.putAway();
    this.left = this.screen.name;
    this.screen = screen;
    if (screen.name === 'list') this.toaster.recall();
  }

  /** One step back, as Escape and the arrow at the top mean it. */
  back(): void {
    const { checklist } = this.readings;
    if (this.screen.name === 'confirm') this.readings.forget(this.screen.reading);
    if (this.screen.name === 'checklist' && checklist) this.readings.forget(checklist.reading);
    // Whoever went for another part of an export comes back to what is ticked.
    else if (checklist && BEHIND[this.screen.name] === 'add') return this.go({ name: 'checklist' });
    if (this.screen.name !== 'list') this.go({ name: BEHIND[this.screen.name] ?? 'list' });
  }

  /** Takes an entry off the list, and offers to take that back. */
  async remove(id: string, name: string): Promise<void> {
    try {
      await this.client.deleteEntry(id);
      await this.accounts.reload();
      const restore = () => void this.restore(id, name);
      this.toaster.say(t('deleted', { name: isolate(name) }), { stay: 20_000, action: { label: t('undo'), run: restore } });
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  async restore(id: string, name: string): Promise<void> {
    try {
      await this.client.restoreEntry(id);
      await this.accounts.reload();
      this.toaster.say(t('restored', { name: isolate(name) }));
      this.go({ name: 'list', focus: id });
    } catch (thrown) {
      this.complain(thrown);
    }
  }
}

/** The window, for the components inside it. */
export const [useWarifu, provideWarifu] = createContext<Warifu>();
