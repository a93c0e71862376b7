/**
 * The lifecycle of a task, from its first message to its end. Workflow type `task`, workflow id = task id. A
 * client-driven task waits for messages; an agent-run task goes its steps (`agent-run.ts`).
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { runWordOf } from '../domain/ids.ts';
import { move, phaseOf } from '../domain/lifecycle.ts';
import { type Dependency, dependenciesOf } from '../domain/plan.ts';
import {
  ALIKE_SINCE,
  EDITION,
  type Edition,
  NAMED_BY_RUN_SINCE,
  type TaskRecord,
  viewOf,
} from '../domain/task-record.ts';
import type { ClientDrivenSpec, TaskSpec } from '../domain/task-spec.ts';
import { isClosed } from '../domain/task-state.ts';
import { closeWorkspace, newRun, nextStep } from './agent-run.ts';
import { askDependencies, hasToAsk, hearOfDependencies, tellDependants } from './dependencies.ts';
import { type Returned, returnedBy } from './for-execution.ts';
import { watchHistory } from './full-history.ts';
import { tasks } from './sinks.ts';
import { isSpecOf } from './started-by-hand.ts';
import { TaskFailed } from './step-failure.ts';
import { carriedSurface, createSurface } from './surface.ts';
import { faceOf } from './task-face.ts';
import { receiveTaskMessages } from './task-messages.ts';
import { tellSpending } from './told-spending.ts';
import { tellStateBy } from './told-state.ts';
import { isHeardOut, leaveGate, type Turn, throwIfCancelled } from './turn.ts';

export interface TaskInput {
  readonly spec: TaskSpec;
  /** Absent where it was started by hand, or before there was a second one. */
  readonly edition?: Edition;
  /** Of an agent run that the engine started (`engine/start-seals.ts`). */
  readonly seal?: string;
  /** Hands over to a new run after so many events; tests set it, the server suggests otherwise. */
  readonly eventsMax?: number;
  /** Of a task that is run again: the tasks that waited for it before. */
  readonly dependants?: readonly string[];
  /** The same: it goes on from the work of the run before. */
  readonly goesOn?: true;
  /** The same: what people have said about its work. */
  readonly said?: string;
  /** Present only after continue-as-new. */
  readonly carried?: TaskRecord;
}

/** What stays in history as the result; `state` answers everything. */
export interface TaskEnd extends Returned {
  readonly id: string;
  readonly status: string;
  readonly mergedCommit: string | null;
}

export async function task(input: TaskInput): Promise<TaskEnd> {
  const record = openRecord(input);
  const show = createSurface(() => faceOf(record));
  tellStateBy(() => viewOf(record), tasks.changed);
  // Registered before the messages: their handler for unknown signals would take these signals, which may wait already.
  hearOfDependencies(record);
  receiveTaskMessages(record);
  let isHandingOver = false;
  try {
    await live(record, input, show);
    // What its client calls failed at a gate ends as every other end does; older tasks are replayed as they were.
    if (record.phase.status === 'failed' && (record.edition ?? 0) >= ALIKE_SINCE) {
      await CancellationScope.nonCancellable(() => closeAfter(undefined, record, input.spec));
    }
    // Here too, because the next run does not hear of a cancellation that came to this one.
    isHandingOver = !isClosed(record.phase.status);
    if (isHandingOver) await condition(allHandlersFinished);
  } catch (error) {
    // Only what Temporal or a step reports ends a task; a bug fails the workflow task, so that a fix can repair the run.
    if (!isCancellation(error) && !(error instanceof TaskFailed)) throw error;
    // Runs that were cancelled so before this rule told nobody, and are replayed as they were.
    if (isHandingOver && !patched('cancelled-when-full')) throw error;
    await CancellationScope.nonCancellable(() => closeAfter(error, record, input.spec));
    if (record.phase.status === 'cancelled') {
      showEnd(record, show);
      await CancellationScope.nonCancellable(async () => {
        await tellThoseWaiting(record);
        await tellSpending(record, input.spec);
      });
      throw error;
    }
  }
  if (!isClosed(record.phase.status)) return handOver(record, input);
  showEnd(record, show);
  if (isAwaited(record)) await CancellationScope.nonCancellable(() => tellThoseWaiting(record));
  return endOf(record, returnedBy(record, input.spec));
}

function showEnd(record: TaskRecord, show: () => void): void {
  if (record.edition !== undefined) record.changedAt = new Date().toISOString();
  show();
}

/** Most tasks end with nobody waiting, and are spared a scope: its promises are a fifth of all that one makes. */
const isAwaited = ({ dependants = [] }: TaskRecord): boolean =>
  dependants.length > 0 || !allHandlersFinished();

async function tellThoseWaiting(record: TaskRecord): Promise<void> {
  await tellDependants(record);
  await condition(allHandlersFinished);
}

