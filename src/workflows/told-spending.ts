/**
 * What a cancelled task has spent. Nothing but that it was cancelled is heard of its end, so it tells its execution before, by a
 * signal, which is delivered before that end is.
 */
import {
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Spending } from '../domain/executions/budget-spent.ts';
import type { TaskRecord } from '../domain/task-record.ts';
import type { TaskSpec } from '../domain/task-spec.ts';
import { returnedBy } from './for-execution.ts';

const spentSignal = defineSignal<[unknown]>('spent');

/** Tasks that were cancelled before there was this told nobody, and are replayed as they were. */
export async function tellSpending(record: TaskRecord, spec: TaskSpec): Promise<void> {
  const { parent } = workflowInfo();
  const { spent } = returnedBy(record, spec);
  if (parent === undefined || spent === undefined || !patched('tells-spending')) return;
  try {
    await getExternalWorkflowHandle(parent.workflowId).signal(spentSignal, { task: record.id, ...spent });
  } catch (error) {
    if (isCancellation(error)) throw error;
    // The execution is over, or was ended in Temporal: nobody counts any more.
  }
}

/**
 * Registers the signal. Whatever it carries, the workflow lives.
 * @param isRunning whether this is one of its tasks
 * @returns what a task has told, once
 */
export function hearSpending(isRunning: (task: string) => boolean): (task: string) => Spending | undefined {
  const told = new Map<string, Spending>();
  setHandler(spentSignal, (raw) => {
    const { task, attempts, usd } = Object(raw) as Readonly<Record<string, unknown>>;
    if (typeof task === 'string' && isRunning(task) && isAmount(attempts) && isAmount(usd))
      told.set(task, { attempts, usd });
    else log.warn('signal ignored', { name: spentSignal.name });
  });
  return (task) => {
    const spent = told.get(task);
    told.delete(task);
    return spent;
  };
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
