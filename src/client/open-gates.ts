/** What waits for a person's decision, of tasks and executions. */
import { askingGatesIn } from '../domain/executions/asking-gates.ts';
import { isOver } from '../domain/executions/execution-state.ts';
import type { OutputOf } from '../domain/operations.ts';
import type { Gate, TaskState } from '../domain/task-state.ts';
import type { LiveExecutions } from './live-executions.ts';
import type { Reads } from './task-reads.ts';

type Listed = OutputOf<'gates'>['gates'];

/** @throws PawlError as reads of states */
export async function readOpenGates(
  reads: Reads,
  executions: Pick<LiveExecutions, 'rows' | 'state'>,
): Promise<Listed> {
  return (await Promise.all([gatesOfTasks(reads), gatesOfExecutions(executions)])).flat();
}

// Rows may lag in both: a gate that was decided a moment ago is not open any more.
async function gatesOfTasks(reads: Reads): Promise<Listed> {
  const waiting = (await reads.rows()).filter(({ status }) => status === 'awaiting_gate');
  const states = await Promise.all(waiting.map(({ id }) => reads.state(id)));
  return states.flatMap((state) => openGatesIn(state).map((gate) => ({ ...named(state), gate })));
}

async function gatesOfExecutions({ rows, state }: Pick<LiveExecutions, 'rows' | 'state'>): Promise<Listed> {
  const waiting = (await rows()).filter(({ status, gates = [] }) => !isOver(status) && gates.length > 0);
  const states = await Promise.all(waiting.map(({ id }) => state(id)));
  return states.flatMap((one) => askingGatesIn(one).map((gate) => ({ ...named(one), gate })));
}

const named = <I>({ id, title }: { readonly id: I; readonly title: string }) => ({ id, title });

export const openGatesIn = ({ gates }: TaskState): Gate[] => gates.filter(({ status }) => status === 'open');
