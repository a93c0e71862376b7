/** Where a person decides. What is sent names the gate and the digest of what was shown. */
import type { Signal } from '@preact/signals';
import { LIMITS } from '../../domain/limits.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';
import { calls } from '../client/ask.ts';
import { type Deed, useDeed } from '../client/deed.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Name } from '../shown/visible.tsx';
import { goesOnText, type Question, questionOf } from './decision-standing.ts';
import { type Draft, placeText, reasonOf, withComment } from './line-comments.ts';

interface FormProps {
  readonly state: TaskState;
  readonly gate: Gate;
  readonly draft: Signal<Draft>;
  /** What is decided about is not shown yet. */
  readonly isLoading: boolean;
  readonly onDecided: () => void;
}

interface Words {
  readonly label: string;
  readonly approve: string;
  readonly reject: string;
  /** What cannot be sent without words. */
  readonly needs: string;
}

const WORDS: Readonly<Record<Question, Words>> = {
  change: {
    label: 'What is wrong with it: the agent reads it',
    approve: 'Approve',
    reject: 'Reject',
    needs: 'Reject needs words, or a comment on a line.',
  },
  permission: {
    label: 'Why not, and what to do instead: the agent reads it',
    approve: 'Allow',
    reject: 'Refuse',
    needs: 'Refuse needs words.',
  },
  escalation: {
    label: 'What the agent should do, or why it ends here',
    approve: 'Go on',
    reject: 'End the task',
    needs: 'To tell the agent something, or to end the task, needs words.',
  },
};

export function DecisionForm({ state, gate, draft, isLoading, onDecided }: FormProps) {
  const deed = useDeed();
  const question = questionOf(gate);
  const words = WORDS[question];
  const reason = reasonOf(draft.value);
  const isTooLong = reason.length > LIMITS.noteCharsMax;
  const shown = {
    // An engine from before gates had ids knows them by their kind.
    gate: gate.id ?? gate.gate,
    ...(gate.digest !== undefined && { digest: gate.digest }),
    via: 'http' as const,
  };
  const send = async (what: 'approve' | 'reject' | 'tell') => {
    const isDone = await deed.do([what, shown, reason], (key) => {
      if (what === 'approve') return calls.approve(state.id, shown, key);
      if (what === 'reject') return calls.reject(state.id, { ...shown, reason }, key);
      return calls.tell(state.id, { text: reason }, key);
    });
    if (isDone) onDecided();
  };
  const isHeld = deed.isSending || deed.isDone || isLoading;
  const isReady = reason !== '' && !isTooLong && !isHeld;
  return (
    <section class="sheet stack decision-form" aria-labelledby="decide">
      <h2 id="decide">Your decision</h2>
      {question === 'escalation' && <GoesOn gate={gate} />}
      <Comments draft={draft} />
      <label>
        {words.label}
        <textarea
          value={draft.value.reason}
          onInput={({ currentTarget }) => {
            draft.value = { ...draft.value, reason: currentTarget.value };
          }}
        />
      </label>
      {isTooLong && (
        <p role="alert">
          {reason.length} characters with the comments: the agent can be told {LIMITS.noteCharsMax}.
        </p>
      )}
      <div class="row">
        <button type="button" class="primary" disabled={isHeld} onClick={() => void send('approve')}>
          {words.approve}
        </button>
        {question === 'escalation' && (
          <button type="button" disabled={!isReady} onClick={() => void send('tell')}>
            Tell the agent, and go on
          </button>
        )}
        <button type="button" class="danger" disabled={!isReady} onClick={() => void send('reject')}>
          {words.reject}
        </button>
        <Going of={deed} />
      </div>
      {question === 'permission' ? <Answers /> : reason === '' && <p class="quiet">{words.needs}</p>}
    </section>
  );
}

/** What each answer to a wish comes to. */
const Answers = () => (
  <ul class="plain quiet">
    <li>
      <strong>Allow</strong>: the agent goes on and may do this, for this task alone; anything else it asks
      again.
    </li>
    <li>
      <strong>Refuse</strong>: the agent reads your words and looks for another way. It needs words.
    </li>
  </ul>
);

function GoesOn({ gate }: { readonly gate: Gate }) {
  const how = goesOnText(gate);
  return how === undefined ? null : (
    <p>
      Going on <strong>{how}</strong>.
    </p>
  );
}

function Comments({ draft }: { readonly draft: Signal<Draft> }) {
  const { comments } = draft.value;
  if (comments.length === 0) return null;
  return (
    <div class="stack">
      <h3>Your comments, sent if it is rejected</h3>
      <ul class="plain stack">
        {comments.map((one) => (
          <li key={placeText(one)} class="row spread">
            <span>
              <span class="mono">
                <Name text={placeText(one)} />
              </span>
              : <span class="words">{one.text}</span>
            </span>
            <button
              type="button"
              class="small"
              aria-label={`Remove the comment on ${placeText(one)}`}
              onClick={() => {
                draft.value = withComment(draft.value, { ...one, text: '' });
              }}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What has become of what was pressed. */
export function Going({ of: { isSending, problem } }: { readonly of: Deed }) {
  if (isSending) return <span class="quiet">Sending…</span>;
  return problem === undefined ? null : (
    <span role="alert" class="problem">
      <EngineWords text={problem} />
    </span>
  );
}
