/**
 * What has happened in this worker and was not told yet: of each task and execution the latest, in the order in which they came to be so. Bounded,
 * however slow the engine is, and nobody who has something to tell waits.
 */
import type { TaskObserver } from '../client/live-tasks.ts';
import { OUTPUT_MS } from '../client/subscriptions.ts';
import { untilWoken } from '../client/until-woken.ts';
import type { Failing } from '../domain/engine-vitals.ts';
import type { Printed } from '../domain/events.ts';
import { TaskId } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import type { ExecutionTold, StateTold, StepsTold, WorkerNews } from '../domain/worker-news.ts';

type News = Omit<WorkerNews, 'session' | 'number'>;

export interface PendingNews {
  readonly observer: TaskObserver;
  /** Somebody is told from now on: of what was before, the steps that run. */
  begin(): void;
  /** Nobody is told any more: nothing is kept but the steps that run. */
  end(): void;
  /** The engine asks: what is pending by now is followed by the answer. */
  asked(number: number): void;
  /** The next that is to be told, at once no more than a message may hold; undefined where there is nothing. */
  take(): News | undefined;
  /** Settles when there is something to tell, or `signal` aborts. */
  due(signal: AbortSignal): Promise<void>;
}

const asleep = () => undefined;

/** @param onOverflow more waits than may: there is nobody who takes it */
export function createPendingNews(failing: () => readonly Failing[], onOverflow: () => void): PendingNews {
  const states = new Map<string, StateTold>();
  const executions = new Map<string, ExecutionTold>();
  const outputs = new Map<string, Printed>();
  /** All steps that run, and which of them the engine has not heard of as they are. */
  const steps = new Map<string, StepsTold>();
  const stepsDue = new Map<string, StepsTold>();
  let isTold = false;
  let failingTold = '[]';
  let answers: number | undefined;
  let isOutputDue = false;
  let wake: () => void = asleep;

  const put = <T>(pending: Map<string, T>, id: string, one: T) => {
    if (!isTold) return;
    pending.delete(id);
    pending.set(id, one);
    if (pending.size > LIMITS.newsWaitingMax) onOverflow();
    if (pending !== outputs) wake();
  };
  /** An agent may print a thousand lines a second. */
  const putOutput = (output: Printed) => {
    const isFirst = outputs.size === 0;
    put(outputs, output.id, output);
    if (!isFirst || outputs.size === 0) return;
    const tell = () => {
      isOutputDue = true;
      wake();
    };
    setTimeout(tell, OUTPUT_MS).unref();
  };
  const putSteps = (now: StepsTold) => {
    if (now.runs > 0 || now.waitsFor !== undefined) steps.set(now.id, now);
    else steps.delete(now.id);
    put(stepsDue, now.id, now);
  };
  const stepsOf = (id: string): StepsTold => steps.get(id) ?? { id: TaskId.parse(id), runs: 0 };
  const failingNow = () => failing().slice(0, LIMITS.newsWaitingMax);
  return {
    observer: {
      changed: (state, startedAt, moment) => put(states, state.id, { state, startedAt, moment }),
      executionChanged: (state, moment) => put(executions, state.id, { state, moment }),
      printed: putOutput,
      stepRuns(id, runs) {
        const now = stepsOf(id);
        putSteps({ ...now, runs: Math.max(0, now.runs + (runs ? 1 : -1)) });
      },
      waits(id, what) {
        const { waitsFor: _, ...now } = stepsOf(id);
        putSteps({ ...now, ...(what !== undefined && { waitsFor: clip(what, LIMITS.noteCharsMax) }) });
      },
    },
    begin() {
      isTold = true;
      for (const [id, one] of steps) stepsDue.set(id, one);
    },
    end() {
      isTold = false;
      for (const pending of [states, executions, outputs, stepsDue]) pending.clear();
      answers = undefined;
      failingTold = '[]';
    },
    asked(number) {
      answers = number;
      wake();
    },
    take() {
      isOutputDue = false;
      const now = failingNow();
      const isFailingNews = JSON.stringify(now) !== failingTold;
      const news = {
        ...{ states: taken(states), executions: taken(executions) },
        ...{ outputs: taken(outputs), steps: taken(stepsDue) },
      };
      const isRest = states.size + executions.size + outputs.size + stepsDue.size > 0;
      const isNothing = Object.values(news).every(({ length }) => length === 0);
      if (isNothing && !isFailingNews && answers === undefined) return undefined;
      failingTold = JSON.stringify(now);
      const answer = isRest ? undefined : answers;
      answers = isRest ? answers : undefined;
      isOutputDue = outputs.size > 0;
      return {
        ...news,
        ...(isFailingNews && { failing: now }),
        ...(answer !== undefined && { answers: answer }),
      };
    },
    due(signal) {
      const isDue = states.size + executions.size + stepsDue.size > 0 || isOutputDue || answers !== undefined;
      if (isDue) return Promise.resolve();
      return untilWoken(signal, (tell) => {
        wake = tell;
        return () => {
          wake = asleep;
        };
      });
    },
  };
}

/** The oldest, as many as one message may hold. */
function taken<T>(pending: Map<string, T>): T[] {
  const some = [...pending].slice(0, LIMITS.newsPerMessageMax);
  for (const [id] of some) pending.delete(id);
  return some.map(([, one]) => one);
}
