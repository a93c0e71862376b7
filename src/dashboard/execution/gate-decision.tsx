/** The decision about an open gate of an execution, and what was typed for it where somebody else has decided. */
import type { ExecutionState, GateView } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { type Round, useRound } from './gate-round.ts';
import { Outcome } from './steering.tsx';

interface DecidingProps {
  readonly execution: ExecutionState;
  readonly gate: GateView;
  readonly isOpen: boolean;
}

/** Drawn as long as its gate is, open or not: what one looks at and types outlives the decisions of others. */
export function Deciding({ execution, gate, isOpen }: DecidingProps) {
  const round = useRound(execution.id, gate, isOpen);
  if (!mayDo('approve'))
    return isOpen ? <p class="quiet">Whoever has the scope approve decides here.</p> : null;
  if (isOpen && !round.isOther)
    return <Form id={execution.id} gate={gate} round={round} isPaused={execution.status === 'paused'} />;
  return (
    <>
      {isOpen && <Another round={round} />}
      <Written words={round.reason.value.trim()} />
    </>
  );
}

interface FormProps {
  readonly id: ExecutionState['id'];
  readonly gate: GateView;
  readonly round: Round;
  readonly isPaused: boolean;
}

/** A decision is about what is shown here: the engine refuses it where that has another digest by now. */
function Form({ id, gate: { id: gate, digest }, round: { reason, sent }, isPaused }: FormProps) {
  const deed = useDeed();
  const why = reason.value.trim();
  const isHeld = deed.isSending || isPaused;
  const decide = (decision: 'approve' | 'reject') => async () => {
    const input = {
      ...{ decision, via: 'http' as const },
      ...(digest !== undefined && { digest }),
      ...(why !== '' && { reason: why }),
    };
    if (await deed.do([id, gate, input], (key) => calls.decideGate(id, gate, input, key))) sent();
  };
  return (
    <div class="stack">
      <label>
        Reason, needed to reject: whoever does the work again is told
        <textarea
          value={reason}
          onInput={({ currentTarget }) => {
            reason.value = currentTarget.value;
          }}
        />
      </label>
      <div class="row">
        <button type="button" class="primary" disabled={isHeld} onClick={decide('approve')}>
          Approve
        </button>
        <button type="button" class="danger" disabled={isHeld || why === ''} onClick={decide('reject')}>
          Reject
        </button>
        {isPaused && <span class="quiet">It is paused: nothing is decided until it goes on.</span>}
        <Outcome of={deed} />
      </div>
    </div>
  );
}

const Another = ({ round }: { readonly round: Round }) => (
  <div class="sheet standing stack" role="status">
    <p>
      <strong>Another round waits for the decision</strong> than the one that you have looked at.
    </p>
    <div class="row">
      <button type="button" class="primary" onClick={round.lookAgain}>
        Decide about what is shown now
      </button>
    </div>
  </div>
);

function Written({ words }: { readonly words: string }) {
  if (words === '') return null;
  return (
    <div class="sheet standing stack">
      <p>
        <strong>What you have written, and not sent</strong>
      </p>
      <div class="words">{words}</div>
      <p>It is kept in this tab.</p>
    </div>
  );
}
