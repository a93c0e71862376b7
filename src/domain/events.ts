/**
 * What readers are told as it happens: the events of the feed (rows of lists) and the news of one task. Both over HTTP as
 * server-sent events, whose `event` is the `type` here and whose `data` is the whole object.
 */
import { z } from 'zod';
import { ExecutionRow } from './executions/execution-rows.ts';
import { TaskId } from './ids.ts';
import { TaskRow } from './rows.ts';
import { TaskState } from './task-state.ts';
import { Warning } from './warning-signs.ts';

/** Every row that lists have, of tasks and of executions. What was known before is void. */
export const Snapshot = z.object({
  type: z.literal('snapshot'),
  rows: z.array(TaskRow),
  executions: z.array(ExecutionRow),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** One task as lists have it from now on: it is new, has changed, or was put away (`archivedAt`). */
export const RowChanged = z.object({ type: z.literal('row'), row: TaskRow });

/** A task that no list has any more. */
export const RowGone = z.object({ type: z.literal('gone'), id: TaskId });

/** One execution as lists have it from now on. */
export const ExecutionChanged = z.object({ type: z.literal('execution'), row: ExecutionRow });

/**
 * An attempt has printed: its log is about so many bytes long now, which `logs` reads from an offset. Not kept: who was not there
 * reads the log.
 */
export const Printed = z.object({
  type: z.literal('output'),
  id: TaskId,
  attempt: z.int().min(1),
  bytes: z.int().min(0),
});
export type Printed = z.infer<typeof Printed>;

/** All warning signs that there are now: one that is not among them any more is over. Not kept, but told to who begins to read. */
export const Warned = z.object({ type: z.literal('warnings'), warnings: z.array(Warning) });
export type Warned = z.infer<typeof Warned>;

/** What the feed keeps for readers that come back. */
export type Change = z.infer<typeof RowChanged> | z.infer<typeof RowGone> | z.infer<typeof ExecutionChanged>;

export const FeedEvent = z.discriminatedUnion('type', [
  Snapshot,
  RowChanged,
  RowGone,
  ExecutionChanged,
  Printed,
  Warned,
]);
export type FeedEvent = z.infer<typeof FeedEvent>;

/** An event with its place. `number` is `<boot>:<n>`: a reader that comes back names the last it has. Output and warnings have no place. */
export interface Numbered {
  readonly number: string;
  readonly event: FeedEvent;
}

/** The whole state of a task. */
export const StateChanged = z.object({ type: z.literal('state'), state: TaskState });

/** Of one task, to who asked for it: its state now and after each change, and how far its agent has printed. */
export const TaskNews = z.discriminatedUnion('type', [StateChanged, Printed]);
export type TaskNews = z.infer<typeof TaskNews>;

/** The same of whatever has such states. */
export type StateNews<S> = { readonly type: 'state'; readonly state: S } | Printed;

/** The states among the news. */
export async function* statesIn(news: AsyncIterable<TaskNews>): AsyncGenerator<TaskState> {
  for await (const one of news) if (one.type === 'state') yield one.state;
}
