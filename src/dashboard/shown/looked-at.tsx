/** What a gate asks, and all that there is to decide by: as it was when one began to look. */

import type { Signal } from '@preact/signals';
import { agentOf } from '../../domain/by-hand.ts';
import { counted } from '../../domain/counted.ts';
import { failureText } from '../../domain/failure-words.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';
import { usageOf } from '../../domain/usage-sum.ts';
import { questionOf } from '../decision/decision-standing.ts';
import type { Draft } from '../decision/line-comments.ts';
import { DiffOf } from '../diff/diff-view.tsx';
import { EngineWords } from './engine-words.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { evidenceFor, troubleOf } from './evidence-words.ts';
import { usageText } from './usage-text.ts';
import { Name, Visible } from './visible.tsx';

interface LookedProps {
  readonly state: TaskState;
  readonly gate: Gate;
  /** Absent for who may not decide: then nothing can be commented. */
  readonly draft: Signal<Draft> | undefined;
}

export function LookedAt({ state, gate, draft }: LookedProps) {
  switch (questionOf(gate)) {
    case 'permission':
      return <Wish gate={gate} state={state} />;
    case 'escalation':
      return <Trouble state={state} gate={gate} draft={undefined} />;
    case 'change':
      return <Change state={state} gate={gate} draft={draft} />;
  }
}

function Wish({ gate, state }: Omit<LookedProps, 'draft'>) {
  return (
    <section class="stack" aria-labelledby="wish">
      <h2 id="wish">The agent asks to be allowed</h2>
      <pre class="sheet">
        <Visible text={gate.permission?.title ?? ''} />
      </pre>
      <p class="quiet">
        Asked by {state.attempts.at(-1)?.agent ?? 'the agent'} in attempt {state.attempts.length}; the work
        waits for the answer.
      </p>
    </section>
  );
}

function Trouble({ state, gate }: LookedProps) {
  const { failure, failed } = troubleOf(state);
  return (
    <section class="stack" aria-labelledby="trouble">
      <h2 id="trouble">What went wrong</h2>
      <div class="sheet stack">
        <p>
          <EngineWords text={gate.question ?? ''} />
        </p>
        {failure !== undefined && !gate.question?.includes(failure.message) && (
          <p class="quiet">
            Attempt {state.attempts.length}: <EngineWords text={failureText(failure)} />
          </p>
        )}
      </div>
      {failed.length > 0 && <EvidenceList of={failed} />}
      {state.pullRequest !== null && (
        <>
          <h2>The change so far</h2>
          <DiffOf of={state.pullRequest.diff} toLookAt={lookAt(state.pullRequest)} />
        </>
      )}
    </section>
  );
}

type PullRequest = NonNullable<TaskState['pullRequest']>;
const lookAt = ({ flagged, remarks = [] }: PullRequest) => ({ flagged, remarks });

function Change({ state, gate, draft }: LookedProps) {
  const { pullRequest } = state;
  return (
    <>
      {pullRequest !== null && <ToLookAt of={pullRequest} base={state.base} />}
      <section class="stack" aria-labelledby="evidence">
        <h2 id="evidence">Evidence</h2>
        <EvidenceList of={evidenceFor(gate, state)} />
      </section>
      <section class="stack" aria-labelledby="change">
        <h2 id="change">The change</h2>
        {pullRequest === null ? (
          <p class="sheet">There is none.</p>
        ) : (
          <DiffOf
            of={pullRequest.diff}
            toLookAt={lookAt(pullRequest)}
            {...(draft !== undefined && { draft })}
          />
        )}
      </section>
    </>
  );
}

function ToLookAt({ of, base }: { readonly of: PullRequest; readonly base: string | undefined }) {
  const { flagged, remarks = [], baseRewritten } = of;
  if (flagged.length + remarks.length === 0 && baseRewritten === undefined) return null;
  return (
    <section class="concerns stack" aria-labelledby="concerns">
      <h2 id="concerns">Look at first</h2>
      <ul>
        {remarks.map(({ path, why }) => (
          <li key={`${path} ${why}`}>
            <span class="mono">
              <Name text={path} />
            </span>{' '}
            <Visible text={why} />
          </li>
        ))}
        {flagged.map((path) => (
          <li key={path}>
            <span class="mono">
              <Name text={path} />
            </span>{' '}
            is one of the tests, checks and lock files
          </li>
        ))}
        {baseRewritten === true && (
          <li>{base ?? 'The base'} was rewritten since: only the change itself was carried over to it</li>
        )}
      </ul>
    </section>
  );
}

/** In one line: what it has cost so far, how large it is. */
export function Cost({ of }: { readonly of: TaskState }) {
  const { attempts, pullRequest } = of;
  const parts = [
    agentOf(of),
    counted(attempts.length, 'attempt'),
    usageText(usageOf([...attempts])),
    pullRequest === null
      ? undefined
      : `+${pullRequest.insertions} −${pullRequest.deletions} in ${pullRequest.files} ${pullRequest.files === 1 ? 'file' : 'files'}`,
    pullRequest === null ? undefined : `${pullRequest.branch} at ${pullRequest.commit.slice(0, 7)}`,
  ];
  return <p class="quiet">{parts.filter((part) => part !== undefined).join(' · ')}</p>;
}
