/** What a key press outside of a text field means on the list. */
export type ListAction = 'search' | 'type' | 'add' | 'lock' | 'settings' | 'copy' | 'up' | 'down' | 'first' | 'last' | 'raise' | 'lower' | 'edit' | 'delete' | null;

/** The parts of a KeyboardEvent that matter. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

/** Names the action of a key press on the list. `inField`: the caret is in the search field, where letters and Home are its own. */
export function listAction(press: Press, inField: boolean): ListAction {
  const command = press.ctrlKey || press.metaKey;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.isComposing) return null;
  if (command && !press.altKey) {
    if (key === 'f') return 'search';
    if (key === 'n') return 'add';
    if (key === 'l') return 'lock';
    if (key === ',') return 'settings';
    return key === 'c' && !inField ? 'copy' : null;
  }
  if (press.altKey) {
    if (key === 'ArrowUp') return 'raise';
    return key === 'ArrowDown' ? 'lower' : null;
  }
  if (key === 'ArrowDown') return 'down';
  if (key === 'ArrowUp') return 'up';
  if (inField) return null;
  if (key === 'Home') return 'first';
  if (key === 'End') return 'last';
  if (key === 'F2') return 'edit';
  if (key === 'Delete') return 'delete';
  if (key === '/') return 'search';
  // `Process` is the first key of a Japanese input method: it must land in the search field, too. Space presses the button it is on.
  return key === 'Process' || (press.key.length === 1 && key !== ' ') ? 'type' : null;
}
