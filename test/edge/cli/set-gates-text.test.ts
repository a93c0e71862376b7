/** `pawl execution show`: who took a gate from people, and why. */
import { expect, it } from 'vitest';
import { executionText } from '../../../src/edge/cli/execution-text.ts';
import { Driven } from '../../domain/executions/driven.ts';
import { approval, phase, skill } from '../../domain/executions/written-loops.ts';

it.each([
  [{ enabled: false }, 'gate: disabled by bob: a typing error\n'],
  [{ override: 'auto' }, 'gate: approved, auto by bob: a typing error, by pawl\n'],
])('%j', (set, expected) => {
  const by = { count: 2, not: 'requester' };
  const driven = new Driven([phase('p', [skill('a')], [approval('g', { by })])]).done('a');
  driven.do('steer', { guarded: true, steer: { act: 'set_gates', reason: 'a typing error', ...set } });
  expect(`${executionText(driven.state, { nowMs: driven.now, width: 120 })}\n`).toContain(expected);
});

it('a gate that is set after somebody has approved it waits for the others, and says for how many', () => {
  const gate = approval('g', { by: { count: 2 } });
  const driven = new Driven([phase('p', [skill('a')], [gate])]).done('a').decide('g', 'approve');
  const steer = { act: 'set_gates', override: 'auto', reason: 'late' };
  driven.do('steer', { guarded: true, by: 'cid', steer });
  expect(executionText(driven.state, { nowMs: driven.now, width: 200 })).toContain(
    'gate: open, auto by cid: late, 1 of 2: bob',
  );
});
