/**
 * Asks a worker in another process whether it has told all that has happened, for everybody who reads: one question is on its way,
 * those who come meanwhile share the next.
 */
import { untilWoken } from '../client/until-woken.ts';

export interface Asking {
  /** Settles when all that had happened by now is told, or when the asking is over. */
  ask(): Promise<void>;
  /** The questions, until the asking is over or `signal` aborts. For one reader. */
  questions(signal: AbortSignal): AsyncGenerator<number>;
  /** All that had happened before this question was asked is told. */
  answered(number: number): void;
  /** Nobody answers any more. Idempotent. */
  end(): void;
}

const asleep = () => undefined;

/** @param onSilence called where a question is not answered in time */
export function createAsking(withinMs: number, onSilence: () => void): Asking {
  const over = new AbortController();
  let asked = 0;
  let sent = 0;
  let answered = 0;
  let waiting: { readonly number: number; readonly settle: () => void }[] = [];
  let silence: NodeJS.Timeout | undefined;
  let wake: () => void = asleep;

  const settle = (upTo: number) => {
    const settled = waiting.filter(({ number }) => number <= upTo);
    waiting = waiting.filter(({ number }) => number > upTo);
    clearTimeout(silence);
    silence = waiting.length === 0 ? undefined : setTimeout(onSilence, withinMs);
    for (const one of settled) one.settle();
  };
  return {
    ask() {
      if (over.signal.aborted) return Promise.resolve();
      // The one that is on its way may be answered already.
      asked = sent + 1;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ number: asked, settle: resolve });
      silence ??= setTimeout(onSilence, withinMs);
      wake();
      return promise;
    },
    async *questions(signal) {
      const until = AbortSignal.any([signal, over.signal]);
      while (!until.aborted) {
        if (asked > sent && answered === sent) {
          sent = asked;
          yield sent;
        } else
          await untilWoken(until, (tell) => {
            wake = tell;
            return () => {
              wake = asleep;
            };
          });
      }
    },
    answered(number) {
      if (number !== sent) return;
      answered = number;
      settle(number);
      wake();
    },
    end() {
      over.abort();
      settle(Number.POSITIVE_INFINITY);
    },
  };
}
