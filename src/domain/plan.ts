/**
 * What a planner says of a task beyond its words, and what follows from it. Pure. A task that depends on others is
 * `blocked` until all of them are completed, and becomes ready by itself.
 */
import { z } from 'zod';
import { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';

export const COMPLEXITIES = ['trivial', 'simple', 'moderate', 'complex', 'very_complex'] as const;
export const SPECIALISTS = [
  'analyst',
  'coder',
  'tester',
  'documenter',
  'reviewer',
  'architect',
  'devops',
  'researcher',
  'coordinator',
  'generic',
] as const;

/** What kind of work it is, in the planner's own word. */
export const TaskType = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, {
  error: 'expected a word of 1 to 40 lower-case letters, digits, _ and -, such as review',
});

/** A session of one working directory. */
export const SessionId = z
  .string()
  .regex(/^session-[0-9a-f]{16}$/, { error: 'expected a session id as `sessions` lists them' });

/** What may be said again later, in an update. */
export const Planned = {
  complexity: z.enum(COMPLEXITIES).optional(),
  specialist: z.enum(SPECIALISTS).optional(),
  /** In the planner's words, such as `2 hours`. */
  effort: z.string().max(LIMITS.titleCharsMax).optional(),
  /** A date or time. Its form is looked at before it is sent: patterns cannot run where a workflow has it. */
  due: z.string().max(40).optional(),
};

/** ISO 8601. */
export const Due = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'expected a date or a time with its zone: 2026-01-31 or 2026-01-31T12:00:00Z',
  })
  .optional();

export const Plan = z.strictObject({
  session: SessionId.optional(),
  parent: TaskId.optional(),
  /** Tasks that have to be completed first. */
  dependencies: z.array(TaskId).max(LIMITS.dependenciesPerTaskMax).optional(),
  type: TaskType.optional(),
  ...Planned,
});
export type Plan = z.infer<typeof Plan>;

/** A dependency that is not completed, and how it ended where it did otherwise. */
export interface Dependency {
  readonly id: string;
  readonly ended?: 'failed' | 'cancelled';
  /** It has said that it will not tell of its end, because too many wait for it. */
  readonly silent?: true;
}

/** What a task waits for when it starts. `done` were completed before. */
export const dependenciesOf = (
  { dependencies = [] }: Plan,
  done: readonly string[] = [],
): readonly Dependency[] =>
  [...new Set(dependencies)].filter((id) => !done.includes(id)).map((id) => ({ id }));

/** What is left to wait for once a dependency has ended so. */
export function withEnded(
  open: readonly Dependency[],
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
): readonly Dependency[] {
  if (status === 'completed') return open.filter((one) => one.id !== id);
  return open.map((one) => (one.id === id ? { id, ended: status } : one));
}

/** For people: what a blocked task waits for. */
export const waitingForText = (open: readonly Dependency[]): string => open.map(textOf).join('; ');

function textOf({ id, ended, silent }: Dependency): string {
  if (ended !== undefined) return `${id}, which is ${ended}`;
  if (silent !== true) return id;
  return `${id}, which tells no more than ${LIMITS.dependantsPerTaskMax} tasks of its end: cancel this one, and retry it once ${id} is over`;
}
