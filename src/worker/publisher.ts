/**
 * Tells the engine of the home what happens in a worker in a process of its own, as long as both are there. Each connection is a
 * session: whatever goes wrong ends it, and the next one begins with an engine that asks Temporal for what it has missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskObserver } from '../client/live-tasks.ts';
import type { Failing } from '../domain/engine-vitals.ts';
import { Asked } from '../domain/worker-news.ts';
import { exchange, type Far, known, Unreachable } from '../edge/http/exchange.ts';
import { type Open, serverSentBy } from '../edge/http/stream-client.ts';
import { workerPath } from '../edge/http/worker-routes.ts';
import { backOffMs } from '../engine/backoff.ts';
import { createPendingNews, type PendingNews } from './pending-news.ts';

/** How soon an engine that is started again is told. */
const LOOK_MS = 500;
/** Longer than an engine takes for anything; one that was stopped begins anew with whoever is there then. */
const ANSWER_MS_MAX = 10_000;

export interface PublisherOptions {
  /** The id of this worker among those of the home. */
  readonly worker: string;
  /** Where the engine of the home is now; undefined where none is seen. */
  readonly find: () => Promise<Far | undefined>;
  /** Tasks whose workflow task fails here. */
  readonly failing: () => readonly Failing[];
  readonly onNotice: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** @returns what hears of all that happens; it never waits and never throws */
export function publish({ worker, find, failing, onNotice, signal }: PublisherOptions): TaskObserver {
  let overflow: () => void = () => undefined;
  const pending = createPendingNews(failing, () => overflow());
  const telling = async () => {
    let trouble: string | undefined;
    for (let failures = 0; !signal.aborted; ) {
      const over = new AbortController();
      overflow = () => over.abort(new Error('it takes too long'));
      try {
        const far = await find();
        if (far !== undefined) {
          const session = { far, worker, pending, over, until: AbortSignal.any([signal, over.signal]) };
          await hold(session, () => {
            failures = 0;
            trouble = undefined;
          });
        }
      } catch (error) {
        failures += 1;
        const words = error instanceof Error ? error.message : String(error);
        const isNews = !signal.aborted && !(error instanceof Unreachable) && words !== trouble;
        if (isNews) onNotice(`the engine is not told what happens here, and asks Temporal: ${words}`);
        trouble = words;
      }
      pending.end();
      await sleep(failures < 2 ? LOOK_MS : backOffMs(failures), undefined, { signal }).catch(() => undefined);
    }
  };
  void telling();
  return pending.observer;
}

interface Connection {
  readonly far: Far;
  readonly worker: string;
  readonly pending: PendingNews;
  readonly over: AbortController;
  /** Aborts when it is over, or the worker leaves. */
  readonly until: AbortSignal;
}

/** One session, until it breaks. @throws PawlError, or why it is over */
async function hold(connection: Connection, onBegun: () => void): Promise<void> {
  const { far, worker, pending, over, until } = connection;
  let sending: Promise<void> | undefined;
  pending.begin();
  try {
    for await (const { data } of serverSentBy(far, workerPath(worker, 'questions'), until, inTime)) {
      const asked = known(far, Asked, data);
      if (asked.type === 'asks') pending.asked(asked.number);
      else {
        onBegun();
        // What it throws ends the connection, and is its reason.
        sending = send(connection, asked.session).catch((error: unknown) => over.abort(error));
      }
    }
  } finally {
    over.abort();
    await sending;
  }
}

/** One message after the other, so that they come in order. */
async function send({ far, worker, pending, until }: Connection, session: string): Promise<void> {
  for (let number = 1; !until.aborted; ) {
    await pending.due(until);
    const news = until.aborted ? undefined : pending.take();
    if (news === undefined) continue;
    await exchange(far, {
      method: 'POST',
      path: workerPath(worker, 'news'),
      body: JSON.stringify({ session, number, ...news }),
      signal: AbortSignal.any([until, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    number += 1;
  }
}

const inTime: Open = async (open) => {
  const limit = new AbortController();
  const giveUp = () => limit.abort(new DOMException('no answer in time', 'TimeoutError'));
  const timer = setTimeout(giveUp, ANSWER_MS_MAX);
  return open(limit.signal).finally(() => clearTimeout(timer));
};
