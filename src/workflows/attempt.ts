/**
 * One attempt of an agent, and the rung of the recovery ladder that follows when it failed. An instruction that comes
 * while the agent works cuts the attempt short: the next one goes on with it, in the same session.
 */
import { CancellationScope, condition, isCancellation, sleep, uuid4 } from '@temporalio/workflow';
import { checkFailureOn } from '../domain/carried.ts';
import type { Failure } from '../domain/failures.ts';
import { permissionGate } from '../domain/gates.ts';
import { endingOf, feedbackWith, nextFix, nextRung, type Rung, solveConflicts } from '../domain/ladder.ts';
import { move } from '../domain/lifecycle.ts';
import { toldWords } from '../domain/said.ts';
import type { AttemptInput, AttemptResult, Prepared } from '../domain/steps.ts';
import type { Run } from '../domain/task-record.ts';
import type { Attempt, AttemptReason, Checkpoint } from '../domain/task-state.ts';
import { waitsSince } from '../domain/waiting-order.ts';
import type { Steps } from './activity-options.ts';
import { attemptFor, leaveToPeople } from './for-execution.ts';
import { cancelledAt, type Reached, type StepFailure, stepFailureOf } from './step-failure.ts';
import { checkSetupOf, climb, isHeardOut, isTold, need, openGate, refOf, type Turn } from './turn.ts';

export async function runAttempt(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec, show } = turn;
  if (leaveToPeople(turn, { class: 'blocked', message: 'there is more to do than to deliver' })) return;
  const { waitMs = 0, ...next } = run.next;
  if (waitMs > 0) await waitForQuota(turn, waitMs);
  run.next = next;
  takeTold(run);
  const number = run.attempts.length + 1;
  const { reason, checkpoint } = run.next;
  if (FRESH.has(reason)) delete run.session;
  const endedBy = run.unbegun ?? run.attempts.at(-1)?.failure?.class;
  run.waitsSinceMs = waitsSince(run.waitsSinceMs, endedBy, Date.now());
  delete run.unbegun;
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
    const work = () => steps.runAttempt.executeWithOptions({ summary }, [input]);
    const result = await unlessTold(run, isHeardOut(record), work);
    endAttempt(run, attemptDone(opened, result));
    if (result.session !== undefined) run.session = result.session;
    run.commit = result.commit;
    run.commitSummary = result.summary;
    if (result.outputs !== undefined) run.outputs = result.outputs;
    run.step = 'check';
  } catch (error) {
    const isTaskCancelled = CancellationScope.current().consideredCancelled;
    if (isCancellation(error)) {
      cutShort(run, opened, cancelledAt(error));
      if (isTaskCancelled || !isTold(run)) throw error;
      run.next = { ...run.next, reason: 'told' };
    } else if (isTaskCancelled && isHeardOut(record)) {
      // It ended otherwise before it heard of that, or with its worker: no reason to try again.
      cutShort(run, opened, stepFailureOf(error));
    } else {
      recover(turn, opened, stepFailureOf(error));
    }
  }
}

/** Attempts for these reasons begin a new conversation; all others go on with the one before. */
const FRESH: ReadonlySet<AttemptReason> = new Set<AttemptReason>(['first', 'restart', 'reassign']);

/** What people have said becomes what the agent reads; a crash before it has read it changes nothing about that. */
function takeTold(run: Run): void {
  for (const told of run.told ?? [])
    run.next = { ...run.next, feedback: feedbackWith(run.next.feedback, toldWords(told)) };
  delete run.told;
}

/**
 * Cancels `work` when a person gives the agent an instruction, and settles when it has ended.
 * @param heardOut also where the task is cancelled: clean-up must not run beside an agent that has not heard of it yet
 */
async function unlessTold<T>(run: Run, heardOut: boolean, work: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  const working = scope.run(work);
  let over = false;
  const told = () => condition(() => isTold(run) || over);
  try {
    await Promise.race([working, heardOut ? CancellationScope.nonCancellable(told) : told()]);
    if (isTold(run)) scope.cancel();
    return await working;
  } finally {
    over = true;
  }
}

/** The attempt was cancelled. What it had reached is kept: for the next one, and for a person who looks at its session. */
function cutShort(run: Run, opened: Attempt, reached: Reached): void {
  endAttempt(run, { ...opened, outcome: 'cancelled', ...knownOf(reached) });
  keep(run, reached);
}

function keep(run: Run, { checkpoint, session }: Reached): void {
  if (session !== undefined) run.session = session;
  if (checkpoint !== undefined) run.next = { ...run.next, checkpoint };
}

