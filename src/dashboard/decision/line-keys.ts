/** The line numbers of one file are one stop of the Tab key: arrows go from one to the next. */

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 };

/** For key presses and the focus within a table of lines, whose numbers are buttons of the class `line`. */
export function moveAmongLines(event: KeyboardEvent | FocusEvent): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  if (!target.matches('button.line')) return;
  const buttons = [...currentTarget.querySelectorAll<HTMLElement>('button.line')];
  if (!(event instanceof KeyboardEvent)) {
    for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
    return;
  }
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const to = buttons.indexOf(target) + step;
  buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
}

/** Where none of them was gone to yet, Tab reaches the first. For the element that holds them, whenever it is drawn. */
export function reachable(within: HTMLElement | null): void {
  if (within?.querySelector('button.line[tabindex="0"]') === null)
    within.querySelector<HTMLElement>('button.line')?.setAttribute('tabindex', '0');
}

/** Where a comment was: the focus goes back to the number of its line. @param within the row of the comment */
export function focusLineAbove(within: Element): void {
  for (let row = within.previousElementSibling; row !== null; row = row.previousElementSibling) {
    const number = row.querySelector<HTMLElement>('button.line[aria-expanded="true"]');
    if (number === null) continue;
    number.focus();
    return;
  }
}
