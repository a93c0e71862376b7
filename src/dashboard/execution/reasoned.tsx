/** A way on that only a decision opens, with a reason that stays. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { Outcome } from './steering.tsx';

interface ReasonedProps {
  /** What opens it. */
  readonly summary: string;
  /** What it comes to. */
  readonly about?: string;
  /** Of the reason. */
  readonly label?: string;
  /** What else is chosen. */
  readonly children?: ComponentChildren;
  readonly word: string;
  readonly send: (reason: string, key: string) => Promise<unknown>;
}

export function Reasoned({ summary, about, label = 'Why', word, send, children }: ReasonedProps) {
  const deed = useDeed();
  const reason = useSignal('');
  if (!mayDo('approve')) return null;
  const why = reason.value.trim();
  const decide = (event: Event) => {
    event.preventDefault();
    void deed.do([word, why], (key) => send(why, key));
  };
  return (
    <details class="way">
      <summary>{summary}</summary>
      <form class="stack" onSubmit={decide}>
        {about !== undefined && <p class="quiet">{about}</p>}
        {children}
        <label>
          {label}
          <input
            required
            value={reason}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </label>
        <div class="row">
          <button type="submit" disabled={deed.isSending || why === ''}>
            {word}
          </button>
          <Outcome of={deed} />
        </div>
      </form>
    </details>
  );
}
