/** What needs a person first, then what runs, then what has come of the rest. */

import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import { failureWord } from '../../domain/failure-words.ts';
import type { ExecutionId } from '../../domain/ids.ts';
import { clip } from '../../domain/limits.ts';
import { executionPage, taskPage } from '../../domain/page-paths.ts';
import { queuePlaceIn } from '../../domain/places.ts';
import { priorityText } from '../../domain/priority.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { Warning } from '../../domain/warning-signs.ts';
import { executions, isKnown, taskRow, tasks, warnings } from '../client/known-rows.ts';
import { decisions } from '../client/open-decisions.ts';
import type { Waiting } from '../client/ranked-decisions.ts';
import { mayDo } from '../client/tab-session.ts';
import { sinceText } from '../shown/clock.ts';
import { lastOf } from '../shown/last-of.ts';
import { placeOf } from '../shown/phases-text.ts';
import { Status } from '../shown/status.tsx';
import { usageText } from '../shown/usage-text.ts';
import { Visible } from '../shown/visible.tsx';
import { withoutColours } from '../shown/visible-text.ts';
import { queueOf } from '../shown/wait-words.ts';
import { Agents } from './agents.tsx';
import { Submit } from './submit.tsx';
import { TaskCard } from './task-card.tsx';

const CARDS_MAX = 30;
const RECENT_MAX = 12;
const TITLE_CHARS_MAX = 160;

export function Now() {
  if (!isKnown.value)
    return (
      <>
        <h1 class="visually-hidden">Now</h1>
        <p class="quiet">Asking the engine…</p>
      </>
    );
  const open = tasks.value.filter(({ closedAt }) => closedAt === undefined);
  const asking = new Set(decisions.value.map(({ id }) => id));
  const begun = open.filter(({ id, status }) => status === 'in_progress' && !asking.has(id));
  const queue = queueOf(begun).map(({ row }) => row);
  const working = begun.filter(({ waitsFor }) => queuePlaceIn(waitsFor) === undefined);
  const running = [...working, ...queue];
  const waiting = open.filter(({ status }) => status === 'pending' || status === 'blocked').length;
  const loops = executions.value.filter(({ closedAt }) => closedAt === undefined);
  return (
    <div class="stack">
      <h1 class="visually-hidden">Now</h1>
      <Warnings />
      <Decisions of={decisions.value} />
      {mayDo('operate') && <Submit />}
      <section class="stack" aria-labelledby="running">
        <div class="row spread">
          <h2 id="running">Under way</h2>
          <span class="quiet">
            {working.length} at work{queue.length > 0 && ` · ${queue.length} in the queue`}
            {waiting > 0 && ` · ${waiting} wait`}
          </span>
        </div>
        {running.length === 0 && (
          <p class="quiet">
            Nothing runs. What <code>pawl run</code> or a new requirement starts shows here.
          </p>
        )}
        <div class="cards">
          {running.slice(0, CARDS_MAX).map((row) => (
            <TaskCard key={row.id} row={row} />
          ))}
        </div>
        {running.length > CARDS_MAX && <a href="/board">All {running.length} on the board</a>}
      </section>
      {loops.length > 0 && <Loops of={loops} />}
      <Agents />
      <Recent of={tasks.value.filter(({ closedAt }) => closedAt !== undefined)} />
    </div>
  );
}

function Warnings() {
  if (warnings.value.length === 0) return null;
  return (
    <ul class="plain stack" aria-label="Warnings">
      {warnings.value.map(({ about, id, since, words }) => (
        <li key={`${about} ${id ?? ''}`} class="sheet warning">
          <span class="chip ask">{WARNED[about]}</span>{' '}
          {id === undefined ? words : <a href={taskPage(id)}>{taskRow(id)?.title ?? id}</a>}{' '}
          <span class="quiet">for {sinceText(since)}</span>
        </li>
      ))}
    </ul>
  );
}

const WARNED: Readonly<Record<Warning['about'], string>> = {
  silent_agent: 'Silent agent',
  backlog: 'Backlog',
  memory: 'Memory',
};

function Decisions({ of }: { readonly of: readonly Waiting[] }) {
  if (of.length === 0) return <p class="sheet quiet">Nothing waits for you.</p>;
  return (
    <section class="stack" aria-labelledby="decisions">
      <h2 id="decisions">
        Waiting for you <span class="count">{of.length}</span>
      </h2>
      <div class="cards">
        {of.slice(0, CARDS_MAX).map((one) => (
          <DecisionCard key={`${one.id} ${one.gate}`} of={one} />
        ))}
      </div>
      {of.length > CARDS_MAX && <p class="quiet">and {of.length - CARDS_MAX} more</p>}
    </section>
  );
}

function DecisionCard({ of }: { readonly of: Waiting }) {
  const row = of.is === 'task' ? taskRow(of.id) : undefined;
  if (row !== undefined) return <TaskCard row={row} waiting={of} />;
  return (
    <article class="card asks">
      <a class="title brief-title" href={executionPage(of.id as ExecutionId)}>
        <Visible text={clip(of.title, TITLE_CHARS_MAX)} />
      </a>
      <div>
        Its gate {of.gate} waits for a decision{of.since !== undefined && `, for ${sinceText(of.since)}`}
      </div>
      <div class="quiet">
        {of.id}
        {of.where !== undefined && ` · ${lastOf(of.where)}`}
      </div>
    </article>
  );
}

function Loops({ of }: { readonly of: readonly ExecutionRow[] }) {
  return (
    <section class="stack" aria-labelledby="loops">
      <h2 id="loops">Loops</h2>
      <ul class="plain cards">
        {of.map(({ id, title, loop, status, priority, currentPhase, progress }) => (
          <li key={id} class="card">
            <div class="row spread head">
              <a class="title brief-title" href={executionPage(id)}>
                <Visible text={clip(title, TITLE_CHARS_MAX)} />
              </a>
              <Status of={status} />
            </div>
            <div class="quiet">
              {[priorityText(priority), id, loop, ...placeOf({ currentPhase, progress })]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recent({ of }: { readonly of: readonly TaskRow[] }) {
  const latest = [...of]
    .sort((a, b) => ((a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1))
    .slice(0, RECENT_MAX);
  if (latest.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="recent">
      <h2 id="recent">Ended</h2>
      <ul class="plain sheet stack">
        {latest.map(({ id, title, status, closedAt, summary, failureClass, usage }) => (
          <li key={id} class="row spread">
            <span>
              <Status of={status} />{' '}
              <a href={taskPage(id)}>
                <Visible text={clip(title, TITLE_CHARS_MAX)} />
              </a>{' '}
              <span class="quiet">
                <Visible
                  text={
                    failureClass === undefined ? withoutColours(summary ?? '') : failureWord(failureClass)
                  }
                  charsMax={TITLE_CHARS_MAX}
                />
              </span>
            </span>
            <span class="quiet">
              {[usageText(usage), closedAt && `${sinceText(closedAt)} ago`].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
