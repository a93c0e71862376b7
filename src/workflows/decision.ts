/** Waiting for a person: the approval of a change, and escalations where the recovery ladder ran out of rungs. */
import { condition } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { nextFix } from '../domain/ladder.ts';
import { move } from '../domain/lifecycle.ts';
import { openGateOf } from '../domain/record.ts';
import type { Gate } from '../domain/task.ts';
import { TaskFailed } from './step-failure.ts';
import { climb, type Turn } from './turn.ts';

export async function awaitDecision(turn: Turn): Promise<void> {
  const gate = await decisionOn(turn);
  if (gate === undefined) return;
  const { run, spec } = turn;
  if (gate.status === 'approved') {
    run.step = 'merge';
    return;
  }
  const failure: Failure = {
    class: 'rejected',
    message: `rejected by ${gate.by}: ${gate.reason ?? 'no reason given'}`,
  };
  if (spec.policy.onReject === 'fail') throw new TaskFailed(failure);
  climb(turn, nextFix('fix', failure, run.attempts, spec.policy, failure.message));
}

export async function awaitEscalation(turn: Turn): Promise<void> {
  const gate = await decisionOn(turn);
  if (gate === undefined) return;
  if (gate.status === 'rejected') {
    throw new TaskFailed({ class: 'rejected', message: `stopped by ${gate.by}: ${gate.question}` });
  }
  turn.run.next = {
    ...turn.run.next,
    reason: 'retry',
    ...(gate.reason === undefined ? {} : { feedback: gate.reason }),
  };
  turn.run.step = 'attempt';
}

/** The decided gate, filed among the run's gates; undefined when the history is full before anybody decides. */
async function decisionOn({ record, run, historyFull }: Turn): Promise<Gate | undefined> {
  const closed = () => record.phase.status !== 'awaiting_gate';
  const decided = () => openGateOf(record)?.status !== 'open';
  await condition(() => decided() || historyFull());
  if (closed()) return undefined;
  const gate = openGateOf(record);
  if (gate === undefined || gate.status === 'open') return undefined;
  run.gates = [...run.gates, gate];
  move(record, { status: 'in_progress' });
  return gate;
}
