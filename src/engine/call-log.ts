/** What callers got: how long the latest calls took, and which were refused in the last hours. */
import { callNamed, callsBy } from '../domain/calls.ts';
import type { Vitals } from '../domain/engine-vitals.ts';
import { PawlError } from '../domain/failures.ts';
import type { EngineApi, OperationName } from '../domain/operations.ts';
import { openErrorHistory } from './error-history.ts';

const TIMES_MAX = 1_000;

export interface CallLog {
  /** The same engine, noting each call. */
  watch(engine: EngineApi): EngineApi;
  read(): Vitals['calls'];
}

export interface CallLogOptions {
  /** Where errors outlive the engine. */
  readonly path: string;
  readonly onNotice: (line: string) => void;
  readonly now?: () => number;
}

export function createCallLog({ path, onNotice, now = Date.now }: CallLogOptions): CallLog {
  const errors = openErrorHistory({ path, onNotice, now });
  const times: number[] = [];
  let count = 0;
  const noted = async (operation: OperationName, act: () => Promise<unknown>): Promise<unknown> => {
    const startedMs = performance.now();
    try {
      return await act();
    } catch (error) {
      const code = error instanceof PawlError ? error.code : 'internal';
      const message = error instanceof Error ? error.message : String(error);
      errors.add({ at: new Date(now()).toISOString(), operation, code, message });
      throw error;
    } finally {
      count += 1;
      times.push(performance.now() - startedMs);
      times.splice(0, times.length - TIMES_MAX);
    }
  };
  return {
    watch(engine) {
      const calls = callsBy(
        (name) => (input, context) => noted(name, () => callNamed(engine, name)(input, context)),
      );
      const { news, executionStates, events } = engine;
      return { ...calls, news, executionStates, events };
    },
    read() {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
      return { count, p50Ms: at(0.5), p95Ms: at(0.95), errors: errors.read() };
    },
  };
}
