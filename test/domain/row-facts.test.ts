/** What rows tell of gates, failure and usage: sums, and the form in which Temporal's lists keep them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_CLASSES } from '../../src/domain/failures.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { factsFrom, factsOf } from '../../src/domain/row-facts.ts';
import { rowOfState } from '../../src/domain/rows.ts';
import type { Attempt, Gate, Usage } from '../../src/domain/task-state.ts';
import { newTask } from './tasks.ts';

const OPENED = '2026-01-02T03:04:05.678Z';
const open: Gate = {
  id: 'approval-2',
  gate: 'approval',
  status: 'open',
  openedAt: OPENED,
  question: 'sure?',
};
const attempt = (number: number, usage?: Usage): Attempt => ({
  number,
  reason: 'first',
  agent: 'fixer',
  outcome: 'done',
  ...(usage === undefined ? {} : { usage }),
});
const usageOf = (...usages: (Usage | undefined)[]) =>
  factsOf(newTask({ attempts: usages.map((usage, at) => attempt(at + 1, usage)) })).usage;

describe('the facts of a row', () => {
  it('name each gate that is open, and none that was decided', () => {
    const gates: Gate[] = [{ ...open, id: 'approval-1', status: 'stale' }, open];
    const row = rowOfState(newTask({ status: 'awaiting_gate', gates }), OPENED);
    expect(row.gates).toEqual([{ id: 'approval-2', gate: 'approval', openedAt: OPENED }]);
    const two = [open, { ...open, id: 'escalation-1', gate: 'escalation' as const }];
    expect(factsOf(newTask({ gates: two })).gates?.map(({ id }) => id)).toEqual([
      'approval-2',
      'escalation-1',
    ]);
    expect(factsOf(newTask({ gates: gates.slice(0, 1) }))).toEqual({});
  });

  it('say why the task failed', () => {
    const failure = { class: 'auth', message: 'no key' } as const;
    expect(rowOfState(newTask({ status: 'failed', failure }), OPENED)).toMatchObject({
      failureClass: 'auth',
    });
  });

  it('say which step is done of it, as long as it is under way', () => {
    for (const status of ['in_progress', 'awaiting_gate'] as const)
      expect(rowOfState(newTask({ status, step: 'check' }), OPENED).step).toBe('check');
    for (const status of ['blocked', 'completed', 'failed'] as const)
      expect(rowOfState(newTask({ status, step: 'check' }), OPENED).step).toBeUndefined();
  });

  it('sum what its attempts used, and leave out what no agent told', () => {
    expect(usageOf()).toBeUndefined();
    expect(usageOf(undefined)).toBeUndefined();
    expect(usageOf({ inputTokens: 1, outputTokens: 2 }, undefined)).toEqual({ tokens: 3 });
    const costly = { inputTokens: 10, cachedInputTokens: 9, outputTokens: 1, costUsd: 0.1, turns: 4 };
    expect(usageOf(costly, { ...costly, costUsd: 0.2 }, { inputTokens: 1, outputTokens: 0 })).toEqual({
      tokens: 23,
      costUsd: 0.3,
      turns: 8,
    });
  });
});

describe("in Temporal's lists", () => {
  const facts = fc.record({
    gates: fc.constantFrom<Gate[]>(
      [],
      [open],
      [{ ...open, id: `escalation-${LIMITS.attemptsToldMax}`, gate: 'escalation' }],
    ),
    failure: fc.constantFrom(null, ...FAILURE_CLASSES.map((one) => ({ class: one, message: 'no' }))),
    attempts: fc
      .record({
        inputTokens: fc.nat(),
        outputTokens: fc.nat(),
        costUsd: fc.double({ min: 0, max: 1e6, noNaN: true }),
        turns: fc.nat(),
      })
      .map((usage) => Array.from({ length: LIMITS.attemptsToldMax }, (_, at) => attempt(at + 1, usage))),
  });

  it('they come back as they were, and fit into a keyword of any server', () => {
    fc.assert(
      fc.property(facts, (state) => {
        const told = factsOf(state);
        const text = JSON.stringify(told);
        expect(text.length).toBeLessThan(255);
        expect(factsFrom(text, undefined)).toEqual(told);
      }),
    );
  });

  it.each([
    ['nothing', undefined, 'approval', { gates: [{ gate: 'approval' }] }],
    ['no gate', undefined, undefined, {}],
    [
      'a gate of which more is known',
      JSON.stringify({ gates: [{ id: 'approval-1', gate: 'approval' }] }),
      'approval',
      { gates: [{ id: 'approval-1', gate: 'approval' }] },
    ],
    ['half a text', '{"gates":[', undefined, {}],
    ['another form', '{"usage":17}', undefined, {}],
    ['a gate of no kind', undefined, 'none', {}],
  ])('a task is listed where they hold %s', (_, text, gate, expected) => {
    expect(factsFrom(text, gate)).toEqual(expected);
  });
});
