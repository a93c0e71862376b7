/** What a person can do about a task: tell its agent something, run it again, stop it. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { LIMITS } from '../../domain/limits.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { useKeptText } from '../client/kept-text.ts';
import { mayDo } from '../client/tab-session.ts';
import { Going } from '../decision/decision-form.tsx';
import { openGate } from '../decision/decision-standing.ts';
import { Confirming } from '../shown/confirming.tsx';

const OVER: readonly TaskState['status'][] = ['completed', 'failed', 'cancelled'];

export function TaskActions({ of }: { readonly of: TaskState }) {
  if (!mayDo('operate'))
    return <p class="quiet">This token may look, not act: that needs the scope operate.</p>;
  const isOpen = !OVER.includes(of.status);
  const isRetried = of.status === 'failed' || of.status === 'cancelled';
  if (!isOpen && !isRetried) return null;
  return (
    <div class="row actions">
      {/* At an escalation it is an answer, which is given where one sees the question. */}
      {isOpen && of.kind === 'agent_run' && openGate(of)?.gate !== 'escalation' && <Tell id={of.id} />}
      {isRetried && <Retry id={of.id} isByAgent={of.kind === 'agent_run'} />}
      {isOpen && <Cancel of={of} />}
    </div>
  );
}

function Tell({ id }: { readonly id: string }) {
  const deed = useDeed(`pawl tell intent ${id}`);
  const text = useKeptText(`pawl tell ${id}`);
  const isBegun = useRef(text.peek() !== '').current;
  const send = async (event: Event) => {
    event.preventDefault();
    const sent = text.value;
    const isTold = await deed.do([sent], (key) => calls.tell(id, { text: sent }, key));
    // What was typed meanwhile is not sent.
    if (isTold && text.value === sent) text.value = '';
  };
  return (
    <details class="tell" open={isBegun}>
      <summary class="button">Tell the agent…</summary>
      <form class="sheet stack" onSubmit={(event) => void send(event)}>
        <label>
          What it should know or do: it is interrupted, and goes on with it
          <textarea
            required
            maxLength={LIMITS.noteCharsMax}
            value={text}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
        </label>
        <div class="row">
          <button type="submit" class="primary" disabled={deed.isSending || text.value.trim() === ''}>
            Tell
          </button>
          {deed.isDone && <span role="status">Told: the agent gets it.</span>}
          <Going of={deed} />
        </div>
      </form>
    </details>
  );
}

function Retry({ id, isByAgent }: { readonly id: string; readonly isByAgent: boolean }) {
  const deed = useDeed();
  const isFresh = useSignal(false);
  const again = () => {
    const input = isFresh.value ? { fresh: true } : {};
    void deed.do([input], (key) => calls.retry(id, input, key));
  };
  return (
    <div class="row">
      <button type="button" class="primary" disabled={deed.isSending} onClick={again}>
        Run again
      </button>
      {isByAgent && (
        <label class="inline">
          <input
            type="checkbox"
            checked={isFresh}
            onInput={({ currentTarget }) => {
              isFresh.value = currentTarget.checked;
            }}
          />
          from the base, without the work of the run before
        </label>
      )}
      <Going of={deed} />
    </div>
  );
}

function Cancel({ of }: { readonly of: TaskState }) {
  const deed = useDeed();
  const cancel = () => void deed.do([of.run], (key) => calls.cancel(of.id, key));
  return (
    <>
      <Confirming
        word="Cancel the task…"
        confirm="Cancel the task"
        title="Cancel this task?"
        isSending={deed.isSending}
        onConfirm={cancel}
      >
        <p>
          {of.kind === 'agent_run'
            ? 'Its agent is ended and its workspace removed. What it made stays as a branch of the repository, and the task can be run again.'
            : 'Tasks that wait for it stay blocked. It can be run again.'}
        </p>
      </Confirming>
      <Going of={deed} />
    </>
  );
}
