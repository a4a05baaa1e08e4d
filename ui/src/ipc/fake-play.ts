// Brings the page of the stand-in to a screen, by what Rust might say or a person might press.

import type * as wire from './bindings';
import type { Events } from './client';
import { candidate, damaged } from './fake-data';
import { recoveryKey } from './fake-recovery';

/** Who listens to what Rust says unasked. */
export type Handlers = { [Name in keyof Events]?: (payload: Events[Name]) => void };

type Take = (reading: wire.ReadingView) => wire.ReadingView;

const WEB_LINK: wire.RefusalView = { error: { code: 'code_is_web_link', detail: {} }, name: 'poster.png', form: null };
const NOTHING: wire.RefusalView = { error: { code: 'no_code_found', detail: {} }, name: null, form: null };
const [KEY, NEXT_KEY] = [recoveryKey(0), recoveryKey(1)];
const GOOD = 'correct horse battery';

/** What is pressed, one after another; `name=text` types into a field first. */
const PATHS: Record<string, string[]> = {
  add: ['add'],
  camera: ['add', 'way-camera'],
  asks: ['add', 'way-scan'],
  pasted: ['add', 'way-paste'],
  part: ['add', 'way-picture'],
  parts: ['add', 'way-picture', 'export-picture', 'export-paste'],
  left: ['add', 'way-picture', 'confirm-add'],
  'left-deleted': ['add', 'way-picture', 'confirm-add', 'pictures-delete'],
  filled: ['add', 'way-picture', 'refusal-form'],
  key: ['add', 'way-key'],
  menu: ['entry-menu'],
  history: ['entry-menu', 'entry-history'],
  copied: ['entry-copy'],
  deleted: ['entry-menu', 'entry-delete'],
  settings: ['settings'],
  password: ['settings', 'change-password'],
  'password-filled': ['settings', 'change-password', 'password-current=warifu', `password=${GOOD}`, `password-again=${GOOD}`],
  'password-changed': ['settings', 'change-password', 'password-current=warifu', `password=${GOOD}`, `password-again=${GOOD}`, 'password-save'],
  recovery: ['settings', 'recovery-key'],
  'recovery-made': ['settings', 'recovery-key', 'password=warifu', 'recovery-begin'],
  'recovery-remove': ['settings', 'recovery-key', 'recovery-remove'],
  'quick-unlock': ['settings', 'quick-unlock'],
  'other-keyrings': ['settings', 'quick-unlock', 'other-keyrings'],
  hint: ['settings', 'hint'],
  backups: ['settings', 'backups'],
  restore: ['settings', 'backups', 'backup'],
  drill: ['settings', 'backups', 'drill'],
  drilled: ['settings', 'backups', 'drill', 'password=warifu', 'drill-open'],
  trash: ['settings', 'trash'],
  'trash-remove': ['settings', 'trash', 'trash-remove'],
  rehearse: ['notice-rehearse'],
  hinted: ['show-hint'],
  wrong: ['password=wrong', 'unlock'],
  opening: ['password=warifu', 'unlock'],
  forgotten: ['forgot'],
  file: ['choose-file'],
  'file-recover': ['choose-file', 'file-recover'],
  'forgotten-file': ['forgot', 'choose-file'],
  anew: ['forgot', 'begin-anew'],
  'anew-begun': ['forgot', 'begin-anew', 'anew-understood', 'anew-begin'],
  recover: ['forgot', `recovery-text=${KEY.slice(0, 3).join('-')}-${KEY[3]?.slice(0, 2)}`],
  'recover-wrong': ['forgot', `recovery-text=${KEY.slice(0, 2).join(' ').toLowerCase()} 22222`],
  'recover-password': ['forgot', `recovery-text=${KEY.join('-')}`, 'recover-next'],
  create: [`password=${GOOD}`, `password-again=${GOOD}`, 'create'],
  'create-hint': [`password=${GOOD}`, `password-again=${GOOD}`],
  'type-back': [`password=${GOOD}`, `password-again=${GOOD}`, 'create', 'recovery-next'],
  'type-back-wrong': [`password=${GOOD}`, `password-again=${GOOD}`, 'create', 'recovery-next', `recovery-group-3=${NEXT_KEY[0]}`, `recovery-group-7=${NEXT_KEY[6]}`, 'recovery-confirm'],
  'recovery-done': [`password=${GOOD}`, `password-again=${GOOD}`, 'create', 'recovery-next', `recovery-group-3=${NEXT_KEY[2]}`, `recovery-group-7=${NEXT_KEY[6]}`, 'recovery-confirm'],
};

export async function play(screen: string, handlers: Handlers, take: Take): Promise<void> {
  const drop = (candidates: wire.CandidateView[], refusals: wire.RefusalView[] = []) =>
    handlers.dropped?.({ reading: take({ number: 90, source: 'picture', cancelled: false, candidates: candidates.map((one, at) => ({ ...one, id: `90-${at}` })), refusals, exports: [] }), error: null });

  if (screen === 'drag') handlers.drag?.('over');
  else if (screen === 'confirm') drop([candidate(0)]);
  else if (screen === 'several') drop([candidate(0), candidate(1), candidate(3), candidate(2), candidate(4), candidate(5)], [WEB_LINK, damaged()]);
  else if (screen === 'hotp') drop([candidate(2)]);
  else if (screen === 'nameless') drop([candidate(4)]);
  else if (screen === 'nothing') drop([], [NOTHING]);
  else if (screen === 'damaged') drop([], [damaged()]);
  else if (screen === 'present') drop([candidate(1)]);
  else if (screen === 'same-account') drop([candidate(3)]);
  else if (screen === 'other-settings') drop([candidate(6)]);
  else if (screen === 'failed') drop([], [WEB_LINK]);
  else if (screen === 'added') {
    drop([candidate(0)]);
    await walk(['confirm-add']);
  }
  await walk(PATHS[screen] ?? []);
}

async function walk(path: string[]): Promise<void> {
  for (const step of path) {
    const [testid = '', ...text] = step.split('=');
    const element = await appears(testid);
    if (element && text.length > 0) type(element, text.join('='));
    else element?.click();
    await pause(60);
  }
}

async function appears(testid: string): Promise<HTMLElement | null> {
  for (let tries = 0; tries < 40; tries += 1) {
    const element = document.querySelector<HTMLElement>(`[data-testid=${testid}]:not(:disabled)`);
    if (element) return element;
    await pause(50);
  }
  return null;
}

function type(field: HTMLElement, text: string): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
