/** Everything that a person needs to decide about the open gate of a task. */

import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import { taskPage } from '../../domain/page-paths.ts';
import type { Gate, TaskState } from '../../domain/task-state.ts';
import { useTask } from '../client/live.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { entry, mayDo } from '../client/tab-session.ts';
import { usePatch } from '../diff/patches.ts';
import { Asked } from '../shown/asked.tsx';
import { momentText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { Cost, LookedAt } from '../shown/looked-at.tsx';
import { Status } from '../shown/status.tsx';
import { Visible } from '../shown/visible.tsx';
import { NoLonger, TaskAbsent } from '../task/task-absent.tsx';
import { DecisionForm } from './decision-form.tsx';
import { decisionText, HEADINGS, openGate, questionOf, standingOf } from './decision-standing.ts';
import { dropDraft, keepDraft, keptDraft, useDraft } from './draft-kept.ts';
import { type Draft, EMPTY, reasonOf } from './line-comments.ts';
import { StandingNote } from './standing-note.tsx';
import './decision.css';

export function Decision() {
  const { id = '' } = useRoute().params;
  return <DecisionOn key={id} id={id} />;
}

/** What one looks at stays, whatever comes, until one asks for what there is now. */
interface Looked {
  readonly gate: Gate;
  readonly state: TaskState;
}

function DecisionOn({ id }: { readonly id: string }) {
  const { value: state, problem } = useTask(id);
  useTabTitle(`Decision: ${state?.title ?? id}`);
  const first = useRef<Looked>(undefined);
  const chosen = useSignal<Looked>();
  if (state === undefined) return <TaskAbsent id={id} problem={problem} />;
  const open = openGate(state);
  if (open !== undefined) first.current ??= { gate: open, state };
  const looked = chosen.value ?? first.current;
  if (looked === undefined) return <Nothing of={state} />;
  const { gate } = looked;
  const lookAt = (newer: Gate) => {
    carryOver(id, gate, newer);
    chosen.value = { gate: newer, state };
    document.getElementById('main')?.focus();
    scrollTo({ top: 0 });
  };
  return <Look key={aboutOf(gate)} looked={looked} state={state} lookAt={lookAt} problem={problem} />;
}

const aboutOf = ({ id, gate, digest, openedAt }: Gate): string => `${id ?? gate} ${digest ?? openedAt ?? ''}`;

/** What was written about the older one, unless something is written about the newer one already. */
function carryOver(task: string, from: Gate, to: Gate): void {
  const kept = keptDraft(task, aboutOf(to));
  if (kept.reason !== '' || kept.comments.length > 0) return;
  const written = keptDraft(task, aboutOf(from));
  // Comments are on lines of a change; of a wish or of trouble there are none.
  keepDraft(task, aboutOf(to), questionOf(to) === 'change' ? written : { ...EMPTY, reason: written.reason });
}

interface LookProps {
  readonly looked: Looked;
  readonly state: TaskState;
  readonly lookAt: (gate: Gate) => void;
  readonly problem: Error | undefined;
}

function Look({ looked, state: now, lookAt, problem }: LookProps) {
  const { gate, state } = looked;
  const about = aboutOf(gate);
  const draft = useDraft(state.id, about);
  const standing = standingOf(gate, now);
  const question = questionOf(gate);
  const patch = usePatch(question === 'change' ? state.pullRequest?.diff : undefined);
  const isLoading = question === 'change' && state.pullRequest !== null && patch.value === undefined;
  const mayDecide = mayDo('approve');
  const isAsked = standing.is === 'open' && mayDecide;
  const isWritten = useComputed(() => reasonOf(draft.value) !== '').value;
  return (
    <div class="stack">
      <p class="row spread">
        <a href={taskPage(state.id)}>← The task, its story and its log</a>
        {isAsked && <a href="#decide">To your decision ↓</a>}
      </p>
      <div class="row spread">
        <h1>
          <Visible text={state.title} />
        </h1>
        <Status of={now.status} />
      </div>
      <Cost of={state} />
      <StandingNote
        of={standing}
        before={state.pullRequest?.diff}
        now={now.pullRequest?.diff}
        lookAt={lookAt}
      />
      {problem !== undefined && <NoLonger problem={problem} />}
      {question === 'change' && (
        <p class="question">
          {HEADINGS.change}
          {gate.question !== undefined && (
            <span class="quiet">
              {' '}
              <EngineWords text={gate.question} />
            </span>
          )}
        </p>
      )}
      <Asked of={state} />
      <LookedAt state={state} gate={gate} draft={isAsked || isWritten ? draft : undefined} />
      {isAsked && patch.problem !== undefined && (
        <p class="sheet standing">
          The change cannot be shown now, so it is not approved here: <code>pawl approve {state.id}</code>{' '}
          decides without looking.
        </p>
      )}
      {isAsked && (
        <DecisionForm
          state={state}
          gate={gate}
          draft={draft}
          isLoading={isLoading}
          onDecided={() => {
            draft.value = EMPTY;
            dropDraft(state.id, about);
            document.getElementById('main')?.focus();
            scrollTo({ top: 0 });
          }}
        />
      )}
      {mayDecide && !isAsked && isWritten && <Written draft={draft} />}
      {!mayDecide && <MayNot />}
    </div>
  );
}

/** What was not sent, because the question was taken away meanwhile. */
function Written({ draft }: { readonly draft: Signal<Draft> }) {
  return (
    <section class="sheet standing stack" aria-labelledby="written">
      <h2 id="written">What you have written, and not sent</h2>
      <div class="words">{reasonOf(draft.value)}</div>
      <p>It is kept in this tab. What has become of the question is said at the top of the page.</p>
    </section>
  );
}

function MayNot() {
  const { value } = entry;
  const who = value.is === 'in' ? `${value.session.name} (${value.session.scopes.join(', ')})` : '';
  return (
    <p class="sheet" role="note">
      You look by the token {who}, which may not decide: that needs the scope approve. Whoever has it opens
      the page by a link of <code>pawl dashboard</code>.
    </p>
  );
}

function Nothing({ of }: { readonly of: TaskState }) {
  const last = of.gates.findLast(({ gate, by }) => gate !== 'check' && by !== undefined);
  return (
    <div class="sheet stack">
      <h1>
        <Visible text={of.title} />
      </h1>
      <p>Nothing of it waits for a decision.</p>
      {last !== undefined && (
        <p>
          Latest: <Visible text={decisionText(last)} />
          {last.decidedAt !== undefined && <span class="quiet"> {momentText(last.decidedAt)}</span>}
        </p>
      )}
      <p>
        <a href={taskPage(of.id)}>The task, its story and its log</a>
      </p>
    </div>
  );
}
