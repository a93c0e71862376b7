/** What the workflows of a worker tell: each of itself alone, although they share their modules. */
import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import { expect } from 'vitest';
import type { StateSinks } from '../../src/workflows/sinks.ts';

export interface WatchedSinks {
  readonly sinks: InjectedSinks<StateSinks>;
  /** Fails where one told how another is, or where none told anything. */
  expectOwn(): void;
}

export function watchTold(): WatchedSinks {
  const told: { readonly by: string; readonly of: string }[] = [];
  const changed = {
    fn: ({ workflowId }: WorkflowInfo, { id }: { readonly id: string }) =>
      void told.push({ by: workflowId, of: id }),
    callDuringReplay: false,
  };
  return {
    sinks: { tasks: { changed }, executions: { changed } },
    expectOwn() {
      expect(told).not.toEqual([]);
      expect(told.filter(({ by, of }) => by !== of)).toEqual([]);
    },
  };
}
