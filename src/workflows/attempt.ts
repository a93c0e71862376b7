/** One attempt of an agent, and the rung of the recovery ladder that follows when it failed. */
import { isCancellation, sleep, uuid4 } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { checkFailure } from '../domain/gates.ts';
import { nextRung } from '../domain/ladder.ts';
import { move } from '../domain/lifecycle.ts';
import type { Run } from '../domain/record.ts';
import type { AttemptInput, AttemptResult } from '../domain/steps.ts';
import type { Attempt } from '../domain/task.ts';
import type { Steps } from './activity-options.ts';
import { type StepFailure, stepFailureOf, TaskFailed } from './step-failure.ts';
import { climb, need, refOf, type Turn, unlessCancelled } from './turn.ts';

export async function runAttempt(turn: Turn, steps: Steps): Promise<void> {
  const { run, spec, show } = turn;
  if (run.next.waitMs !== undefined && run.next.waitMs > 0) await waitForQuota(turn, run.next.waitMs);
  const number = run.attempts.length + 1;
  const { reason, checkpoint } = run.next;
  const opened: Attempt = {
    number,
    reason,
    agent: spec.agent.name,
    outcome: 'running',
    ...(checkpoint === undefined ? {} : { resumedFrom: `${checkpoint.attempt}.${checkpoint.number}` }),
  };
  run.attempts = [...run.attempts, opened];
  run.token = uuid4();
  show();
  const input = inputOf(turn, number, run.token);
  try {
    const summary = `attempt ${number} (${reason}) by ${spec.agent.name}`;
    const result = await steps.runAttempt.executeWithOptions({ summary }, [input]);
    endAttempt(run, attemptDone(opened, result));
    run.commit = result.commit;
    run.commitSummary = result.summary;
    run.step = 'check';
  } catch (error) {
    if (isCancellation(error)) endAttempt(run, { ...opened, outcome: 'cancelled' });
    recover(turn, opened, stepFailureOf(unlessCancelled(error)));
  }
}

function inputOf({ record, run, spec }: Turn, number: number, token: string): AttemptInput {
  const { baseCommit, prepared } = need(run, 'baseCommit', 'prepared');
  const { reason, checkpoint, feedback } = run.next;
  return {
    task: refOf(record, spec),
    description: spec.description,
    ...(spec.requirementArtifact === undefined ? {} : { requirementArtifact: spec.requirementArtifact }),
    baseCommit,
    agent: prepared.agent,
    attempt: {
      number,
      token,
      reason,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(feedback === undefined ? {} : { feedback }),
    },
    protect: prepared.protect,
    attemptSecondsMax: spec.policy.attemptSecondsMax,
    stallSecondsMax: spec.policy.stallSecondsMax,
  };
}

/** One rung up the ladder. A fix attempt that changed nothing is told as the failed check it was for. */
function recover(turn: Turn, opened: Attempt, { failure, checkpoint, retryAfterMs }: StepFailure): void {
  const { run, spec } = turn;
  const { class: failureClass, message } = failure;
  endAttempt(run, { ...opened, outcome: 'failed', failure: { class: failureClass, message } });
  const unfixed = opened.reason === 'fix' && failureClass === 'no_change' ? lastCheckFailure(run) : undefined;
  if (unfixed !== undefined) {
    throw new TaskFailed({ ...unfixed, message: `${unfixed.message}; the fix attempt changed nothing` });
  }
  climb(
    turn,
    nextRung(failure, run.attempts, spec.policy, {
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }),
  );
}

async function waitForQuota({ record, show }: Turn, waitMs: number): Promise<void> {
  move(record, { status: 'blocked', waitingFor: `the provider, for ${Math.ceil(waitMs / 1000)} s` });
  show();
  await sleep(waitMs);
  move(record, { status: 'in_progress' });
}

const endAttempt = (run: Run, ended: Attempt): void => {
  run.attempts = [...run.attempts.slice(0, -1), ended];
  delete run.token;
};

const attemptDone = (opened: Attempt, { commit, summary }: AttemptResult): Attempt => ({
  ...opened,
  outcome: 'done',
  commit,
  summary,
});

const lastCheckFailure = (run: Run): Failure | undefined =>
  run.evidence?.some(({ passed }) => !passed) ? checkFailure(run.evidence) : undefined;
