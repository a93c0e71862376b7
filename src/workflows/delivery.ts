/** The steps that offer a change, and merge it once it is approved. Where the base moves in between the change is checked again. */
import { patched } from '@temporalio/workflow';
import { carriedApproval, mayCarry, outdated } from '../domain/carried.ts';
import { driverWords } from '../domain/conflicts.ts';
import type { Failure } from '../domain/failures.ts';
import { approvalGate } from '../domain/gates.ts';
import { nextFix, solveConflicts } from '../domain/ladder.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import type { Merged, Published } from '../domain/steps.ts';
import type { Run } from '../domain/task-record.ts';
import type { Gate } from '../domain/task-state.ts';
import type { Steps } from './activity-options.ts';
import { awaitMergeable } from './decision.ts';
import { leaveToPeople, needsNoApproval } from './for-execution.ts';
import { reconfigured } from './reconfigured.ts';
import { stepFailureOf } from './step-failure.ts';
import { climb, need, noteKept, openGate, orAsk, refOf, type Turn, unlessCancelled } from './turn.ts';

export async function publish(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec } = turn;
  const { baseCommit, commit } = need(run, 'baseCommit', 'commit');
  const input = {
    task: refOf(record, spec),
    attempt: run.attempts.length,
    baseCommit,
    commit,
    summary: run.commitSummary ?? record.title,
    evidence: run.evidence ?? [],
    ...(run.baseRewritten === undefined ? {} : { baseRewritten: run.baseRewritten }),
  };
  const summary = `pull request for ${commit.slice(0, 7)}`;
  const step = steps.publish.executeWithOptions({ summary }, [input]);
  const published = await orAsk(turn, step, 'the change is ready and could not be offered');
  if (published === undefined) return;
  if ('kind' in published) {
    run.untaken = true;
    return;
  }
  const carried = carriedOver(run, published);
  run.published = published;
  if (needsNoApproval(spec.skill)) {
    run.step = 'merge';
    return;
  }
  if (carried === undefined) {
    openGate(record, approvalGate(commit, run.published, run.evidence ?? []));
    run.step = 'approval';
    return;
  }
  // Only results of steps that say what the change is lead here, so histories from before that go the way they went.
  run.gates = [...run.gates, carried];
  run.step = 'merge';
}

/** Nobody is asked again about a change that only its base has moved under. */
function carriedOver(run: Run, published: Published): Gate | undefined {
  const { moved, commit, gates, published: before, evidence = [] } = run;
  if (moved === undefined || moved !== commit || before === undefined || !mayCarry(run)) return undefined;
  return carriedApproval(gates, before, { published, evidence });
}

/** Rounds of tries. Waiting for its turn a merge may lose many workers that died of something else. */
const LOST_MERGES_MAX = 20;

/** What the step came to; undefined where no try of it was heard of again, so that it is made once more. */
async function orAgain(run: Run, step: Promise<Merged>): Promise<Merged | undefined> {
  try {
    const merged = await step;
    delete run.lostMerges;
    return merged;
  } catch (error) {
    const { failure } = stepFailureOf(unlessCancelled(error));
    const lost = (run.lostMerges ?? 0) + 1;
    if (failure.class !== 'worker_lost' || lost > LOST_MERGES_MAX || !patched('merges-again')) throw error;
    run.lostMerges = lost;
    return undefined;
  }
}

export async function merge(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec, show } = turn;
  if (run.unwatched !== undefined) return awaitMergeable(turn, steps, run.unwatched);
  const { baseCommit, commit, published } = need(run, 'baseCommit', 'commit', 'published');
  const task = refOf(record, spec);
  const input = {
    task,
    attempt: run.attempts.length,
    pullRequest: published.pullRequest.number,
    commit,
    baseCommit,
    ...(mayCarry(run) ? { carries: true as const } : {}),
  };
  show();
  const summary = `merge #${published.pullRequest.number} into ${spec.base}`;
  const step = orAgain(run, steps.merge.executeWithOptions({ summary }, [input]));
  const merged = await orAsk(turn, step, 'approved, and could not be merged');
  if (merged === undefined) return;
  if (merged.kind === 'merged') {
    run.mergedCommit = merged.commit;
    if (merged.takeCommand !== undefined) run.takeCommand = merged.takeCommand;
    if (merged.takeReason !== undefined) run.takeReason = merged.takeReason;
    if (merged.unchecked !== undefined) addNote(record, merged.unchecked);
    if (merged.byHand !== undefined) addNote(record, merged.byHand);
    noteKept(record, merged);
    record.summary = run.commitSummary ?? record.title;
    move(record, { status: 'completed' });
    return;
  }
  if (merged.kind === 'pending') return awaitMergeable(turn, steps, merged.why);
  if (merged.kind === 'worked_on') {
    run.untaken = true;
    return;
  }
  onMovedBase(turn, merged);
}

type BaseMoved = Extract<Merged, { kind: 'base_moved' | 'conflict' }>;

function onMovedBase(turn: Turn, merged: BaseMoved): void {
  const { run, spec } = turn;
  run.gates = outdated(run.gates);
  run.baseCommit = merged.baseCommit;
  if (merged.baseRewritten === true) run.baseRewritten = true;
  const isAsked = reconfigured(turn, merged);
  if (merged.kind === 'base_moved') {
    run.commit = merged.commit;
    if (merged.baseRewritten !== true && !isAsked) run.moved = merged.commit;
    run.step = 'check';
    return;
  }
  const failure: Failure = {
    class: 'conflict',
    message: `${spec.base} ${merged.baseRewritten === true ? 'was rewritten' : 'has moved'} and conflicts with the change in ${merged.files.join(', ')}${driverWords(merged.drivers)}`,
  };
  if (leaveToPeople(turn, failure)) return;
  const told = solveConflicts(failure);
  // Where a person is asked first, the agent is told once they let it go on.
  run.next = { ...run.next, feedback: told };
  climb(turn, nextFix('conflict', failure, run.attempts, spec.policy, told));
}
