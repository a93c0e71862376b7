/** What a row of a list tells of gates, failure and usage of its task, without asking the task's workflow. */
import { z } from 'zod';
import { FailureClass } from './failures.ts';
import { JsonText } from './json-text.ts';
import { Gate, type TaskState } from './task-state.ts';
import { usageOf } from './usage-sum.ts';

export const RowFacts = z.object({
  /** Those that are open. Absent while none is. */
  gates: z.array(Gate.pick({ id: true, gate: true, openedAt: true })).optional(),
  /** Why it failed. */
  failureClass: FailureClass.optional(),
  /** The sum over its attempts that have ended. Absent where no agent told any. */
  usage: z
    .object({
      /** Into the models and out of them. */
      tokens: z.int().min(0),
      costUsd: z.number().min(0).optional(),
      turns: z.int().min(0).optional(),
    })
    .optional(),
});
export type RowFacts = z.infer<typeof RowFacts>;

export function factsOf({
  gates,
  failure,
  attempts,
}: Pick<TaskState, 'gates' | 'failure' | 'attempts'>): RowFacts {
  const open = gates.filter(({ status }) => status === 'open');
  const usage = usageOf(attempts);
  return {
    ...(open.length === 0
      ? {}
      : {
          gates: open.map(({ id, gate, openedAt }) => ({
            ...(id === undefined ? {} : { id }),
            gate,
            ...(openedAt === undefined ? {} : { openedAt }),
          })),
        }),
    ...(failure === null ? {} : { failureClass: failure.class }),
    ...(usage === undefined ? {} : { usage }),
  };
}

/**
 * The facts as Temporal's lists have them.
 * @param text JSON; a server or a person may have changed it, and a row must be listed all the same
 * @param gate the kind of the open gate: all that is known of one that opened before there were facts
 */
export function factsFrom(text: string | undefined, gate: string | undefined): RowFacts {
  const facts = text === undefined ? {} : (Kept.safeParse(text).data ?? {});
  const kind = Gate.shape.gate.safeParse(gate).data;
  return facts.gates !== undefined || kind === undefined ? facts : { ...facts, gates: [{ gate: kind }] };
}

const Kept = JsonText.pipe(RowFacts);
