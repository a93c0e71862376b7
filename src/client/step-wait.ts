/**
 * What the step of a task waits for before it works: a worker of its host, a person in its workspace, a slot for its agent, its turn to merge. No event of its
 * history tells of that, and none is spent on it: Temporal knows which steps nobody has taken, heartbeats tell the place in
 * the queue, and both are right again at once when the wait is over.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import {
  HAND_TEXT,
  type HandPlace,
  placeText,
  type QueuePlace,
  type TurnPlace,
  turnText,
} from '../domain/places.ts';
import { payloadConverter } from '../workflows/payload-converter.ts';

type PendingStep = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** A worker that runs takes a step within milliseconds, and one that is started anew within seconds. */
const TAKEN_WITHIN_MS = 60_000;
/** Temporal's number for what no worker has taken; one that waits to be tried again has its time still before it. */
const SCHEDULED = 1;

/** In words, to be put after "waits for"; undefined where it waits for neither. */
export function waitOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>, now: number): string | undefined {
  const steps = raw.pendingActivities ?? [];
  const untaken = steps.find(
    (step) => step.state === SCHEDULED && now - scheduledAt(step) >= TAKEN_WITHIN_MS,
  );
  return untaken === undefined ? placeOf(steps[0]) : workerFor(untaken);
}

function workerFor(step: PendingStep): string {
  // An older Temporal does not tell the queue.
  const host = step.activityOptions?.taskQueue?.name || 'the host that has its workspace';
  const since = new Date(scheduledAt(step)).toISOString();
  return `a worker of ${host}, since ${since}: it goes on by itself when one is back`;
}

const scheduledAt = ({ scheduledTime }: PendingStep): number => Number(scheduledTime?.seconds ?? 0) * 1_000;

function placeOf(step: PendingStep | undefined): string | undefined {
  const [beat] = step?.heartbeatDetails?.payloads ?? [];
  const { hand, queue, turn } =
    (beat && payloadConverter.fromPayload<Partial<HandPlace & QueuePlace & TurnPlace>>(beat)) ?? {};
  if (hand !== undefined) return HAND_TEXT;
  if (queue !== undefined) return placeText(queue);
  return turn === undefined ? undefined : turnText(turn);
}
