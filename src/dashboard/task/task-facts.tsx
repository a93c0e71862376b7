/** What a task is about, where it is done, and what it has come to. */

import { agentOf } from '../../domain/by-hand.ts';
import { failureText } from '../../domain/failure-words.ts';
import { executionPage } from '../../domain/page-paths.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { usageOf } from '../../domain/usage-sum.ts';
import { momentText } from '../shown/clock.ts';
import { TemporalLink } from '../shown/temporal-link.tsx';
import { usageText } from '../shown/usage-text.ts';
import { Visible } from '../shown/visible.tsx';
import { Fact } from './gate-list.tsx';

export function TaskFacts({ of, row }: { readonly of: TaskState; readonly row: TaskRow | undefined }) {
  const { plan = {}, pullRequest, execution } = of;
  return (
    <dl class="facts sheet">
      <Fact name="Task" text={of.id} />
      <TemporalLink id={of.id} />
      <Fact name="Begun" text={row && momentText(row.startedAt)} />
      <Fact name="Repository" text={of.repository} />
      <Fact name="Folder" text={of.dir} />
      <Fact name="Base" text={of.base} />
      <Fact name="Agent" text={agentOf(of)} />
      <Fact name="Priority" text={of.priority} />
      <Fact name="Used so far" text={usageText(usageOf([...of.attempts]))} />
      {execution !== undefined && (
        <>
          <dt>Part of</dt>
          <dd>
            <a href={executionPage(execution)}>{execution}</a>
          </dd>
        </>
      )}
      {pullRequest !== null && (
        <>
          <dt>Pull request</dt>
          <dd>
            <PullRequest of={pullRequest} />
          </dd>
        </>
      )}
      <Fact name="Kind of work" text={[plan.type, plan.complexity].filter(Boolean).join(', ')} />
      <Fact name="For" text={plan.specialist} />
      <Fact name="Effort" text={plan.effort} />
      <Fact name="Due" text={plan.due} />
      <Fact name="Session" text={plan.session} />
      <Fact name="Summary" text={of.summary} />
      <Fact name="Merged" text={of.mergedCommit ?? undefined} />
      <Fact name="To take it" text={of.takeCommand && `${of.takeCommand} (${of.takeReason ?? 'it waits'})`} />
      <Fact name="Failed" text={of.failure === null ? undefined : failureText(of.failure)} isSaid />
      <Fact
        name="Not understood"
        text={of.ignoredMessages === 0 ? undefined : `${of.ignoredMessages} messages, which were dropped`}
      />
    </dl>
  );
}

function PullRequest({ of }: { readonly of: NonNullable<TaskState['pullRequest']> }) {
  const text = `#${of.number} ${of.branch}`;
  // Those of Pawl's own forge have no page.
  return /^https?:\/\//.test(of.url) ? (
    <a href={of.url} target="_blank" rel="noreferrer">
      {text}
    </a>
  ) : (
    <Visible text={text} />
  );
}
