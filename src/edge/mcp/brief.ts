/** What is said of a task to a client: for its model in words, for its programs as data. */
import { z } from 'zod';
import type { TaskState } from '../../domain/task-state.ts';
import { type OpenGate, openGateOf } from './elicitation.ts';
import { isAtRest, lineOf } from './waiting.ts';

/** Where a task is; the whole of it is what `show` answers. */
export const Status = z.looseObject({ id: z.string(), status: z.string() });

/** For a model: where the task is, and what to do next. */
export function textOf(state: TaskState): string {
  const gate = openGateOf(state);
  const lines = [
    lineOf(state),
    ...(state.summary === undefined ? [] : [state.summary]),
    ...(state.failure === null ? [] : [`failure: ${state.failure.message}`]),
    ...(gate === undefined ? [] : [waitsFor(gate)]),
    ...(isAtWork(state) ? ['call show with wait to wait for it'] : []),
  ];
  return lines.join('\n');
}

const waitsFor = ({ gate, question = gate, next }: OpenGate): string => {
  const call = gate === 'escalation' ? 'call decide, or control with retry' : 'call decide';
  return `a person has to decide (${question}): ${call}${next === undefined ? '' : `; or ${next}`}`;
};

/** An agent goes on without whoever asks. */
const isAtWork = (state: TaskState): boolean => state.kind === 'agent_run' && !isAtRest(state);

/** What most callers ask about, without evidence and histories of attempts. */
export function briefOf(state: TaskState): z.infer<typeof Status> {
  const { id, title, status, step, priority, waitingFor, progress, summary } = state;
  const { pullRequest, mergedCommit, failure } = state;
  const gate = openGateOf(state);
  return {
    id,
    title,
    status,
    ...(step !== undefined && { step }),
    ...(priority !== undefined && { priority }),
    ...(waitingFor !== undefined && { waitingFor }),
    ...(progress !== undefined && { progress }),
    ...(summary !== undefined && { summary }),
    ...(gate !== undefined && {
      gate: { id: gate.id, gate: gate.gate, question: gate.question, next: gate.next },
    }),
    ...(pullRequest !== null && { pullRequest }),
    ...(mergedCommit !== null && { mergedCommit }),
    ...(failure !== null && { failure: { class: failure.class, message: failure.message } }),
    attempts: state.attempts.length,
  };
}
