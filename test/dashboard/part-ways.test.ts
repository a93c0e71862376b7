/** Which ways a person has on with a part of an execution. */
import { expect, it } from 'vitest';
import { gateWays, isResolvable, skillWays } from '../../src/dashboard/execution/part-ways.ts';
import { gate, skill } from './execution-parts.ts';

const item = (taskStatus: string) => ({ item: 'a', state: 'in-progress', task: 'task-1', taskStatus });

it.each([
  [{ state: 'failed' }, ['retry', 'reset', 'skip']],
  [{ state: 'completed' }, ['reset']],
  [{ by: 'fixer' }, ['look', 'reset', 'skip']],
  [{ by: 'fixer', isLookedAt: true }, []],
  [{}, []],
  [{ items: [item('in_progress')] }, []],
  [{ state: 'pending' }, []],
])('of a skill of a blocked execution %j the ways on are %j', (changes, ways) => {
  const one = skill({ state: 'in-progress', ...changes });
  expect(skillWays(one, { status: 'blocked', isCurrent: true })).toEqual(ways);
  expect(skillWays(one, { status: 'active', isCurrent: true })).toEqual([]);
  expect(skillWays(one, { status: 'blocked', isCurrent: false })).toEqual([]);
});

it.each([
  [{ status: 'failed', kind: 'check' }, 'blocked', ['look', 'disable']],
  [{ status: 'pending' }, 'blocked', ['disable']],
  [{ status: 'rejected' }, 'blocked', ['approve']],
  [{ status: 'open' }, 'active', []],
  [{ status: 'pending' }, 'active', []],
  [{ status: 'pending', enabled: false }, 'active', ['enable']],
  [{ status: 'pending', enabled: false }, 'completed', []],
] as const)(
  'of a gate that is %j, where the execution is %s, the ways on are %j',
  (changes, status, ways) => {
    const one = gate(changes);
    const phase = { id: 'review', required: true, status: 'completed' as const, skills: [], gates: [one] };
    expect(gateWays(one, { status, currentPhase: 'review', phases: [phase] })).toEqual(ways);
    const elsewhere = { ...phase, id: 'later', gates: [] };
    if (one.enabled)
      expect(gateWays(one, { status, currentPhase: 'later', phases: [phase, elsewhere] })).toEqual([]);
  },
);

it.each([
  [skill({ isRefused: true }), 'blocked', true],
  [skill({ isRefused: true }), 'paused', false],
  [skill({}), 'blocked', false],
  [gate({ status: 'failed' }), 'blocked', true],
  [gate({ status: 'open' }), 'blocked', false],
] as const)('what does not hold of %o can be resolved where it is %s: %s', (part, status, is) => {
  expect(isResolvable(part, { status })).toBe(is);
});
