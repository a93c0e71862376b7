/** For a replay of which nobody is told anything. */
import type { InjectedSinks } from '@temporalio/worker';
import type { StateSinks } from '../workflows/sinks.ts';

const silent = { fn: () => undefined, callDuringReplay: false };

export const silentSinks: InjectedSinks<StateSinks> = {
  tasks: { changed: silent },
  executions: { changed: silent },
};
