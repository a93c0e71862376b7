/** What several tools of the core take and answer. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { TaskId, taskIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { isClosed, type TaskState } from '../../../domain/task.ts';
import { openGateOf } from '../deciding.ts';
import { lineOf } from '../waiting.ts';

export const ById = { id: TaskId };

export const Title = z.string().min(1).max(LIMITS.titleCharsMax);
export const Description = z.string().max(LIMITS.descriptionCharsMax);

/** Where a task is; the whole of it is what `show` answers. */
export const Status = z.looseObject({ id: z.string(), status: z.string() });

/** An id for a task that its caller gave none. */
export const newId = (words: string): TaskId =>
  taskIdFrom(
    words,
    randomInt(36 ** 5)
      .toString(36)
      .padStart(5, '0'),
  );

/** For a model: where the task is, and what to do next. */
export function textOf(state: TaskState): string {
  const gate = openGateOf(state);
  const lines = [
    lineOf(state),
    ...(state.summary === undefined ? [] : [state.summary]),
    ...(state.failure === null ? [] : [`failure: ${state.failure.message}`]),
    ...(gate === undefined ? [] : [`a person has to decide (${gate.question ?? gate.gate}): call decide`]),
    ...(isClosed(state.status) || gate !== undefined ? [] : ['call show with wait to wait for it']),
  ];
  return lines.join('\n');
}

/** What most callers ask about, without evidence and histories of attempts. */
export function briefOf(state: TaskState): z.infer<typeof Status> {
  const { id, title, status, step, waitingFor, progress, summary, pullRequest, mergedCommit, failure } =
    state;
  const gate = openGateOf(state);
  return {
    id,
    title,
    status,
    ...(step !== undefined && { step }),
    ...(waitingFor !== undefined && { waitingFor }),
    ...(progress !== undefined && { progress }),
    ...(summary !== undefined && { summary }),
    ...(gate !== undefined && { gate: { gate: gate.gate, question: gate.question } }),
    ...(pullRequest !== null && { pullRequest }),
    ...(mergedCommit !== null && { mergedCommit }),
    ...(failure !== null && { failure: { class: failure.class, message: failure.message } }),
    attempts: state.attempts.length,
  };
}
