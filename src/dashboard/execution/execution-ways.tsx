/** What a person does with an execution as a whole by its page, and with an item that is to be picked. */
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { pauseOf, waitsForWord } from './execution-words.ts';
import { Outcome, Steering } from './steering.tsx';

export function Pausing({ of: state }: { readonly of: ExecutionState }) {
  const deed = useDeed();
  const way = pauseOf(state);
  if (way === undefined || !mayDo('operate')) return null;
  const status = way === 'pause' ? 'paused' : 'active';
  return (
    <>
      <button
        type="button"
        disabled={deed.isSending}
        onClick={() =>
          void deed.do([state.id, status], (key) =>
            calls.updateExecution(state.id, { status, via: 'http' }, key),
          )
        }
      >
        {way === 'pause' ? 'Pause' : 'Let it go on'}
      </button>
      <Outcome of={deed} />
    </>
  );
}

interface PickProps {
  readonly execution: string;
  readonly skill: string;
  readonly item: string;
}

export const Pick = ({ execution, skill, item }: PickProps) => (
  <Steering execution={execution} steer={{ act: 'pick', skill, item }} word="Pick this one" scope="approve" />
);

export const NextPhase = ({ of: state }: { readonly of: ExecutionState }) =>
  waitsForWord(state) ? (
    <Steering execution={state.id} steer={{ act: 'advance' }} word="Begin the next phase" />
  ) : null;
