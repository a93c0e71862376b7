/**
 * An execution of a loop, from its first phase to its end. Workflow type `execution`, workflow id = execution id. What it does
 * follows from what was said and seen (`domain/executions/settle.ts`); here it is only said when: after each message, each
 * look of the engine at the project, and each deadline.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { nextDeadline } from '../domain/executions/deadlines.ts';
import { type Execution, type ExecutionRecord, newRecord } from '../domain/executions/execution-record.ts';
import type { ExecutionSpec } from '../domain/executions/execution-spec.ts';
import { isOver } from '../domain/executions/execution-state.ts';
import { viewOf } from '../domain/executions/execution-view.ts';
import { settle } from '../domain/executions/settle.ts';
import { EDITION, type Edition } from '../domain/task-record.ts';
import { createAlarm } from './alarm.ts';
import { closeBranch, createChildren, type Pinned } from './children.ts';
import { executionFace } from './execution-face.ts';
import { receiveExecutionMessages } from './execution-inbox.ts';
import { watchHistory } from './full-history.ts';
import { createLooking, endLooks } from './looking.ts';
import { executions } from './sinks.ts';
import { carriedSurface, createSurface } from './surface.ts';
import { tellStateBy } from './told-state.ts';
import { now } from './turn.ts';
import { together } from './under-way.ts';

export interface ExecutionInput {
  readonly spec: ExecutionSpec;
  readonly edition: Edition;
  /** The engine's, over its id and spec: what it looks at may be a program. */
  readonly seal: string;
  /** Where the engine runs agents and commands of the loop: those that it may run. */
  readonly pinned?: Pinned;
  /** Hands over to a new run after so many events; tests set it, the server suggests otherwise. */
  readonly eventsMax?: number;
  /** Present only after continue-as-new. */
  readonly carried?: ExecutionRecord;
}

/** What stays in history as the result; `state` answers everything. */
export interface ExecutionEnd {
  readonly id: string;
  readonly status: string;
}

export async function execution(input: ExecutionInput): Promise<ExecutionEnd> {
  const it = open(input);
  const show = createSurface(() => executionFace(it));
  tellStateBy(() => viewOf(it), executions.changed);
  receiveExecutionMessages(it);
  try {
    await live(it, input, show);
    if (!isOver(it.record.status)) await condition(allHandlersFinished);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    abort(it);
    await CancellationScope.nonCancellable(() => settleDown(it, show));
    throw error;
  }
  if (!isOver(it.record.status)) return handOver(it, input);
  await CancellationScope.nonCancellable(() => settleDown(it, show));
  return endOf(it);
}

/** Returns when the execution is over, or its history is full and nothing is under way. */
async function live(
  it: Execution,
  { seal, pinned, edition, eventsMax }: ExecutionInput,
  show: () => void,
): Promise<void> {
  const { record } = it;
  const work = together(createLooking(it, seal), createChildren(it, { pinned, edition }));
  const alarm = createAlarm();
  const taken = () => [record.changes, record.ignoredMessages, work.seen()];
  const { isFull, hasFilled } = watchHistory(taken, eventsMax);
  try {
    for (;;) {
      settle(it, now());
      show();
      if (isOver(record.status)) return;
      if (isFull()) {
        if (work.isQuiet()) return;
      } else {
        work.begin();
      }
      alarm.set(nextDeadline(it));
      const [changes, seen] = [record.changes, work.seen()];
      const isMoved = () => record.changes !== changes || work.seen() !== seen || alarm.rang();
      await condition(() => isMoved() || (hasFilled() && work.isQuiet()));
    }
  } finally {
    alarm.set(undefined);
    await work.end();
  }
}

/** Somebody cancelled it past the engine. */
function abort({ record }: Execution): void {
  if (isOver(record.status)) return;
  record.status = 'aborted';
  record.why = 'cancelled in Temporal';
  record.endedAt = now();
  record.changedAt = record.endedAt;
}

async function settleDown(it: Execution, show: () => void): Promise<void> {
  show();
  await endLooks(it);
  await closeBranch(it);
  await condition(allHandlersFinished);
}

/** The workflow ends as the execution did, so that the Temporal Web UI and its filters tell the truth. */
function endOf({ record: { id, status, why } }: Execution): ExecutionEnd {
  if (status === 'completed') return { id, status };
  throw ApplicationFailure.create({ type: status, message: why ?? status, nonRetryable: true });
}

const handOver = (it: Execution, input: ExecutionInput): Promise<never> =>
  makeContinueAsNewFunc<typeof execution>(carriedSurface(executionFace(it), EDITION))({
    ...input,
    carried: it.record,
  });

/** @throws ApplicationFailure `invalid_input` for a start by hand, which would bring programs that nobody has allowed */
function open(input: ExecutionInput): Execution {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const spec: Partial<ExecutionSpec> | undefined = input?.spec;
  if (spec?.id !== workflowId || !Array.isArray(spec?.loop?.phases))
    throw ApplicationFailure.nonRetryable(
      'expected an execution that the engine has started: `pawl execution start` starts one',
      'invalid_input',
    );
  // Only a run that hands over writes a record; by hand anybody can.
  const carried = continuedFromExecutionRunId === undefined ? undefined : input.carried;
  return { spec: input.spec, record: carried ?? newRecord(input.spec) };
}
