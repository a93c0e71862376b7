/** What the tools say of the engine is what was measured. */
import { expect, it } from 'vitest';
import type { Vitals } from '../../../../src/domain/engine-vitals.ts';
import { healthCheck, shutdownPrepare } from '../../../../src/edge/compat/orchestrator/health-check.ts';
import { restartStatus } from '../../../../src/edge/compat/orchestrator/restart.ts';
import { asked, fakeEngine, VITALS } from '../../cli/fake-engine.ts';

const context = {
  directory: '/there',
  speakFor: () => undefined,
  signal: new AbortController().signal,
};
const healthOf = async (parts: Partial<Vitals>) => {
  const engine = fakeEngine({}, { vitals: async () => ({ ...VITALS, ...parts }) });
  const { structured: health } = await healthCheck.call(asked(engine), healthCheck.input.parse({}), context);
  const input = shutdownPrepare.input.parse({});
  const { structured: shutdown } = await shutdownPrepare.call(asked(engine), input, context);
  return { health, shutdown };
};
const AWAY = {
  healthy: false,
  temporal: { address: 'there', reachable: false },
  database: { reachable: false, readMs: null },
};

it('says that all is well where it is, with clients and their sockets told apart', async () => {
  const { health, shutdown } = await healthOf({ clients: 2, connections: 51 });
  const connections = { active_connections: 2, open_sockets: 51, status: 'operational' };
  expect(health).toMatchObject({
    healthy: true,
    checks: { connections, reboot_readiness: { ready: true, issues: [] } },
  });
  expect(shutdown).toMatchObject({
    ready_for_shutdown: true,
    checks: {
      active_tasks: { count: 1, suspendable: true },
      client_connections: { ...connections, status: 'closed by a stop' },
    },
  });
});

it('says what does not work while Temporal is away', async () => {
  const { health, shutdown } = await healthOf({ ...AWAY, tasks: null });
  expect(health).toMatchObject({
    healthy: false,
    checks: {
      connections: { status: 'degraded' },
      database: { connected: false },
      reboot_readiness: {
        ready: false,
        issues: ['Temporal cannot be reached', 'the database cannot be read'],
      },
    },
  });
  expect(shutdown).toMatchObject({
    ready_for_shutdown: false,
    checks: { active_tasks: { count: null, suspendable: false, status: 'unknown' } },
  });
});

it('says that connections end with an engine that stops', async () => {
  const { health } = await healthOf({ stopping: true });
  expect(health.checks.connections?.status).toBe('closing');
});

const RESTART = { number: 1, reason: 'manual_request', requestedAt: '2026-01-02T03:04:05.000Z' } as const;
it.each([
  ['idle', [], 'running'],
  ['preparing', [{ ...RESTART, phase: 'stopping' }], 'running'],
  ['starting_process', [{ ...RESTART, phase: 'stopping' }], 'restarting'],
  ['complete', [{ ...RESTART, phase: 'done' }], 'running'],
  ['failed', [{ ...RESTART, phase: 'failed', error: 'late' }], 'restarting'],
] as const)('says %s of a restart', async (phase, restarts, state) => {
  const vitals = { ...VITALS, restarts: [...restarts], worker: { state, polling: 1 } };
  const engine = fakeEngine({}, { vitals: async () => vitals });
  const { structured } = await restartStatus.call(asked(engine), restartStatus.input.parse({}), context);
  expect(structured.current_status.phase).toBe(phase);
});
