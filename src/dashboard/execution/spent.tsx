/** What an execution has used of what it may use, and how it gets more. */
import { useSignal } from '@preact/signals';
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { mayDo } from '../client/tab-session.ts';
import { type Bound, boundsOf, raiseOf } from './budget-raise.ts';
import { spendingOf } from './execution-words.ts';
import { Outcome } from './steering.tsx';

export function Spent({ of: { id, spent, endedAt } }: { readonly of: ExecutionState }) {
  if (spent === undefined) return null;
  return (
    <section class="sheet stack" aria-labelledby="spent">
      <h2 id="spent">Spent</h2>
      <ul class="plain spent">
        {spendingOf(spent).map(({ name, used, allowed, part }) => (
          <li key={name}>
            <span>
              {name}: <strong>{used}</strong>
              {allowed !== undefined && ` of ${allowed}`}
            </span>
            {part !== undefined && (
              <progress value={part} max={1} aria-label={`${name}, of what is allowed`} />
            )}
          </li>
        ))}
      </ul>
      {endedAt === undefined && <Raising id={id} spent={spent} />}
    </section>
  );
}

interface RaisingProps {
  readonly id: string;
  readonly spent: NonNullable<ExecutionState['spent']>;
}

function Raising({ id, spent }: RaisingProps) {
  const deed = useDeed();
  const given = useSignal<Partial<Record<Bound['name'], string>>>({});
  const bounds = boundsOf(spent);
  if (bounds.length === 0 || !mayDo('approve')) return null;
  const steer = raiseOf(spent, given.value);
  const raise = (event: Event) => {
    event.preventDefault();
    if (steer === undefined) return;
    void deed.do([id, steer], (key) => calls.steerExecution(id, { steer, via: 'http' }, key));
  };
  return (
    <details class="way">
      <summary>Change what it may spend…</summary>
      <form class="stack" onSubmit={raise}>
        <div class="fields">
          {bounds.map(({ name, label, allowed, step }) => (
            <label key={name}>
              {label}
              <input
                type="number"
                min={step}
                step={step}
                value={given.value[name] ?? allowed}
                onInput={({ currentTarget }) => {
                  given.value = { ...given.value, [name]: currentTarget.value };
                }}
              />
            </label>
          ))}
        </div>
        <div class="row">
          <button type="submit" disabled={deed.isSending || steer === undefined}>
            Allow that
          </button>
          <Outcome of={deed} />
        </div>
      </form>
    </details>
  );
}
