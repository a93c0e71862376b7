/** An engine for tests: a home of its own, a real Temporal, and a worker that does nothing but be there. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allPids, argumentsOf } from '../../src/adapters/programs/processes.ts';
import type { OwnEngine } from '../../src/client.ts';
import { type Config, placesIn } from '../../src/config.ts';
import { servesDatabase } from '../../src/engine/temporal-command.ts';
import type { StartOptions } from '../../src/server.ts';
import type { RunningWorker } from '../../src/worker/running-worker.ts';

export function temporaryHome(): { home: string; remove: () => void } {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-engine-')));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

export const configOf = (home: string, more: Partial<Config> = {}): Config => ({
  home,
  host: '127.0.0.1',
  port: 0,
  origins: [],
  temporal: { kind: 'embedded' },
  agentsPerHostMax: 1,
  agentsPerRepositoryMax: 1,
  gitHubPollSeconds: 20,
  worker: true,
  workflowsCachedMax: 200,
  ballastBytes: 0,
  mcpRetryMs: [0, 0],
  mcpSpool: false,
  ...more,
});

export interface IdleWorker extends RunningWorker {
  die(error: Error): void;
}

export function idleWorker(onShutdown: () => void = () => undefined): IdleWorker {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return {
    run: () => promise,
    shutdown() {
      onShutdown();
      resolve();
    },
    die: reject,
  };
}

/** The operations are not what is tested here. */
export const noOperations = {} as OwnEngine;

export const startOptions = (more: Partial<StartOptions> = {}): StartOptions => ({
  worker: async () => idleWorker(),
  engine: () => noOperations,
  ...more,
});

/** Temporals on the home's database, whoever started them. */
export const temporalsOf = (home: string): number[] =>
  allPids().filter((pid) => servesDatabase(argumentsOf(pid), placesIn(home).database));

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
