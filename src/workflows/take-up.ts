/**
 * What people put on a task's branch while its change waited is part of the task: an attempt of theirs, which is checked and
 * shown like any other, or a question to a person where it cannot be.
 */
import { patched } from '@temporalio/workflow';
import { byHand } from '../domain/by-hand.ts';
import { outdated } from '../domain/carried.ts';
import { feedbackWith } from '../domain/ladder.ts';
import type { Steps } from './activity-options.ts';
import { reconfigured } from './reconfigured.ts';
import { climb, need, orFail, refOf, type Turn } from './turn.ts';

/** Before the agent goes on from a change that was shown. Tasks that did so before there was this are replayed as they were. */
export function lookForWork({ run }: Turn): void {
  if (run.published !== undefined && patched('takes-up-commits')) run.untaken = true;
}

export async function takeUp(turn: Turn, steps: Steps): Promise<void> {
  const { record, run, spec } = turn;
  const { baseCommit, commit } = need(run, 'baseCommit', 'commit');
  const shown = run.published?.pullRequest.commit ?? commit;
  const input = { task: refOf(record, spec), attempt: run.attempts.length + 1, baseCommit, commit, shown };
  const summary = 'look for changes by hand';
  const found = await orFail(steps.takeUp.executeWithOptions({ summary }, [input]));
  if (found.kind === 'refused') return climb(turn, { kind: 'escalate', question: found.why });
  delete run.untaken;
  if (found.kind === 'nothing') return;
  const { attempt, words } = byHand(run, found);
  run.attempts = [...run.attempts, attempt];
  run.commit = found.commit;
  run.commitSummary = found.summary;
  // From here on the change is what is not in that.
  if (found.baseCommit !== undefined) run.baseCommit = found.baseCommit;
  reconfigured(turn, found);
  delete run.evidence;
  if (run.step === 'attempt') {
    run.next = {
      ...run.next,
      feedback: feedbackWith(run.next.feedback, `${words}: that is in your workspace already`),
    };
    return;
  }
  run.gates = outdated(run.gates, words);
  run.step = 'check';
}
