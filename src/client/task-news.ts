/** What happens to one task or execution, as it happens, for who follows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Printed, TaskNews } from '../domain/events.ts';
import type { TaskId, WorkflowId } from '../domain/ids.ts';
import { isClosed, type TaskState } from '../domain/task-state.ts';
import { followTask } from './follow-history.ts';
import { patiently } from './patiently.ts';
import type { Readable } from './read-state.ts';
import { LOOK_MS } from './row-index.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Where not all is told: how often the length of the log is read, a local file. */
const LOG_MS = 500;

interface Ways {
  readonly told: (until: AbortSignal) => AsyncIterable<TaskNews>;
  readonly untold: (until: AbortSignal) => AsyncIterable<TaskNews>;
  /** Whether all is told now, and what aborts once that may be otherwise. */
  readonly now: () => Promise<{ readonly isTold: boolean; readonly over: AbortSignal }>;
}

/** What is told as long as all is, else what Temporal says: whichever it is, no state twice, until the task is closed. */
export async function* newsEitherWay(ways: Ways, signal: AbortSignal): AsyncGenerator<TaskNews> {
  let last: TaskState | undefined;
  while (!signal.aborted) {
    const { isTold, over } = await ways.now();
    let isFirst = true;
    for await (const news of (isTold ? ways.told : ways.untold)(AbortSignal.any([signal, over]))) {
      if (news.type === 'output') yield news;
      else {
        const isNews = !isFirst || !isSame(news.state, last);
        isFirst = false;
        last = news.state;
        if (isNews) yield news;
      }
    }
    if (last !== undefined && isClosed(last.status)) return;
  }
}

interface Told<I extends WorkflowId, S extends Readable> {
  readonly subscriptions: Subscriptions;
  readonly state: (id: I) => Promise<S>;
  readonly isClosed: (status: S['status']) => boolean;
}

/** All followers of a task, or of an execution, get the same object for the same state. */
export async function* newsWhereTold<I extends WorkflowId, S extends Readable>(
  { subscriptions, state, isClosed }: Told<I, S>,
  id: I,
  signal: AbortSignal,
): AsyncGenerator<{ readonly type: 'state'; readonly state: S } | Printed> {
  const mailbox = subscriptions.subscribe(id);
  let last: S | undefined;
  try {
    for (;;) {
      const now = await patiently(signal, () => state(id));
      if (now === undefined) return;
      if (!isSame(now, last)) yield { type: 'state', state: now };
      last = now;
      if (isClosed(now.status)) return;
      for (let isDue = false; !isDue; ) {
        // What no worker tells, as an end in the Temporal Web UI, is looked for at times.
        const until = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
        await mailbox.filled(until);
        if (signal.aborted) return;
        const { isChanged, output } = mailbox.take();
        if (output !== undefined) yield output;
        isDue = isChanged || until.aborted;
      }
    }
  } finally {
    mailbox.end();
  }
}

const isSame = (one: object, other: object | undefined): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

interface Untold {
  readonly client: Client;
  readonly logBytes: (state: TaskState) => Promise<number>;
}

export async function* newsWhereUntold(
  { client, logBytes }: Untold,
  id: TaskId,
  signal: AbortSignal,
): AsyncGenerator<TaskNews> {
  const leaving = new AbortController();
  const states = followTask(client, id, AbortSignal.any([signal, leaving.signal]));
  let last: TaskState | undefined;
  let bytes = 0;
  try {
    for (let next = states.next(); ; ) {
      const isRunning = last?.attempts.at(-1)?.outcome === 'running';
      const moved = await (isRunning
        ? Promise.race([next, sleep(LOG_MS, undefined, { signal }).catch(() => undefined)])
        : next);
      if (moved?.done === true) return;
      if (moved !== undefined) {
        last = moved.value;
        yield { type: 'state', state: moved.value };
        next = states.next();
        // Thrown by the next race.
        next.catch(() => undefined);
        continue;
      }
      if (signal.aborted || last === undefined) return;
      const now = await logBytes(last);
      if (now !== bytes) yield { type: 'output', id, attempt: last.attempts.length, bytes: now };
      bytes = now;
    }
  } finally {
    leaving.abort();
    await states.return(undefined);
  }
}
