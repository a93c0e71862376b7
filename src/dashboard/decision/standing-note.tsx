/** Says when what one looks at is not what waits any more: stale, or decided by somebody. */
import { useSignal } from '@preact/signals';
import type { Gate } from '../../domain/task-state.ts';
import { momentText } from '../shown/clock.ts';
import { Visible } from '../shown/visible.tsx';
import { decisionText, newerText, type Standing } from './decision-standing.ts';
import { PatchChange } from './patch-change.tsx';

interface NoteProps {
  readonly of: Standing;
  /** Of the change that one looks at, and of the one that there is now. */
  readonly before: string | undefined;
  readonly now: string | undefined;
  readonly lookAt: (gate: Gate) => void;
}

export function StandingNote({ of, before, now, lookAt }: NoteProps) {
  return (
    <div role="status">
      {of.is !== 'open' && (
        <div class="sheet standing stack">
          <Words of={of} />
          {'newer' in of && of.newer !== undefined && <Newer {...{ before, now, lookAt }} newer={of.newer} />}
        </div>
      )}
    </div>
  );
}

function Words({ of }: { readonly of: Exclude<Standing, { is: 'open' }> }) {
  const { gate } = of;
  const newer = of.is === 'gone' ? undefined : of.newer;
  return (
    <>
      <p>
        <strong class="words">
          <Visible text={headOf(of)} />
        </strong>
        {gate?.by !== undefined && gate.decidedAt !== undefined && (
          <span class="quiet"> {momentText(gate.decidedAt)}</span>
        )}
      </p>
      {gate?.by === undefined && gate?.reason !== undefined && (
        <p>
          Why: <Visible text={gate.reason} />
        </p>
      )}
      {newer !== undefined && (
        <p>
          <Visible text={newerText(newer)} />
        </p>
      )}
      {of.is === 'stale' && <p>What you have looked at and written is kept below.</p>}
    </>
  );
}

/** Who has decided, and what became of that; or that nobody has. */
function headOf({ is, gate }: Exclude<Standing, { is: 'open' }>): string {
  if (gate?.by !== undefined || is === 'decided') return gate === undefined ? '' : decisionText(gate);
  return is === 'stale' ? 'Stale: something newer waits for the decision.' : 'This waits for nobody now.';
}

function Newer({ newer, before, now, lookAt }: Omit<NoteProps, 'of'> & { readonly newer: Gate }) {
  const isCompared = useSignal(false);
  return (
    <>
      <div class="row">
        <button type="button" class="primary" onClick={() => lookAt(newer)}>
          Look at what waits now
        </button>
        {before !== undefined && now !== undefined && before !== now && (
          <button
            type="button"
            aria-expanded={isCompared.value}
            onClick={() => {
              isCompared.value = !isCompared.value;
            }}
          >
            What has changed since
          </button>
        )}
      </div>
      {isCompared.value && before !== undefined && now !== undefined && (
        <PatchChange before={before} now={now} />
      )}
    </>
  );
}
