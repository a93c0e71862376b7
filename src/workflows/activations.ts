/**
 * Keeps what a workflow is handed at once (an activation) the same when it happens and when it is replayed, so that the
 * order of its commands cannot depend on what a worker has in its cache. For every workflow type, once.
 *
 * The SDK's core merges a workflow task that left no command with the one after it, unless history shows that an update
 * was accepted in between. So a worker that reads a workflow anew hands it [start, update] at once, and the replay of
 * what came of it [start], then [update]. Two rules leave nothing to merge, and nothing to tell apart where it was:
 * 1. a workflow begins before it is given messages, which it then gets in the order in which they came;
 * 2. a workflow task that moves the workflow leaves an event, if only one that says nothing.
 * A third one keeps apart what comes outside of a workflow task: `early-news.ts`.
 */
import { defaultPayloadConverter } from '@temporalio/common';
import {
  type ActivateInput,
  type ConcludeActivationInput,
  log,
  type WorkflowInterceptorsFactory,
  type WorkflowInternalsInterceptor,
  workflowInfo,
} from '@temporalio/workflow';
import { APART_SINCE } from '../domain/task-record.ts';
import { refuseEarlyNews } from './early-news.ts';
import { tellState } from './told-state.ts';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];
type Command = ConcludeActivationInput['commands'][number];

export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [refuseEarlyNews(), beginFirst, leaveEvents(), tellState],
});

const beginFirst: WorkflowInternalsInterceptor = {
  activate(input, next) {
    const { activation } = input;
    const [begin, ...messages] = (activation.jobs ?? []).filter(isForUs);
    if (begin === undefined) return;
    if (begin.initializeWorkflow == null) {
      return next({ ...input, activation: { ...activation, jobs: signalsFirst([begin, ...messages]) } });
    }
    if (messages.length === 0) return next({ ...input, activation: { ...activation, jobs: [begin] } });
    const isRepaired = isLongerThanBegun(messages);
    if (!isApart() && !isRepaired && !isMerged(activation)) {
      return next({ ...input, activation: { ...activation, jobs: [begin, ...messages] } });
    }
    next({ ...input, activation: { ...activation, jobs: [begin] } });
    next({ ...input, activation: { ...activation, jobs: isRepaired ? asTheyCame(messages) : messages } });
  },
};

/** Whether this run was started by a Pawl that knew both rules. */
export const isApart = (): boolean => Number(workflowInfo().memo?.edition ?? 0) >= APART_SINCE;

/**
 * 0.1.0 gave a workflow its messages before it had begun. In the first workflow task of its runs they go in that order, now and
 * when it is replayed. Those of a later task that was merged with it are replayed by themselves: a history that has a completed
 * task tells the SDK's version.
 */
const isMerged = ({ lastSdkVersion }: ActivateInput['activation']): boolean =>
  !workflowInfo().unsafe.isReplaying && Boolean(lastSdkVersion);

/**
 * A run that a repair began anew (`worker/repair.ts`) has an event for each message that was applied again, where an update
 * has none before it is accepted. So it is longer than one that begins, also where that has failed or timed out once.
 */
function isLongerThanBegun(messages: readonly Job[]): boolean {
  return workflowInfo().historyLength - messages.filter(isSignal).length > BEGUN_EVENTS_MAX;
}

/** Started; its workflow task scheduled, started, and once failed or timed out; scheduled and started again. */
const BEGUN_EVENTS_MAX = 6;
/** The first message after those up to that failure. */
const FIRST_APPLIED_AGAIN = 5;

/**
 * Messages in the order of their events: core tells all signals first when it replays them. It says at which event a signal
 * came, and each event between them is an update's.
 */
function asTheyCame(messages: readonly Job[]): Job[] {
  const updates = messages.filter(({ doUpdate }) => doUpdate != null);
  const others = messages.filter((job) => job.doUpdate == null && !isSignal(job));
  const ordered: Job[] = [];
  let at = FIRST_APPLIED_AGAIN;
  for (const signal of messages.filter(isSignal)) {
    const cameAt = signal.signalWorkflow?.originatingEventId?.toNumber() ?? at;
    // One from before the failure moves all that follow it by one.
    if (cameAt < at) at += 1;
    else {
      ordered.push(...updates.splice(0, cameAt - at));
      at = cameAt + 1;
    }
    ordered.push(signal);
  }
  return [...ordered, ...updates, ...others];
}

/** The same later in a run: after a reset updates may come before signals, and are told after them when it is replayed. */
const signalsFirst = (jobs: readonly Job[]): Job[] => [
  ...jobs.filter(isSignal),
  ...jobs.filter((job) => !isSignal(job)),
];

/** Of names that the SDK keeps for itself it knows none of these, and throws: the workflow task would fail for ever. */
function isForUs({ signalWorkflow }: Job): boolean {
  const isReserved = signalWorkflow?.signalName?.startsWith('__temporal_') === true;
  if (isReserved) log.warn('message ignored', { name: signalWorkflow?.signalName, problem: 'reserved name' });
  return !isReserved;
}

const isSignal = ({ signalWorkflow }: Job): boolean => signalWorkflow != null;

function leaveEvents(): WorkflowInternalsInterceptor {
  let hasMoved = false;
  return {
    activate(input, next) {
      const jobs = input.activation.jobs ?? [];
      // An activation that threw is never concluded. A question after it must be answered with nothing beside the answer,
      // or core shuts the worker down.
      hasMoved = jobs.some(asks) ? false : hasMoved || jobs.some(moves);
      next(input);
    },
    concludeActivation(input, next) {
      const { commands } = next(input);
      const isEmpty = hasMoved && !leavesEvent(commands);
      hasMoved = false;
      return { commands: isEmpty && isApart() ? [...commands, SAYS_NOTHING] : commands };
    },
  };
}

/** An update that is accepted leaves an event itself, and one that is refused has to leave none. */
const moves = (job: Job): boolean =>
  job.doUpdate == null && !asks(job) && job.notifyHasPatch == null && job.updateRandomSeed == null;

const asks = ({ queryWorkflow }: Job): boolean => queryWorkflow != null;

/** What is begun and called off within one workflow task leaves none. */
function leavesEvent(commands: readonly Command[]): boolean {
  if (commands.some(leavesEventForSure)) return true;
  return commands.some(begins) && !commands.some(callsOff);
}

const leavesEventForSure = (command: Command): boolean =>
  command.updateResponse?.accepted != null ||
  command.upsertWorkflowSearchAttributes != null ||
  command.modifyWorkflowProperties != null ||
  command.completeWorkflowExecution != null ||
  command.failWorkflowExecution != null ||
  command.cancelWorkflowExecution != null ||
  command.continueAsNewWorkflowExecution != null;

const begins = (command: Command): boolean =>
  command.scheduleActivity != null ||
  command.startTimer != null ||
  command.startChildWorkflowExecution != null ||
  command.signalExternalWorkflowExecution != null;

const callsOff = (command: Command): boolean =>
  command.requestCancelActivity != null ||
  command.cancelTimer != null ||
  command.cancelChildWorkflowExecution != null ||
  command.cancelSignalWorkflow != null;

/** One event of some hundred bytes, in a place that nobody lists. */
const SAYS_NOTHING: Command = {
  modifyWorkflowProperties: {
    upsertedMemo: { fields: { idle: defaultPayloadConverter.toPayload(true) } },
  },
};
