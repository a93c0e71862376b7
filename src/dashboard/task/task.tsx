/** One task: its story, what people decide about it, its change and its log. */

import { useRoute } from 'preact-iso/router';
import { decisionPage } from '../../domain/page-paths.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { taskRow } from '../client/known-rows.ts';
import { useTask } from '../client/live.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { mayDo } from '../client/tab-session.ts';
import { HEADINGS, openGate, questionOf } from '../decision/decision-standing.ts';
import { DiffOf } from '../diff/diff-view.tsx';
import { LogView } from '../log/log-view.tsx';
import { ArtifactList } from '../shown/artifact-list.tsx';
import { Asked } from '../shown/asked.tsx';
import { EngineWords } from '../shown/engine-words.tsx';
import { Rail } from '../shown/rail.tsx';
import { Status } from '../shown/status.tsx';
import { Visible } from '../shown/visible.tsx';
import { AttemptTable } from './attempt-table.tsx';
import { GateList } from './gate-list.tsx';
import { Story } from './story.tsx';
import { NoLonger, TaskAbsent } from './task-absent.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskPicture } from './task-picture.tsx';
import '../decision/decision.css';
import './task.css';

export function Task() {
  const { id = '' } = useRoute().params;
  return <TaskOf key={id} id={id} />;
}

function TaskOf({ id }: { readonly id: string }) {
  const { value: state, problem } = useTask(id);
  useTabTitle(state?.title ?? id);
  if (state === undefined) return <TaskAbsent id={id} problem={problem} />;
  return (
    <div class="stack task">
      <div class="row spread">
        <h1>
          <Visible text={state.title} />
        </h1>
        <Status of={state.status} />
      </div>
      {problem !== undefined && <NoLonger problem={problem} />}
      <Rail of={state} />
      <Waits of={state} />
      {problem === undefined && <TaskActions of={state} />}
      <TaskFacts of={state} row={taskRow(id)} />
      <Asked of={state} />
      <Story of={state} row={taskRow(id)} />
      <Said of={state} />
      <AttemptTable of={state.attempts} />
      <GateList of={state} />
      <TaskPicture of={state} />
      <ArtifactList of={state.artifacts} />
      <Change of={state} />
      <LogView id={state.id} attempts={state.attempts.length} />
    </div>
  );
}

function Waits({ of: state }: { readonly of: TaskState }) {
  const gate = openGate(state);
  if (gate === undefined)
    return state.waitingFor === undefined ? null : (
      <p class="quiet">
        Waits for <EngineWords text={state.waitingFor} />
      </p>
    );
  return (
    <div class="sheet standing row spread">
      <p>
        <strong>{HEADINGS[questionOf(gate)]}</strong>
        {(gate.permission ?? gate.question) !== undefined && (
          <span class={`question-of ${gate.permission === undefined ? '' : 'mono'}`}>
            <EngineWords text={gate.permission?.title ?? gate.question ?? ''} />
          </span>
        )}
      </p>
      <a class="button primary" href={decisionPage(state.id)}>
        {mayDo('approve') ? 'Look and decide' : 'Look'}
      </a>
    </div>
  );
}

/** To the agent, and why something was turned down: it outlives a run of the task. */
function Said({ of: { said } }: { readonly of: TaskState }) {
  if (said === undefined) return null;
  return (
    <section class="stack" aria-labelledby="said">
      <h2 id="said">What people have said</h2>
      <div class="sheet words">
        <Visible text={said} charsMax={40_000} />
      </div>
    </section>
  );
}

function Change({ of: { pullRequest } }: { readonly of: TaskState }) {
  if (pullRequest === null) return null;
  const { diff, flagged, remarks = [] } = pullRequest;
  return (
    <section class="stack" aria-labelledby="change">
      <h2 id="change">The change</h2>
      <DiffOf of={diff} toLookAt={{ flagged, remarks }} />
    </section>
  );
}
