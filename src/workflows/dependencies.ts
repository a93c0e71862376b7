/**
 * Tasks that wait for others, without anything in between: a task that waits signals each of its dependencies, and a task
 * that ends signals those that asked. Signals between workflows are delivered once, and need no worker of the other side to be up.
 */
import {
  CancellationScope,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { TaskActivities } from '../activities/task-activities.ts';
import { applyEnded, applySilent } from '../domain/lifecycle.ts';
import { LIMITS } from '../domain/limits.ts';
import { REFUSES_DEPENDANTS_SINCE, type TaskRecord } from '../domain/task-record.ts';

/** `waits`: tell me when you have ended. */
const waitsSignal = defineSignal<[unknown]>('waits');
/** `ended`: I have. */
const endedSignal = defineSignal<[unknown]>('ended');
/** `silent`: too many wait for me, so I will not tell you. */
const silentSignal = defineSignal<[unknown]>('silent');

/**
 * One read of Temporal: milliseconds, or seconds where the server is busy. It sends no heartbeat, so a worker that is killed at it
 * is missed only when this time is over. Tried for as long as it takes, because nothing else tells.
 */
const { readEnd } = proxyActivities<TaskActivities>({
  startToCloseTimeout: '5 s',
  retry: { initialInterval: '1 s', maximumInterval: '1 minute' },
});

/** Registers the signals. Whatever they carry, the workflow lives. */
export function hearOfDependencies(record: TaskRecord): void {
  setHandler(waitsSignal, (raw) => {
    const task = textIn(raw, 'task');
    const { dependants = [] } = record;
    if (task === undefined) {
      log.warn('signal ignored', { name: waitsSignal.name });
    } else if (!dependants.includes(task)) {
      if (dependants.length >= LIMITS.dependantsPerTaskMax) return refuse(record, task);
      record.dependants = [...dependants, task];
    }
    return undefined;
  });
  setHandler(silentSignal, (raw) => {
    const task = textIn(raw, 'task');
    if (task === undefined) log.warn('signal ignored', { name: silentSignal.name });
    else applySilent(record, task);
  });
  setHandler(endedSignal, (raw) => {
    const [task, status] = [textIn(raw, 'task'), textIn(raw, 'status')];
    if (task === undefined || !isEnd(status)) log.warn('signal ignored', { name: endedSignal.name });
    else applyEnded(record, task, status);
  });
}

/** Whoever asks in vain must not believe to be heard. An older task is replayed as it was: it said nothing. */
async function refuse(record: TaskRecord, task: string): Promise<void> {
  log.warn('dependant refused', { task, dependants: LIMITS.dependantsPerTaskMax });
  if ((record.edition ?? 0) < REFUSES_DEPENDANTS_SINCE) return;
  // Counted, so that a task that refuses many hands over before its history is too long.
  record.ignoredMessages += 1;
  // A cancellation of this task does not take the answer back.
  await CancellationScope.nonCancellable(() => tell(task, silentSignal, { task: record.id }));
}

export const hasToAsk = ({ waitsFor = [], asked = [] }: TaskRecord): boolean =>
  waitsFor.some(({ id }) => !asked.includes(id));

/** Asks every dependency to signal its end, and reads how one ended that is closed already. */
export async function askDependencies(record: TaskRecord): Promise<void> {
  for (const { id } of record.waitsFor ?? []) {
    if (record.asked?.includes(id)) continue;
    if (!(await tell(id, waitsSignal, { task: record.id }))) {
      const status = await readEnd(id);
      if (isEnd(status)) applyEnded(record, id, status);
      // The dependency was run again meanwhile: it can be asked now.
      else continue;
    }
    record.asked = [...(record.asked ?? []), id];
  }
}

/** Tells every task that waits that this one has ended, those too that ask while it ends. */
export async function tellDependants(record: TaskRecord): Promise<void> {
  const told = new Set<string>();
  for (;;) {
    const next = record.dependants?.find((id) => !told.has(id));
    if (next === undefined) return;
    told.add(next);
    // A task that is closed needs no signal any more.
    await tell(next, endedSignal, { task: record.id, status: record.phase.status });
  }
}

/** False where there is no such task, or it is closed. */
async function tell(id: string, signal: typeof waitsSignal, body: object): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(id).signal(signal, body);
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}

type End = 'completed' | 'failed' | 'cancelled';
const isEnd = (status: string | undefined): status is End =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

function textIn(raw: unknown, key: string): string | undefined {
  const value: unknown =
    typeof raw === 'object' && raw !== null && key in raw ? Reflect.get(raw, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}
