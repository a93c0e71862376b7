/**
 * The story of an agent-run task: workspace → attempt → check → pull request → approval → merge. One function a step;
 * each leaves in the run what it found and which step is next, so that a task may change its worker, its process or
 * its history between any two.
 */
import { patched } from '@temporalio/workflow';
import { checkFailureOn } from '../domain/carried.ts';
import { digestOf } from '../domain/digest.ts';
import { checkGate } from '../domain/gates.ts';
import { feedbackWith, nextFix } from '../domain/ladder.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import { unusualIn } from '../domain/priority.ts';
import { resumedWords } from '../domain/resumed.ts';
import { heardBefore } from '../domain/said.ts';
import { openGateOf, type Run, type TaskRecord } from '../domain/task-record.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';
import type { Step } from '../domain/task-state.ts';
import { type Steps, stepsOn } from './activity-options.ts';
import { runAttempt } from './attempt.ts';
import { awaitDecision, awaitEscalation, awaitPermission, listen } from './decision.ts';
import { merge, publish } from './delivery.ts';
import { beginTakenOver, discarding, finish, isOver, leaveToPeople, workFrom } from './for-execution.ts';
import { stepFailureOf } from './step-failure.ts';
import { takeUp } from './take-up.ts';
import { checkSetupOf, climb, isTold, need, noteKept, now, orAsk, orFail, refOf, type Turn } from './turn.ts';

/**
 * @param id absent where the task lives by rules from before it was kept
 * @param said in runs of the task before this one
 */
export const newRun = (
  { repository, base, dir, agent, skill, priority }: AgentRunSpec,
  id: string | undefined,
  said: unknown,
): Run => ({
  ...(id === undefined ? {} : { id }),
  repository,
  base,
  ...(dir === undefined ? {} : { dir }),
  ...(skill === undefined ? {} : { execution: skill.execution }),
  agent: agent.name,
  ...unusualIn(priority),
  ...(skill?.mendedByPeople === true && { mendedByPeople: true as const }),
  step: 'workspace',
  attempts: [],
  gates: [],
  ...heardBefore(said),
});

const STEPS: { readonly [S in Step]: (turn: Turn, steps: Steps) => Promise<void> } = {
  workspace: openWorkspace,
  attempt: runAttempt,
  check: runChecks,
  pull_request: publish,
  approval: awaitDecision,
  merge,
};

const AFTER_THE_WORK: ReadonlySet<Step> = new Set<Step>(['check', 'pull_request', 'merge']);

/** Does the step that is next. Returns at a safe point: nothing runs, everything is in the record. */
export async function nextStep(turn: Turn): Promise<void> {
  const open = openGateOf(turn.record);
  if (open?.gate === 'escalation') return awaitEscalation(turn);
  if (open?.permission !== undefined) return awaitPermission(turn, open.permission);
  if (open === undefined && turn.run.untaken === true) return takeUp(turn, stepsOn(turn.spec.host));
  // What the agent has not heard yet may change everything that comes after its work.
  if (open === undefined && AFTER_THE_WORK.has(turn.run.step) && isTold(turn.run)) return listen(turn);
  const steps = stepsOn(turn.spec.host);
  await (isOver(turn) ? finish(turn, steps) : STEPS[turn.run.step](turn, steps));
}

/**
 * Ends what a failed or cancelled task leaves: the worktree goes, committed work stays as its branch. Where that cannot
 * be done the task ends all the same, with a note that says where its work is.
 */
export async function closeWorkspace(record: TaskRecord, spec: AgentRunSpec): Promise<void> {
  const baseCommit = record.run?.baseCommit;
  const input = {
    task: refOf(record, spec),
    ...(baseCommit === undefined ? {} : { baseCommit }),
    ...discarding(spec),
  };
  try {
    const options = { summary: 'remove the workspace' };
    const cleaned = await stepsOn(spec.host).cleanUp.executeWithOptions(options, [input]);
    noteKept(record, cleaned);
  } catch (error) {
    const { failure } = stepFailureOf(error);
    addNote(record, `not cleaned up, the work is still in the workspace: ${failure.message}`);
  }
}

async function openWorkspace(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec, seal, goesOn, show } = turn;
  move(record, { status: 'in_progress' });
  show();
  const input = {
    task: refOf(record, spec),
    agent: spec.agent,
    ...(spec.checks === undefined ? {} : { checks: spec.checks }),
    ...(spec.setup === undefined ? {} : { setup: spec.setup }),
    ...(spec.copy === undefined ? {} : { copy: spec.copy }),
    ...(goesOn ? { goesOn } : {}),
    ...workFrom(spec),
    start: { spec: digestOf(spec), ...(seal === undefined ? {} : { seal }) },
  };
  const summary = `worktree of ${spec.base}`;
  run.prepared = await orFail(steps.prepareWorkspace.executeWithOptions({ summary }, [input]));
  run.baseCommit = run.prepared.baseCommit;
  noteKept(record, run.prepared);
  for (const note of run.prepared.notes ?? []) addNote(record, note);
  const { resumed } = run.prepared;
  if (resumed !== undefined) {
    const { note, feedback } = resumedWords(resumed, spec.base);
    addNote(record, note);
    if (feedback !== undefined)
      run.next = { ...run.next, feedback: feedbackWith(feedback, run.next.feedback) };
  }
  run.step = 'attempt';
  beginTakenOver(turn);
}

async function runChecks(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec } = turn;
  const { baseCommit, prepared, commit } = need(run, 'baseCommit', 'prepared', 'commit');
  const { checks, protect, agent } = prepared;
  const input = {
    task: refOf(record, spec),
    attempt: run.attempts.length,
    baseCommit,
    commit,
    checks,
    protect,
    agent,
    ...checkSetupOf(spec, prepared),
  };
  // No check, no evidence, which is said everywhere: the commit itself is looked at all the same.
  const summary = `${checks.map(({ name }) => name).join(', ') || 'no check'} @ ${commit.slice(0, 7)}`;
  const openedAt = now();
  const report =
    checks.length === 0 && !patched('looks-unchecked')
      ? { evidence: [], problem: undefined }
      : await orAsk(
          turn,
          steps.runChecks.executeWithOptions({ summary }, [input]),
          'the change could not be checked',
        );
  if (report === undefined) return;
  const { evidence, problem } = report;
  run.evidence = evidence;
  const gate = { ...checkGate(commit, evidence, problem), openedAt, decidedAt: now() };
  run.gates = [...run.gates, gate];
  if (gate.status === 'failed') {
    const failure = checkFailureOn(run, evidence, problem);
    if (leaveToPeople(turn, failure)) return;
    const feedback = `${failure.message}\n${failure.output ?? ''}`;
    climb(turn, nextFix('fix', failure, run.attempts, spec.policy, feedback));
  } else {
    run.step = 'pull_request';
  }
}
