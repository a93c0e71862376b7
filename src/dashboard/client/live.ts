/** What one page asks for, kept as new as the feed says that it is. */
import { useEffect, useState } from 'preact/hooks';
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { calls } from './ask.ts';
import { versionOf } from './known-rows.ts';

export interface Asked<T> {
  readonly value: T | undefined;
  /** Why there is no newer value. */
  readonly problem: Error | undefined;
}

/**
 * Asks when it is first drawn and whenever `version` changes; an answer to an older question is dropped.
 * @param version of what is asked for: an answer of another one is not shown as this one's
 */
export function useAsked<T>(version: string, asks: () => Promise<T>): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: undefined, problem: undefined });
  useEffect(() => {
    let isCurrent = true;
    asks().then(
      (value) => isCurrent && setAsked({ value, problem: undefined }),
      (problem: Error) => isCurrent && setAsked((before) => ({ value: before.value, problem })),
    );
    return () => {
      isCurrent = false;
    };
  }, [version]);
  return asked;
}

export const useTask = (id: string): Asked<TaskState> =>
  useAsked(`${id} ${versionOf(id)}`, () => calls.show(id));

export const useExecution = (id: string): Asked<ExecutionState> =>
  useAsked(`${id} ${versionOf(id)}`, () => calls.execution(id));
