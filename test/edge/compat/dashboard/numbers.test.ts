/** Status, agents and metrics: each number is one of the rows. */
import { expect, it } from 'vitest';
import { placeText } from '../../../../src/domain/places.ts';
import { agents } from '../../../../src/edge/compat/dashboard/agents.ts';
import { metrics } from '../../../../src/edge/compat/dashboard/metrics.ts';
import { status } from '../../../../src/edge/compat/dashboard/status.ts';
import { healthScore, listed } from '../../../../src/edge/compat/dashboard/tallies.ts';
import { fakeEngine, VITALS } from '../../cli/fake-engine.ts';
import { rowOf } from '../orchestrator/rows.ts';
import { ago, askedOf } from './asked.ts';

const HOUR = 3600;
const run = (id: string, status: string, more: object = {}) =>
  rowOf(id, { kind: 'agent_run', agent: 'claude', status, startedAt: ago(2 * HOUR), ...more });

const rows = [
  run('a', 'completed', {
    ...{ closedAt: ago(HOUR), attempt: 2, usage: { tokens: 100, costUsd: 0.5 } },
    waited: { gates: 2, ms: 30_000 },
  }),
  run('b', 'failed', { closedAt: ago(10), failureClass: 'timeout', attempt: 3, agent: 'codex' }),
  run('c', 'failed', { closedAt: ago(48 * HOUR), failureClass: 'auth', startedAt: ago(50 * HOUR) }),
  run('d', 'in_progress', { usage: { tokens: 5 } }),
  run('e', 'awaiting_gate', { gates: [{ id: 'approval-1', gate: 'approval' }], agent: 'mine' }),
  run('f', 'in_progress', { startedAt: ago(5) }),
  rowOf('g', { status: 'blocked' }),
  rowOf('h', { status: 'cancelled', closedAt: ago(20) }),
  rowOf('i', {
    status: 'completed',
    closedAt: ago(9 * HOUR),
    archivedAt: ago(HOUR),
    startedAt: ago(10 * HOUR),
  }),
];
const HERE = [{ name: 'claude' }, { name: 'codex', problem: 'no credentials' }, { name: 'gemini' }];
const asked = (more: typeof rows = []) =>
  askedOf(fakeEngine(), { rows: async () => [...rows, ...more], agents: async () => HERE });

it('tells where everything stands', async () => {
  expect(status.output.parse(await status.answer(asked(), {}))).toEqual({
    project_id: 'home-1',
    // Of a to g, of which two have failed.
    health_score: 71,
    // Three of them are over.
    progress: 43,
    active_agents: 1,
    pending_decisions: 1,
    tasks: { total: 8, completed: 1, in_progress: 3, blocked: 1, pending: 0, failed: 2, cancelled: 1 },
  });
});

it('is of no health where the engine cannot work, and of full health where there is nothing', () => {
  expect(healthScore([], VITALS)).toBe(100);
  for (const lack of [
    { temporal: { address: null, reachable: false } },
    { database: { reachable: false, readMs: null } },
    { worker: { state: 'restarting' as const, polling: null } },
  ])
    expect(healthScore(listed(rows), { ...VITALS, ...lack })).toBe(0);
  const failing = [{ id: 'd', since: ago(1), problem: 'p', remedy: 'r' }];
  expect(healthScore(listed(rows), { ...VITALS, failing })).toBe(57);
});

it('lists agents with their tasks, and those of a user’s own', async () => {
  const answer = agents.output.parse(await agents.answer(asked(), {}));
  expect(Object(answer).agents).toMatchObject([
    {
      ...{ id: 'claude', name: 'claude', type: 'coder', status: 'working', problem: null },
      ...{ current_task: 'f', current_tasks: ['f', 'd'], success_rate: 0.5, performance_score: 50 },
      ...{ counts: { working: 2, queued: 0, waiting: 0, done: 1, failed: 1 }, tokens: 105, cost_usd: 0.5 },
    },
    { id: 'codex', status: 'unavailable', problem: 'no credentials', success_rate: 0 },
    { id: 'gemini', status: 'ready', success_rate: null, performance_score: null, current_task: null },
    { id: 'mine', type: 'program', status: 'ready', counts: { working: 0, waiting: 1, done: 0, failed: 0 } },
  ]);
});

it('an agent that waits for its turn does not work yet', async () => {
  const more = [run('q', 'in_progress', { agent: 'gemini', waitsFor: placeText(2) })];
  const answer = agents.output.parse(await agents.answer(asked(more), {}));
  expect(Object(answer).agents[2]).toMatchObject({
    ...{ id: 'gemini', status: 'ready', current_tasks: [] },
    counts: { working: 0, queued: 1, waiting: 0, done: 0, failed: 0 },
  });
  expect(await status.answer(asked(more), {})).toMatchObject({ active_agents: 1, tasks: { in_progress: 4 } });
});

it('counts how tasks went, in all and by hour', async () => {
  const answer = Object(metrics.output.parse(await metrics.answer(asked(), { steps: 3 })));
  expect(answer.metrics).toEqual({
    total_tasks: 9,
    completed_tasks: 2,
    completion_rate: 2 / 9,
    average_completion_time: HOUR,
    active_agents: 1,
    health_score: 71,
  });
  expect(answer.gates).toEqual({ open: 1, decided: 2, mean_wait_seconds: 15, tasks_known: 1 });
  // NOW is a whole hour, with which the last step begins.
  expect(answer.series).toMatchObject([
    { from: ago(2 * HOUR), started: 4, completed: 0, failed: 0 },
    {
      ...{ from: ago(HOUR), completed: 1, failed: 1, cancelled: 1, attempts: 5, failures: { timeout: 1 } },
      gates: { decided: 2, mean_wait_seconds: 15 },
      usage: { claude: { tasks: 1, tokens: 100, cost_usd: 0.5 } },
    },
    { from: ago(0), started: 0, completed: 0, failures: {}, gates: { mean_wait_seconds: null }, usage: {} },
  ]);
  const days = Object(await metrics.answer(asked(), { step: 'day', steps: 3 })).series;
  expect(days.map((day: { failed: number }) => day.failed)).toEqual([1, 0, 1]);
  await expect(metrics.answer(asked(), { steps: 1_000 })).rejects.toMatchObject({ code: 'invalid_input' });
});