/** Returns when the task is closed or its history is full. */
async function live(record: TaskRecord, input: TaskInput, show: () => void): Promise<void> {
  const { isFull, hasFilled: historyFull } = watchHistory(() => takenBy(record), input.eventsMax);
  while (!isClosed(record.phase.status) && !isFull()) {
    show();
    if (hasToAsk(record)) {
      await askDependencies(record);
    } else if (input.spec.kind === 'agent_run' && record.run !== undefined) {
      const { spec, seal } = input;
      const turn: Turn = { record, run: record.run, spec, seal, goesOn: input.goesOn, show, historyFull };
      await unlessTaskCancelled(record, nextStep(turn));
    } else {
      const { phase, changes } = record;
      await condition(() => record.phase !== phase || record.changes !== changes || historyFull());
    }
  }
}

const takenBy = ({ changes, ignoredMessages, dependants, waitsFor }: TaskRecord): readonly unknown[] => [
  changes,
  ignoredMessages,
  dependants?.length,
  waitsFor,
];

/** A step that a cancellation cut short may end otherwise than as cancelled: well, in time, or with its worker. */
async function unlessTaskCancelled(record: TaskRecord, step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (error instanceof TaskFailed && isHeardOut(record)) await throwIfCancelled();
    throw error;
  }
  if (isHeardOut(record) && !isClosed(record.phase.status)) await throwIfCancelled();
}

async function closeAfter(error: unknown, record: TaskRecord, spec: TaskSpec): Promise<void> {
  if (spec.kind === 'agent_run') await closeWorkspace(record, spec);
  if (isClosed(record.phase.status)) return;
  leaveGate(record, 'the task was cancelled');
  move(
    record,
    error instanceof TaskFailed ? { status: 'failed', failure: error.failure } : { status: 'cancelled' },
  );
}

/** The execution ends as the task did, so that the Temporal Web UI and its filters tell the truth. */
function endOf(record: TaskRecord, returned: Returned): TaskEnd {
  const { phase, id } = record;
  if (phase.status === 'failed') {
    throw ApplicationFailure.create({
      type: phase.failure.class,
      message: phase.failure.message,
      nonRetryable: true,
      ...(returned.spent !== undefined && { details: [failedWith(returned)] }),
    });
  }
  return { id, status: phase.status, mergedCommit: record.run?.mergedCommit ?? null, ...returned };
}

/** Of what it would return, what the execution hears of one that failed. */
const failedWith = ({ spent, isDoneAnew }: Returned): Pick<Returned, 'spent' | 'isDoneAnew'> => ({
  ...(spent !== undefined && { spent }),
  ...(isDoneAnew && { isDoneAnew }),
});

const handOver = (record: TaskRecord, input: TaskInput): Promise<never> =>
  makeContinueAsNewFunc<typeof task>(carriedSurface(faceOf(record), EDITION))({ ...input, carried: record });

/** @throws ApplicationFailure `invalid_input` for a start by hand that carries no task */
function openRecord(input: TaskInput): TaskRecord {
  const { workflowId, continuedFromExecutionRunId, firstExecutionRunId } = workflowInfo();
  // Only a run that hands over writes a record; by hand anybody can.
  if (input?.carried !== undefined && continuedFromExecutionRunId !== undefined) return input.carried;
  const spec: unknown = input?.spec;
  if (!isSpecOf(spec, workflowId)) {
    throw ApplicationFailure.nonRetryable(
      `expected the input {"spec":{"kind":"client_driven","id":"${workflowId}","title":"…","description":"…"}}; agent-run tasks start with pawl run`,
      'invalid_input',
    );
  }
  const run = (input.edition ?? 0) >= NAMED_BY_RUN_SINCE ? runWordOf(firstExecutionRunId) : undefined;
  const waitsFor = spec.kind === 'client_driven' ? dependenciesOf(spec.plan ?? {}, spec.done) : [];
  return {
    id: spec.id,
    kind: spec.kind,
    ...(input.edition === undefined ? {} : { edition: input.edition }),
    phase: phaseOf(waitsFor),
    title: spec.title,
    description: spec.description,
    ...(spec.kind === 'client_driven' ? plannedIn(spec, waitsFor) : {}),
    notes: [],
    artifacts: [],
    seen: [],
    // By hand it may be anything.
    ...(Array.isArray(input.dependants)
      ? { dependants: input.dependants.filter((id) => typeof id === 'string') }
      : {}),
    ignoredMessages: 0,
    ...(spec.kind === 'agent_run' ? { run: newRun(spec, run, input.said) } : {}),
  };
}

const plannedIn = (
  { context, plan, plannedAt }: ClientDrivenSpec,
  waitsFor: readonly Dependency[],
): Partial<TaskRecord> => ({
  ...(context === undefined ? {} : { context }),
  ...(plan === undefined ? {} : { plan }),
  ...(plannedAt === undefined ? {} : { plannedAt }),
  ...(waitsFor.length === 0 ? {} : { waitsFor }),
});
