/** What happens to one task or execution, as it happens, for who follows it. */
import type { StateNews } from '../domain/events.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { patiently } from './patiently.ts';
import type { Readable } from './read-state.ts';
import { LOOK_MS } from './row-index.ts';
import type { Subscriptions } from './subscriptions.ts';

interface Ways<S extends Readable> {
  readonly told: (until: AbortSignal) => AsyncIterable<StateNews<S>>;
  readonly untold: (until: AbortSignal) => AsyncIterable<StateNews<S>>;
  /** Whether all is told now, and what aborts once that may be otherwise. */
  readonly now: () => Promise<{ readonly isTold: boolean; readonly over: AbortSignal }>;
  readonly isClosed: (status: S['status']) => boolean;
}

/** What is told as long as all is, else what Temporal says: whichever it is, no state twice, until it is closed. */
export async function* newsEitherWay<S extends Readable>(
  { told, untold, now, isClosed }: Ways<S>,
  signal: AbortSignal,
): AsyncGenerator<StateNews<S>> {
  let last: S | undefined;
  while (!signal.aborted) {
    const { isTold, over } = await now();
    let isFirst = true;
    for await (const news of (isTold ? told : untold)(AbortSignal.any([signal, over]))) {
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

/** All who follow one get the same object for the same state. */
export async function* newsWhereTold<I extends WorkflowId, S extends Readable>(
  { subscriptions, state, isClosed }: Told<I, S>,
  id: I,
  signal: AbortSignal,
): AsyncGenerator<StateNews<S>> {
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
