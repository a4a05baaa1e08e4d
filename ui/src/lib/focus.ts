/** Puts the focus on an element as soon as it is there. */
export function focused(element: HTMLElement): void {
  element.focus();
}
