import type { Screen } from '../state/warifu.svelte';

/** The screens on which a paste reads the clipboard. On the others something is being typed that must not be lost, or a password. */
const OPEN: readonly Screen['name'][] = ['list', 'add', 'key', 'camera', 'scan_asks', 'confirm', 'checklist', 'failed', 'settings', 'backups', 'trash', 'history'];

/** Whether a paste on this screen reads the clipboard. */
export function takes(screen: Screen['name']): boolean {
  return OPEN.includes(screen);
}
