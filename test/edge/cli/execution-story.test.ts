/** The story of an execution: why work is done again, and what a gate saw, each said once. */
import { expect, it } from 'vitest';
import type { GateView } from '../../../src/domain/executions/execution-state.ts';
import { executionStory } from '../../../src/edge/cli/execution-story.ts';
import { STATES } from './execution-states.ts';

const gateTexts = (right: Partial<GateView>) => {
  const phases = STATES.gated.phases.map((phase) => ({
    ...phase,
    gates: phase.gates.map((gate) => ({ ...gate, ...right })),
  }));
  return executionStory({ ...STATES.gated, phases })
    .filter(({ label }) => label === 'gate right')
    .map(({ text }) => text);
};
const seen = (name: string, passed: boolean) => ({
  ...{ name, run: [name], passed, exitCode: 0, durationMs: 1, commit: 'c', output: 'o', at: '', tail: '' },
});

it('says that work was sent back, by whom and why, in one line', () => {
  const sentBack = { by: 'pawl', reason: 'test failed\ntest:\n1 of 2 failed' };
  expect(gateTexts({ status: 'pending', reworks: 2, sentBack })).toEqual([
    'sent the work back, 2 times now · by pawl · test failed',
  ]);
  expect(gateTexts({ status: 'approved', by: 'pawl', reworks: 1, sentBack })).toEqual([
    'sent the work back · by pawl · test failed',
    'approved · by pawl',
  ]);
});

it('says once what failed', () => {
  const evidence = [seen('lint', true), seen('test', false)] as unknown as GateView['evidence'];
  expect(gateTexts({ status: 'failed', by: 'pawl', why: 'test failed', evidence })).toEqual([
    'failed · by pawl · test failed · lint passed',
  ]);
});
