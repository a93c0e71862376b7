/**
 * Workers in processes of their own that tell this engine what happens, each in a session: as long as it listens, and nothing that it
 * tells is missing. All is told while every worker of the home does so; whenever a session begins or ends, or a worker comes
 * that has none, what is known is void.
 */
import { randomUUID } from 'node:crypto';
import { createWorkers, type Workers } from '../adapters/files/workers.ts';
import type { LiveTasks } from '../client/live-tasks.ts';
import type { Tellers } from '../client/tellers.ts';
import { type Config, placesIn } from '../config.ts';
import type { Failing } from '../domain/engine-vitals.ts';
import { PawlError } from '../domain/failures.ts';
import type { Asked, StepsTold, WorkerNews } from '../domain/worker-news.ts';
import { type Asking, createAsking } from './asking.ts';

/** A worker answers within milliseconds. One that was stopped, or hangs, keeps its first reader waiting for so long. */
const ANSWERS_WITHIN_MS = 5_000;

const LOOK_MS = 1_000;

export interface Publishers extends Tellers {
  /**
   * Begins a session of a worker, in place of the one that it had, and ends it when `signal` aborts.
   * @returns what the worker is asked @throws PawlError `precondition` where no such worker runs in the home
   */
  listen(worker: string, signal: AbortSignal): AsyncGenerator<Asked>;
  /** Takes what a worker tells. @throws PawlError `conflict` for a session that is over, or where something is missing, which ends it */
  take(worker: string, news: WorkerNews): void;
  /** Tasks whose workflow task fails in one of them. */
  failing(): readonly Failing[];
}

interface Session {
  readonly id: string;
  readonly asking: Asking;
  readonly steps: Map<string, StepsTold>;
  next: number;
  failing: readonly Failing[];
}

type Told = Pick<LiveTasks, 'changed' | 'changedBy' | 'stepRuns' | 'waits' | 'printed' | 'renew'> & {
  readonly executions: Pick<LiveTasks['executions'], 'changed' | 'changedBy'>;
};

export interface PublishersOptions {
  readonly workers: Pick<Workers, 'isRunning' | 'hasOthers'>;
  /** Who is told. */
  readonly live: () => Told;
  readonly answersWithinMs?: number;
}

/** Undefined where the worker is in the engine. */
export const publishersFor = (
  { home, worker }: Config,
  live: PublishersOptions['live'],
): Publishers | undefined =>
  worker ? undefined : createPublishers({ workers: createWorkers(placesIn(home)), live });

export function createPublishers(options: PublishersOptions): Publishers {
  const { workers, live, answersWithinMs = ANSWERS_WITHIN_MS } = options;
  const sessions = new Map<string, Session>();
  let isComplete = false;

  const look = (): boolean => {
    const now = sessions.size > 0 && !workers.hasOthers(new Set(sessions.keys()));
    const isTurn = now !== isComplete;
    isComplete = now;
    if (isTurn) live().renew();
    return now;
  };
  const startAnew = () => {
    if (isComplete) live().renew();
    isComplete = false;
    look();
  };
  const end = (worker: string, session: Session) => {
    if (sessions.get(worker) !== session) return;
    sessions.delete(worker);
    for (const { id } of [...session.steps.values()]) putSteps(live(), session, { id, runs: 0 });
    // What it had still to tell is lost.
    startAnew();
    session.asking.end();
    // One that was killed counts among the workers for a moment.
    setTimeout(look, LOOK_MS).unref();
  };
  const begin = (worker: string): Session => {
    const before = sessions.get(worker);
    if (before !== undefined) end(worker, before);
    const asking = createAsking(answersWithinMs, () => end(worker, session));
    const session: Session = { id: randomUUID(), asking, steps: new Map(), next: 1, failing: [] };
    sessions.set(worker, session);
    // What it has done without telling may be later than what others have told.
    startAnew();
    return session;
  };
  const sessionOf = (worker: string, { session: id, number }: WorkerNews): Session => {
    const session = sessions.get(worker);
    if (session?.id !== id)
      throw new PawlError('conflict', 'expected a session that goes on, got another one: begin anew');
    if (session.next === number) return session;
    end(worker, session);
    throw new PawlError('conflict', `expected number ${session.next}, got ${number}: begin anew`);
  };
  return {
    isComplete: () => isComplete,
    async upToNow() {
      if (!look()) return false;
      await Promise.all([...sessions.values()].map(({ asking }) => asking.ask()));
      return look();
    },
    async *listen(worker, signal) {
      if (!workers.isRunning(worker))
        throw new PawlError(
          'precondition',
          'expected the id of a worker that runs in this home, got another',
        );
      const session = begin(worker);
      try {
        yield { type: 'begun', session: session.id };
        for await (const number of session.asking.questions(signal)) yield { type: 'asks', number };
      } finally {
        end(worker, session);
      }
    },
    take(worker, news) {
      const session = sessionOf(worker, news);
      session.next += 1;
      const told = live();
      session.failing = news.failing ?? session.failing;
      // Where another worker tells nothing, nobody knows how much of it is still true.
      if (look()) {
        for (const { state, startedAt, moment } of news.states) {
          if (sessions.size > 1) told.changedBy(worker, state, startedAt, moment);
          else told.changed(state, startedAt, moment);
        }
        for (const { state, moment } of news.executions) {
          if (sessions.size > 1) told.executions.changedBy(worker, state, state.startedAt, moment);
          else told.executions.changed(state, state.startedAt);
        }
      }
      for (const steps of news.steps) putSteps(told, session, steps);
      for (const output of news.outputs) told.printed(output);
      if (news.answers !== undefined) session.asking.answered(news.answers);
    },
    failing: () => [...sessions.values()].flatMap(({ failing }) => failing),
  };
}

function putSteps(told: Told, { steps }: Session, now: StepsTold): void {
  const { id, runs, waitsFor } = now;
  const before = steps.get(id) ?? { id, runs: 0 };
  if (runs > 0 || waitsFor !== undefined) steps.set(id, now);
  else steps.delete(id);
  for (let count = before.runs; count < runs; count += 1) told.stepRuns(id, true);
  for (let count = before.runs; count > runs; count -= 1) told.stepRuns(id, false);
  if (waitsFor !== before.waitsFor) told.waits(id, waitsFor);
}
