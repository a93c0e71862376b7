/**
 * The tasks that do the skills of an execution, each a child of it. They are cancelled with it, and when nobody wants them any more;
 * the execution goes over to a new run only between them.
 */
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  condition,
  isCancellation,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import type { SealedRun } from '../activities/pinned-run.ts';
import { digestOf } from '../domain/digest.ts';
import { allow, endAllowance, type Spending } from '../domain/executions/budget-spent.ts';
import type { Execution } from '../domain/executions/execution-record.ts';
import type { ExecutionSpec } from '../domain/executions/execution-spec.ts';
import { beginTask, countTask, endTask, type TaskOutcome } from '../domain/executions/skill-task-ends.ts';
import {
  type DueTask,
  hasTasks,
  type SkillRun,
  tasksDue,
  tasksWanted,
} from '../domain/executions/skill-tasks.ts';
import { FAILURE_CLASSES } from '../domain/failures.ts';
import { memoOf } from '../domain/row-memo.ts';
import type { RunPin } from '../domain/run-pin.ts';
import { BRANCH_WITH_SPEC_SINCE, EDITION, type Edition } from '../domain/task-record.ts';
import { childrenOn } from './activity-options.ts';
import { begunAs } from './begun.ts';
import { stepFailureOf } from './step-failure.ts';
import type { TaskEnd, task } from './task.ts';
import { hearSpending } from './told-spending.ts';
import { now } from './turn.ts';
import type { UnderWay } from './under-way.ts';

/** By which the engine knows what the execution may have run. */
export interface Pinned {
  readonly pin: RunPin;
  readonly seal: string;
}

/** What an execution was begun with for its tasks. */
export interface Begun {
  readonly pinned: Pinned | undefined;
  readonly edition: Edition;
}

const NOTHING_SPENT: Spending = { attempts: 0, usd: 0 };

export function createChildren(execution: Execution, begun: Begun): UnderWay {
  const { spec, record } = execution;
  const running = new Map<string, CancellationScope>();
  const spentBy = hearSpending((task) => running.has(task));
  let count = 0;

  const doTask = async ({ task, allowance }: DueTask, scope: CancellationScope): Promise<void> => {
    let outcome: TaskOutcome;
    let isStarted = false;
    try {
      outcome = await outcomeOf(spec, task.run(allowance), begun, () => {
        beginTask(execution, task, now());
        isStarted = true;
        count += 1;
      });
    } catch (error) {
      if (!isCancellation(error)) throw error;
      if (scope.consideredCancelled) {
        if (isStarted) countTask(execution, task, spentBy(task.id) ?? NOTHING_SPENT, now());
        return;
      }
      outcome = { kind: 'failed', class: 'cancelled', why: `the task ${task.id} was cancelled` };
    }
    if (isStarted) countTask(execution, task, outcome.spent ?? spentBy(task.id) ?? NOTHING_SPENT, now());
    endTask(execution, task, outcome, now());
    record.changedAt = now();
  };
  const begin = (due: DueTask) => {
    const { task, allowance } = due;
    const scope = new CancellationScope();
    running.set(task.id, scope);
    if (allowance !== undefined) allow(record, task.id, allowance);
    void scope
      .run(() => doTask(due, scope))
      .finally(() => {
        endAllowance(record, task.id);
        running.delete(task.id);
        count += 1;
      });
  };
  return {
    begin() {
      if (!hasTasks(spec)) return;
      const wanted = tasksWanted(execution);
      for (const [id, scope] of running) if (!wanted.some((one) => one.id === id)) scope.cancel();
      for (const one of tasksDue(execution, (id) => running.has(id))) begin(one);
    },
    seen: () => count,
    isQuiet: () => running.size === 0,
    end: () =>
      CancellationScope.nonCancellable(() => {
        for (const scope of running.values()) scope.cancel();
        return condition(() => running.size === 0);
      }),
  };
}

