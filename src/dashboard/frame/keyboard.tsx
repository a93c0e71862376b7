/** The keys of the page, and the sheet that tells them. Keys typed into a field are the field's. */

import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { actOf, KEYS, type KeyAct } from './keys.ts';

/** What `j` and `k` go through: what a page lists, by its main link. */
const LISTED = 'main a.title, main li a, main td a';

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);

export function Keyboard() {
  const { route } = useLocation();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    let before = '';
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      const read = actOf(before, event.key);
      before = read.before;
      if (read.act === undefined) return;
      event.preventDefault();
      act(read.act);
    };
    const act = (one: KeyAct) => {
      if (one.does === 'go') route(one.to);
      else if (one.does === 'help') sheet.current?.showModal();
      else if (one.does === 'search') document.querySelector<HTMLElement>('input[type=search]')?.focus();
      else move(one.by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [route]);
  return (
    <>
      <button type="button" aria-label="Keyboard help" onClick={() => sheet.current?.showModal()}>
        ?
      </button>
      <dialog ref={sheet} aria-labelledby="keys">
        <div class="stack">
          <h2 id="keys">Keys</h2>
          <dl class="facts">
            {KEYS.map(([keys, what]) => (
              <>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </>
            ))}
          </dl>
          <form method="dialog">
            <button type="submit">Close</button>
          </form>
        </div>
      </dialog>
    </>
  );
}

function move(by: 1 | -1): void {
  const listed = [...document.querySelectorAll<HTMLElement>(LISTED)];
  const at = listed.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (by === 1 ? 0 : listed.length - 1) : at + by;
  listed[next]?.focus();
}
