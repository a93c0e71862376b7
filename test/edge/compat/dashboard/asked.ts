/** What the rows of the dashboard's routes answer from, written down. */
import { callsOf } from '../../../../src/domain/calls.ts';
import type { HostReads } from '../../../../src/domain/host-reads.ts';
import type { EngineApi } from '../../../../src/domain/operations.ts';
import { type Caller, localCaller } from '../../../../src/domain/scopes.ts';
import type { Asked } from '../../../../src/edge/compat/dashboard/route.ts';
import { NOW_MS } from '../orchestrator/rows.ts';

export const NOW = new Date(NOW_MS);
export const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1_000).toISOString();

export const fakeHost = (own: Partial<HostReads> = {}): HostReads => ({
  project: 'home-1',
  rows: async () => [],
  executions: async () => [],
  agents: async () => [],
  temporal: { namespace: 'default', ui: null },
  settings: () => [],
  keys: () => ({}),
  workspaceFiles: async () => undefined,
  workspaceFile: async () => undefined,
  ...own,
});

export const askedOf = (
  engine: EngineApi,
  own: Partial<HostReads> = {},
  caller: Caller = localCaller('ann'),
): Asked => ({
  calls: callsOf(caller, engine),
  host: fakeHost(own),
  version: '1.2.3',
  now: NOW,
  context: {},
});
