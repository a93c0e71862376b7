/** One execution of a loop: how it stands and why, what it has used, and its phases from the first to the last. */
import { useRoute } from 'preact-iso/router';
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { waysOn } from '../../domain/executions/ways-on.ts';
import { useExecution } from '../client/live.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { momentText, sinceText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Problem } from '../shown/problem.tsx';
import { Status } from '../shown/status.tsx';
import { TemporalLink } from '../shown/temporal-link.tsx';
import { Values } from '../shown/values.tsx';
import { Visible } from '../shown/visible.tsx';
import { withoutColours } from '../shown/visible-text.ts';
import { TaskAbsent } from '../task/task-absent.tsx';
import { Aborting } from './aborting.tsx';
import { NextPhase, Pausing } from './execution-ways.tsx';
import { tookText } from './execution-words.ts';
import { FurtherWays } from './further-ways.tsx';
import { Phase } from './phase.tsx';
import { Spent } from './spent.tsx';
import './execution.css';

export function Execution() {
  const { id = '' } = useRoute().params;
  const { value: state, problem } = useExecution(id);
  useTabTitle(state?.title ?? id);
  if (state === undefined) return <TaskAbsent id={id} kind="execution" problem={problem} />;
  const isOver = state.endedAt !== undefined;
  return (
    <div class="stack">
      <div class="row spread">
        <h1>
          <Visible text={state.title} />
        </h1>
        <div class="row">
          <Status of={state.status} />
          <NextPhase of={state} />
          <Pausing of={state} />
          <Aborting of={state} />
        </div>
      </div>
      {problem !== undefined && <Problem of={problem} />}
      <Held of={state} />
      {state.why !== undefined && (
        <p class="sheet">
          <strong>{state.status === 'aborted' ? 'Aborted' : 'Failed'}:</strong>{' '}
          <EngineWords text={withoutColours(state.why)} />
        </p>
      )}
      <Facts of={state} />
      <Spent of={state} />
      <ol class="plain phases" aria-label="Phases">
        {state.phases.map((phase) => (
          <Phase key={phase.id} of={phase} execution={state} isOver={isOver} />
        ))}
      </ol>
      <FurtherWays of={state} />
      <Definition of={state} />
    </div>
  );
}

/** What holds it up, and the ways on. */
function Held({ of: state }: { readonly of: ExecutionState }) {
  const { status, blockedBy, phases } = state;
  const open = phases.flatMap(({ gates }) => gates).filter((gate) => gate.status === 'open');
  const isAsking = open.length > 0 && (status === 'active' || status === 'blocked');
  if (blockedBy === undefined && !isAsking) return null;
  return (
    <div class="sheet stack held">
      {blockedBy !== undefined && (
        <div>
          <strong>Held up:</strong> <EngineWords text={withoutColours(blockedBy)} />
        </div>
      )}
      {waysOn(state).map(({ what, commands }) => (
        <div key={what}>
          <strong>Next:</strong> {what}
          <ul class="plain" aria-label={`Commands for ${what}`}>
            {commands.map((command) => (
              <li key={command}>
                <code>
                  <Visible text={command} />
                </code>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {isAsking &&
        open.map((gate) => (
          <div key={gate.id}>
            <strong>Waits for a decision:</strong>{' '}
            <a href={`#gate-${gate.id}`}>
              <Visible text={gate.title ?? gate.id} />
            </a>
          </div>
        ))}
    </div>
  );
}

function Facts({ of: state }: { readonly of: ExecutionState }) {
  const took = tookText(state);
  return (
    <dl class="facts sheet">
      <dt>Execution</dt>
      <dd>{state.id}</dd>
      <dt>Loop</dt>
      <dd>
        {state.loop} in <Visible text={state.project} />, asked for by <Visible text={state.requester} />
      </dd>
      <dt>Begun</dt>
      <dd>
        {momentText(state.startedAt)} ·{' '}
        {took === undefined ? `${sinceText(state.startedAt)} ago` : `took ${took}`}
      </dd>
      <TemporalLink id={state.id} />
      {state.branch !== undefined && (
        <>
          <dt>Branch</dt>
          <dd>
            <code>{state.branch}</code>
          </dd>
        </>
      )}
      {state.priority !== undefined && (
        <>
          <dt>Priority</dt>
          <dd>{state.priority}</dd>
        </>
      )}
      <dt>Goes on</dt>
      <dd>{AUTONOMY[state.autonomy]}</dd>
      <Values of={state.inputs} label="Input" />
      {state.notes.length > 0 && (
        <>
          <dt>Notes</dt>
          <dd>
            <ul class="plain">
              {state.notes.map((note, index) => (
                <li key={`${index} ${note}`}>
                  <EngineWords text={note} />
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}

const AUTONOMY: Readonly<Record<ExecutionState['autonomy'], string>> = {
  full: 'wherever nobody has to decide',
  supervised: 'until a phase has ended; the next one begins by a word',
  manual: 'by a word each time',
};

function Definition({ of: { digest, source, loop, transient = [] } }: { readonly of: ExecutionState }) {
  return (
    <section class="sheet stack" aria-labelledby="definition">
      <h2 id="definition">Pinned definition</h2>
      <dl class="facts">
        <dt>Loop</dt>
        <dd>{loop}</dd>
        <dt>From</dt>
        <dd>
          {source.source}: <code>{source.file}</code>
        </dd>
        <dt>Digest</dt>
        <dd>
          <code>{digest}</code>
        </dd>
        {transient.length > 0 && (
          <>
            <dt>Files beside it</dt>
            <dd>{transient.map(({ category, name }) => `${category}/${name}`).join(', ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