/** @throws what `isCancellation` knows, where it was cancelled */
async function outcomeOf(
  spec: ExecutionSpec,
  run: SkillRun,
  { pinned, edition }: Begun,
  onStarted: () => void,
): Promise<TaskOutcome> {
  const { openBranch, createRunSpec } = childrenOn(spec.host);
  const { id: execution, project, baseCommit } = spec;
  const isOpenedApart = edition < BRANCH_WITH_SPEC_SINCE;
  let sealed: SealedRun;
  try {
    if (pinned === undefined)
      throw ApplicationFailure.nonRetryable('this execution was started without a pin', 'rejected');
    if (isOpenedApart)
      await openBranch.executeWithOptions({ summary: 'branch of the execution' }, [
        { execution, project, baseCommit },
      ]);
    const branch = isOpenedApart ? {} : { branchFrom: baseCommit };
    const input = { pin: pinned.pin, seal: pinned.seal, start: digestOf(spec), run, ...branch };
    sealed = await createRunSpec.executeWithOptions({ summary: `task ${run.id}` }, [input]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof ApplicationFailure) return { kind: 'failed', class: 'rejected', why: error.message };
    const { failure } = stepFailureOf(error);
    return { kind: 'failed', class: failure.class, why: failure.message };
  }
  return doneBy(sealed, onStarted);
}

async function doneBy({ spec, seal }: SealedRun, onStarted: () => void): Promise<TaskOutcome> {
  try {
    const child = await startChild<typeof task>('task', {
      ...{ workflowId: spec.id, args: [{ spec, edition: EDITION, seal }] },
      ...begunAs({
        ...{
          type: 'task',
          title: spec.title,
          status: 'pending',
          kind: spec.kind,
          repository: spec.repository,
        },
        ...{ digest: digestOf(spec), keyed: undefined, words: memoOf(spec) },
      }),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      // Whoever ends the execution past the engine ends its tasks too, and each of them cleans up.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
    onStarted();
    const { summary, outputs, spent, hasKept }: TaskEnd = await child.result();
    return {
      ...{ kind: 'completed', by: spec.agent.name },
      ...(summary !== undefined && { summary }),
      ...(outputs !== undefined && { outputs }),
      ...(spent !== undefined && { spent }),
      ...(hasKept === true && { hasKept }),
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failureOf(spec.id, error);
  }
}

/** @throws the error itself where it is none of a child: then it is a bug */
function failureOf(id: string, error: unknown): TaskOutcome {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) {
    const failureClass = FAILURE_CLASSES.find((one) => one === cause.type) ?? 'unknown';
    // Written by our own workflow.
    const [details] = (cause.details ?? []) as readonly Pick<TaskEnd, 'spent' | 'isDoneAnew'>[];
    return {
      ...{
        kind: 'failed',
        class: failureClass,
        why: `task ${id} failed (${failureClass}): ${cause.message}`,
      },
      ...(details?.spent !== undefined && { spent: details.spent }),
      ...(details?.isDoneAnew === true && { isDoneAnew: true }),
    };
  }
  if (error instanceof ChildWorkflowFailure)
    return { kind: 'failed', class: 'cancelled', why: `the task ${id} was ended in Temporal` };
  if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')
    return {
      kind: 'failed',
      class: 'rejected',
      why: `a task ${id} is there already: look at it, and cancel it where it runs; then retry the skill`,
    };
  throw error;
}

/** Once the execution is over. Where it cannot be removed it stays, and holds nothing up. */
export async function closeBranch({ spec, record }: Execution): Promise<void> {
  const { id: execution, project, base } = spec;
  if (base === undefined) return;
  const { kept: parts } = record;
  const input = { execution, project, base, ...(parts !== undefined && { parts }) };
  try {
    const { kept, keptParts = [] } = await childrenOn(spec.host).closeBranch(input);
    record.notes = [...record.notes, ...(kept === undefined ? [] : [kept]), ...keptParts];
  } catch (error) {
    stepFailureOf(error);
  }
}
