/** An execution as `show` tells it: what a person decides on at a gate, and what is left once it is over. */
import { expect, it } from 'vitest';
import type { ExecutionState } from '../../../src/domain/executions/execution-state.ts';
import { executionText } from '../../../src/edge/cli/execution-text.ts';
import { at, STATES } from './execution-states.ts';

const linesOf = (state: ExecutionState, width = 200) =>
  executionText(state, { nowMs: Date.parse(at(60)), width })
    .split('\n')
    .map((line) => line.trim().replaceAll(/ {2,}/g, '  '));

it('shows at an open gate what was asked for, what was made, and who has approved so far', () => {
  const lines = linesOf(STATES.halfApproved);
  expect(lines).toContain('inputs  goal: Make it well');
  expect(lines).toContain('files: a.ts, b.ts');
  expect(lines).toContain('✔ plan  completed, 2.0 s, by claude');
  expect(lines).toContain('planned');
  expect(lines).toContain('risk: low');
  expect(lines).toContain('? right  gate: open, 1 of 2: ann, sent back once');
});

it('shows what is empty as such, and one attempt as one', () => {
  const lines = linesOf({
    ...STATES.halfApproved,
    inputs: { goal: '', files: [] },
    spent: { attempts: 1, usd: 0, workedMs: 0 },
  });
  expect(lines).toContain('inputs  goal: ""');
  expect(lines).toContain('files: []');
  expect(lines).toContain('spent  1 attempt, 0 USD, 0s of work');
});

it('cuts what is longer than a line', () => {
  const lines = executionText(STATES.halfApproved, { nowMs: 0, width: 30 }).split('\n');
  expect(lines).toContain(`${' '.repeat(25)}risk…`);
});

it('shows of what was aborted how far it was by then, and nothing at work', () => {
  const lines = linesOf(STATES.aborted);
  expect(lines).toContain('– build  left in-progress, 6.0 s');
  expect(lines.join('\n')).not.toMatch(/●|looks|at work/);
});

it('shows of what was reported and did not count no time that goes on', () => {
  expect(linesOf(STATES.refused)).toContain('● plan  reported, and did not count, by claude');
});
