/**
 * What a worker in a process of its own tells the engine of its home, and what the engine asks it: not an operation, and nobody
 * else's business. Both are of the same version or refuse each other.
 */
import { z } from 'zod';
import { Failing } from './engine-vitals.ts';
import { Printed } from './events.ts';
import { ExecutionState } from './executions/execution-state.ts';
import { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { TaskState } from './task-state.ts';

/** Of a worker among those of the home. */
export const WorkerId = z.uuid();

/** What the engine tells a worker as long as it listens: first under which name it tells, then each time somebody reads. */
export const Asked = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begun'), session: z.uuid() }),
  /** Expects news with this number in `answers`, behind all that had happened before. */
  z.object({ type: z.literal('asks'), number: z.int().min(1) }),
]);
export type Asked = z.infer<typeof Asked>;

/** As it was sent, byte for byte what a query answers: schemas put keys in an order of their own. */
const asSent = <S extends z.ZodType>(schema: S, of: string) =>
  z.custom<z.infer<S>>((value) => schema.safeParse(value).success, `expected the state of ${of}`);

const moment = z.strictObject({ run: z.iso.datetime(), events: z.int().min(0) });

/** The latest of each task since the news before, in the order in which they came to be so. */
const StateTold = z.strictObject({
  state: asSent(TaskState, 'a task'),
  startedAt: z.iso.datetime(),
  moment,
});
export type StateTold = z.infer<typeof StateTold>;

/** The same of each execution. */
const ExecutionTold = z.strictObject({ state: asSent(ExecutionState, 'an execution'), moment });
export type ExecutionTold = z.infer<typeof ExecutionTold>;

/** How many steps of a task run in the worker, and what they wait for. */
const StepsTold = z.strictObject({
  id: TaskId,
  runs: z.int().min(0),
  waitsFor: z.string().max(LIMITS.noteCharsMax).optional(),
});
export type StepsTold = z.infer<typeof StepsTold>;

const some = <T extends z.ZodType>(what: T) => z.array(what).max(LIMITS.newsPerMessageMax);

export const WorkerNews = z.strictObject({
  session: z.uuid(),
  /** From 1, one more each time: what is missing in between is lost. */
  number: z.int().min(1),
  states: some(StateTold),
  executions: some(ExecutionTold),
  outputs: some(Printed),
  steps: some(StepsTold),
  /** Tasks whose workflow task fails in the worker: all of them, where they are others than before. */
  failing: z.array(Failing).max(LIMITS.newsWaitingMax).optional(),
  answers: z.int().min(1).optional(),
});
export type WorkerNews = z.infer<typeof WorkerNews>;