const knownOf = ({ session, usage }: Reached | AttemptResult): Pick<Attempt, 'session' | 'usage'> => ({
  ...(session === undefined ? {} : { session }),
  ...(usage === undefined ? {} : { usage }),
});

function inputOf({ record, run, spec }: Turn, number: number, token: string): AttemptInput {
  const { baseCommit, prepared } = need(run, 'baseCommit', 'prepared');
  const { reason, checkpoint, feedback } = run.next;
  const { permissions, outputBytesMax, costUsdMax, turnsMax } = spec.policy;
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
      ...(run.session === undefined ? {} : { session: run.session }),
      ...(run.granted === undefined ? {} : { granted: run.granted }),
    },
    ...begunFrom(run, prepared),
    ...attemptFor(spec, run),
    ...(prepared.checks.length === 0 ? {} : { checked: checkSetupOf(spec, prepared) }),
    ...(run.priority === undefined ? {} : { priority: run.priority }),
    ...(run.waitsSinceMs === undefined ? {} : { waitsSinceMs: run.waitsSinceMs }),
    attemptSecondsMax: spec.policy.attemptSecondsMax,
    stallSecondsMax: spec.policy.stallSecondsMax,
    ...(permissions === undefined ? {} : { permissions }),
    limits: {
      ...(outputBytesMax === undefined ? {} : { outputBytesMax }),
      ...(costUsdMax === undefined ? {} : { costUsdMax }),
      ...(turnsMax === undefined ? {} : { turnsMax }),
    },
  };
}

/** Until there is a change of its own, the run has the one that it goes on from. */
function begunFrom({ commit }: Run, { resumed }: Prepared): Pick<AttemptInput, 'begunFrom'> {
  return commit === undefined && resumed?.kind === 'resumed' ? { begunFrom: resumed.commit } : {};
}

/** One rung up the ladder. Where it ends, fix attempts are told as the failed check they were for. */
function recover(turn: Turn, opened: Attempt, step: StepFailure): void {
  const { failure, final, neverBegun, ...reached } = step;
  const { record, run } = turn;
  if (neverBegun === true) {
    waitAnew(run, failure);
    return;
  }
  const { output: _, ...told } = failure;
  endAttempt(run, { ...opened, outcome: 'failed', failure: told, ...knownOf(reached) });
  keep(run, reached);
  const { feedback } = run.next;
  const { permission } = failure;
  const decided = [...(run.granted ?? []), ...(run.refused ?? [])];
  if (permission !== undefined && !decided.includes(permission.id)) {
    openGate(record, permissionGate(permission));
    return;
  }
  const rung = rungAfter(turn, failure, reached.checkpoint, final);
  climb(turn, rung.kind === 'fail' ? { ...rung, failure: endingOf(failure, lastCheckFailure(run)) } : rung);
  // The failure does not repeat the feedback that the failed attempt was given.
  if (feedback !== undefined && run.step === 'attempt')
    run.next = { ...run.next, feedback: feedbackWith(feedback, run.next.feedback) };
}

/** Its worker ended while it waited for its turn. That was no attempt: the same one waits on. */
function waitAnew(run: Run, { class: endedBy }: Failure): void {
  run.attempts = run.attempts.slice(0, -1);
  run.unbegun = endedBy;
  delete run.token;
  delete run.reports;
}

function rungAfter(
  { record, run, spec }: Turn,
  failure: Failure,
  checkpoint: Checkpoint | undefined,
  final: true | undefined,
): Rung {
  if (final === true) return { kind: 'fail', failure };
  if (failure.class === 'conflict')
    return nextFix('conflict', failure, run.attempts, spec.policy, solveConflicts(failure));
  return nextRung(failure, run.attempts, spec.policy, checkpoint, record.edition ?? 1);
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
  delete run.reports;
};

const attemptDone = (opened: Attempt, result: AttemptResult): Attempt => ({
  ...opened,
  ...knownOf(result),
  outcome: 'done',
  commit: result.commit,
  summary: result.summary,
});

function lastCheckFailure(run: Run): Failure | undefined {
  const { evidence = [] } = run;
  if (evidence.some(({ passed }) => !passed)) return checkFailureOn(run, evidence);
  const gate = run.gates.findLast((one) => one.gate === 'check');
  if (gate?.status !== 'failed' || gate.evidence?.length !== 0) return undefined;
  return checkFailureOn(run, [], gate.reason);
}
