/** How tasks went over time: what falls into which step, and what is added up. */
import { expect, it } from 'vitest';
import { chartsOf, isEmpty } from '../../src/dashboard/engine/chart-series.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const NOW = Date.parse('2026-01-31T12:30:00.000Z');
const row = (changes: object): TaskRow =>
  TaskRow.parse({
    ...{ id: 'task-1', title: 'Fix prices', status: 'completed', kind: 'agent_run' },
    startedAt: '2026-01-31T12:05:00.000Z',
    ...changes,
  });
const charts = (rows: readonly TaskRow[], step: 'hour' | 'day' = 'hour') => {
  const [ended, failures, waits, tokens, cost] = chartsOf(rows, step, NOW);
  if (!ended || !failures || !waits || !tokens || !cost) throw new Error('expected five charts');
  return { ended, failures, waits, tokens, cost };
};
const at = '2026-01-31T12:10:00.000Z';
const before = '2026-01-31T11:10:00.000Z';

it('begins its steps at whole hours, the last of which holds now', () => {
  const { times } = charts([]).ended;
  expect(times).toHaveLength(24);
  expect(new Date((times.at(-1) ?? 0) * 1_000).toISOString()).toBe('2026-01-31T12:00:00.000Z');
});

it('counts what began and ended in each', () => {
  const { lines } = charts([
    row({ closedAt: at }),
    row({ closedAt: at, startedAt: before }),
    row({ closedAt: before, startedAt: '2026-01-01T00:00:00.000Z', status: 'failed' }),
    row({ status: 'in_progress' }),
  ]).ended;
  expect(lines.map(({ name, values }) => [name, ...values.slice(-2)])).toEqual([
    ['started', 1, 2],
    ['completed', 0, 2],
    ['failed', 1, 0],
    ['cancelled', 0, 0],
  ]);
});

it('adds up by class, by agent and by day', () => {
  const rows = [
    row({ closedAt: at, status: 'failed', failureClass: 'check_failed', agent: 'codex' }),
    row({ closedAt: at, status: 'failed', failureClass: 'timeout', usage: { tokens: 10, costUsd: 0.1 } }),
    row({ closedAt: before, agent: 'codex', usage: { tokens: 5, costUsd: 0.2 } }),
    row({ closedAt: at, agent: 'codex', usage: { tokens: 7, costUsd: 0.1 } }),
  ];
  const byDay = charts(rows, 'day');
  const last = (chart: (typeof byDay)['cost']) =>
    chart.lines.map(({ name, values }) => [name, values.at(-1)]);
  expect(last(byDay.failures)).toEqual([
    ['check failed', 1],
    ['out of time', 1],
  ]);
  expect(last(byDay.tokens)).toEqual([
    ['codex', 12],
    ['unknown agent', 10],
  ]);
  expect(last(byDay.cost)).toEqual([
    ['codex', 0.3],
    ['unknown agent', 0.1],
  ]);
});

it('says how long gates waited, and nothing where none did', () => {
  const { waits } = charts([
    row({ closedAt: at, waited: { gates: 1, ms: 60_000 } }),
    row({ closedAt: at, waited: { gates: 2, ms: 480_000 } }),
    row({ closedAt: before }),
  ]);
  expect(waits.lines[0]?.values.slice(-2)).toEqual([null, 3]);
  expect(isEmpty(charts([row({ closedAt: at })]).waits)).toBe(true);
});

it('adds up the smallest where there are many', () => {
  const rows = Array.from({ length: 9 }, (_, index) =>
    row({ closedAt: at, agent: `agent-${index}`, usage: { tokens: 100 - index } }),
  );
  const { lines } = charts(rows).tokens;
  expect(lines.map(({ name }) => name)).toEqual([
    ...['agent-0', 'agent-1', 'agent-2', 'agent-3', 'agent-4'],
    '4 others',
  ]);
  expect(lines.at(-1)?.values.at(-1)).toBe(95 + 94 + 93 + 92);
  expect(isEmpty(charts(rows).cost)).toBe(true);
});
