/** A button by which a person says how an execution goes on. */
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { EngineWords } from '../shown/engine-words.tsx';

interface SteeringProps {
  readonly execution: string;
  readonly steer: Parameters<typeof calls.steerExecution>[1]['steer'];
  readonly word: string;
  /** Which token may; default: operate. */
  readonly scope?: 'operate' | 'approve';
}

export function Steering({ execution, steer, word, scope = 'operate' }: SteeringProps) {
  const deed = useDeed();
  if (!mayDo(scope)) return null;
  return (
    <div class="row">
      <button
        type="button"
        disabled={deed.isSending}
        onClick={() =>
          void deed.do([execution, steer], (key) =>
            calls.steerExecution(execution, { steer, via: 'http' }, key),
          )
        }
      >
        {word}
      </button>
      <Outcome of={deed} />
    </div>
  );
}

/** The engine's words, where it was refused. */
export const Outcome = ({ of: { problem } }: { readonly of: { readonly problem: string | undefined } }) =>
  problem === undefined ? null : (
    <span class="chip bad" role="alert">
      <EngineWords text={problem} />
    </span>
  );
