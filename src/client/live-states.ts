/**
 * What the engine knows of the workflows of one type without asking Temporal, told by its workers as it happens: their states, the
 * rows of lists, and who follows which. As long as not every worker tells, Temporal is asked.
 */
import type { Printed, StateNews } from '../domain/events.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { createConfirming } from './confirming.ts';
import { createKnownStates, type KnownStates } from './known-states.ts';
import { newsEitherWay, newsWhereTold } from './news.ts';
import type { Readable } from './read-state.ts';
import { createRowIndex, type IndexedRow, type RowIndex, type RowIndexOptions } from './row-index.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createToldOrder, type Moment } from './told-order.ts';

interface State<I extends WorkflowId> extends Readable {
  readonly id: I;
}

interface Row<S extends Readable> extends IndexedRow {
  readonly startedAt: string;
  readonly status: S['status'];
}

export interface LiveStates<I extends WorkflowId, S extends State<I>, R extends Row<S>> {
  readonly index: RowIndex<R>;
  readonly states: KnownStates<S>;
  /** A workflow has changed, or has begun. Told before whoever moved it is answered. */
  changed(state: S, startedAt: string): void;
  /** As `changed`, by one of several workers: what may not be the latest is asked for. */
  changedBy(worker: string, state: S, startedAt: string, moment: Moment): void;
  printed(output: Printed): void;
  /** Whoever follows it looks again. */
  wake(id: string): void;
  /** What happens to one, until it is closed or `signal` aborts. @param state how it is now */
  news(id: I, state: (id: I) => Promise<S>, signal: AbortSignal): AsyncGenerator<StateNews<S>>;
  /** Something may have happened that nobody told: what is known is void, and who follows is told the rest. */
  renew(): void;
}

export interface LiveStatesOptions<I extends WorkflowId, S extends State<I>, R extends Row<S>>
  extends Omit<RowIndexOptions<R>, 'isClosed' | 'onMovedElsewhere'> {
  readonly isOver: (status: S['status']) => boolean;
  readonly rowOf: (state: S, startedAt: string) => R;
  /** By its workflow. @throws PawlError */
  readonly ask: (id: I) => Promise<S>;
  /** What happens to one, where nothing is told. */
  readonly untold: (id: I, signal: AbortSignal) => AsyncIterable<StateNews<S>>;
  /** Hears of each of which something else is known from now on, or nothing. */
  readonly onState?: (id: string) => void;
}

export function createLiveStates<I extends WorkflowId, S extends State<I>, R extends Row<S>>(
  options: LiveStatesOptions<I, S, R>,
): LiveStates<I, S, R> {
  const { tellers, isOver, rowOf, ask, untold, onState } = options;
  const subscriptions = createSubscriptions();
  const states = createKnownStates<S>(
    (id) => {
      subscriptions.changed(id);
      onState?.(id);
    },
    { isClosed: isOver },
  );
  const index = createRowIndex<R>({
    ...options,
    isClosed: ({ status }) => isOver(status),
    onMovedElsewhere: states.forget,
  });
  const order = createToldOrder();
  let over = new AbortController();
  const changed = (now: S, startedAt: string) => {
    index.put(rowOf(now, startedAt));
    states.told(now);
  };
  const confirm = createConfirming<I>(async (id) => {
    const isVoid = over.signal;
    const now = await states.read(id, () => ask(id));
    const row = index.get(id);
    if (!isVoid.aborted && row !== undefined && row.archivedAt === undefined)
      index.put(rowOf(now, row.startedAt));
  });
  return {
    index,
    states,
    changed,
    changedBy(worker, now, startedAt, moment) {
      if (order.isLatest(now.id, worker, moment)) return changed(now, startedAt);
      const row = rowOf(now, startedAt);
      // Most likely it is, so lists have it meanwhile.
      if ((row.changedAt ?? '') >= (index.get(row.id)?.changedAt ?? '')) index.put(row);
      states.doubt(now.id);
      subscriptions.changed(now.id);
      confirm(now.id);
    },
    printed: subscriptions.printed,
    wake: subscriptions.changed,
    news: (id, state, signal) =>
      newsEitherWay<S>(
        {
          told: (until) => newsWhereTold({ subscriptions, state, isClosed: isOver }, id, until),
          untold: (until) => untold(id, until),
          async now() {
            const { signal: overNow } = over;
            return { isTold: await tellers.upToNow(), over: overNow };
          },
          isClosed: isOver,
        },
        signal,
      ),
    renew() {
      states.doubt();
      order.clear();
      index.renew();
      over.abort();
      over = new AbortController();
    },
  };
}
