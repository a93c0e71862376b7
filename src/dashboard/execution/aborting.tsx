/** An execution is ended for good: asked once more before. */
import { useSignal } from '@preact/signals';
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { Confirming } from '../shown/confirming.tsx';
import { Outcome } from './steering.tsx';

export function Aborting({ of: { id, endedAt } }: { readonly of: ExecutionState }) {
  const deed = useDeed();
  const reason = useSignal('');
  if (endedAt !== undefined || !mayDo('operate')) return null;
  const abort = () => {
    const why = reason.value.trim();
    const steer = { act: 'abort' as const, ...(why !== '' && { reason: why }) };
    void deed.do([id, steer], (key) => calls.steerExecution(id, { steer, via: 'http' }, key));
  };
  return (
    <>
      <Confirming
        word="Abort…"
        confirm="Abort the execution"
        title="Abort this execution?"
        isSending={deed.isSending}
        onConfirm={abort}
      >
        <p>
          What is under way in it is ended, and it does not go on again. It stays to be looked at, and what
          was committed stays.
        </p>
        <label>
          Why (may be left out)
          <input
            value={reason}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </label>
      </Confirming>
      <Outcome of={deed} />
    </>
  );
}
