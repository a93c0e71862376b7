/** A button for what cannot be taken back: asked once more in a dialog before. */
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface ConfirmingProps {
  /** Of the button that asks. */
  readonly word: string;
  /** Of the button that does it. */
  readonly confirm: string;
  readonly title: string;
  readonly isSending: boolean;
  readonly onConfirm: () => void;
  /** What it comes to, and what else is filled in. */
  readonly children: ComponentChildren;
}

export function Confirming({ word, confirm, title, isSending, onConfirm, children }: ConfirmingProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const send = (event: Event) => {
    event.preventDefault();
    dialog.current?.close();
    onConfirm();
  };
  return (
    <>
      <button type="button" class="danger" disabled={isSending} onClick={() => dialog.current?.showModal()}>
        {word}
      </button>
      <dialog ref={dialog} aria-labelledby={id}>
        <form class="stack" onSubmit={send}>
          <h2 id={id}>{title}</h2>
          {children}
          <div class="row">
            <button type="submit" class="danger">
              {confirm}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
