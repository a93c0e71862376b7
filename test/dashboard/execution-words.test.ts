/** An execution in words: how its parts stand, who decides, and what it has used. */
import { expect, it } from 'vitest';
import {
  deciderText,
  doerText,
  doneCommandOf,
  pauseOf,
  skillStanding,
  spendingOf,
  standingOf,
  tookText,
  waitsForWord,
} from '../../src/dashboard/execution/execution-words.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { gate, skill } from './execution-parts.ts';

const item = (taskStatus: string) => ({ item: 'a', state: 'in-progress', task: 'task-1', taskStatus });

it.each([
  ['in-progress', false, 'under way'],
  ['in-progress', true, 'left under way'],
  ['open', true, 'left undecided'],
  ['completed', true, 'completed'],
  ['a new one', false, 'a new one'],
])('says how %s stands, over: %s', (status, isOver, word) => {
  expect(standingOf(status, isOver).word).toBe(word);
});

it.each([
  [{}, 'under way'],
  [{ isLookedAt: true }, 'the engine looks'],
  [{ isToPick: true }, 'one is to be picked'],
  [{ isRefused: true }, 'reported, and does not count'],
  [{ taskStatus: 'awaiting_gate' }, 'a task asks'],
  [{ items: [item('in_progress'), item('awaiting_gate')] }, 'a task asks'],
  [{ items: [item('in_progress')] }, 'under way'],
  [{ state: 'failed', isLookedAt: true }, 'failed'],
])('says how a skill stands: %j', (changes, word) => {
  expect(skillStanding(skill(changes), { branch: 'pawl/x' }, false).word).toBe(word);
});

it.each([
  ['whom it waits for', 'pawl/x', { doer: 'manual' }, 'waits for whoever does it by hand'],
  ['that a client drives it', undefined, {}, 'waits for whoever drives it'],
  ['that a client drives it, and the engine looks', undefined, { isLookedAt: true }, 'the engine looks'],
])('says of a skill %s', (_, branch, changes, word) => {
  expect(skillStanding(skill(changes), { branch }, false).word).toBe(word);
});

it('says who does a skill', () => {
  expect(doerText(skill({}), { branch: 'pawl/x' })).toBe('an agent');
  expect(doerText(skill({}), { branch: undefined })).toBe('whoever drives it');
});

const id = ExecutionId.parse(`x_${'0'.repeat(26)}`);
it.each([
  [undefined, 'active', {}, `pawl execution done ${id} build`],
  [
    undefined,
    'active',
    { returns: { risk: 'number' } },
    `pawl execution done ${id} build --output risk=<number>`,
  ],
  ['pawl/x', 'blocked', { doer: 'manual' }, `pawl execution done ${id} build`],
  ['pawl/x', 'active', {}, undefined],
  [undefined, 'paused', {}, undefined],
  [undefined, 'active', { isLookedAt: true }, undefined],
  [undefined, 'active', { state: 'completed' }, undefined],
] as const)('on branch %s, %s: says how one says that %j is done', (branch, status, changes, command) => {
  expect(doneCommandOf(skill(changes), { id, branch, status })).toBe(command);
});

const approval = { by: 'ann', via: 'cli', at: '2026-01-31T12:00:00.000Z' };
it.each([
  [{}, 'a person decides'],
  [{ needs: 2, approvals: [approval] }, '1 of 2 people have approved'],
  [{ approvalType: 'conditional' }, 'a person decides, where its condition holds'],
  [{ approvalTypeOverride: 'auto' }, 'passed by what the engine sees'],
  [{ kind: 'check', approvalType: 'auto' }, 'passed by what the engine sees'],
  [{ enabled: false }, 'disabled: it does not count'],
])('says who decides: %j', (changes, words) => {
  expect(deciderText(gate(changes))).toBe(words);
});

it('says what was used of what is allowed', () => {
  const spent = { attempts: 3, usd: 1.23456789, workedMs: 90_000, attemptsMax: 12, usdMax: 1 };
  expect(spendingOf(spent)).toEqual([
    { name: 'Attempts', used: '3', allowed: '12', part: 0.25 },
    { name: 'Cost', used: '$1.2346', allowed: '$1', part: 1 },
    { name: 'Work', used: '1 min 30 s', allowed: undefined, part: undefined },
  ]);
});

it('says how long something took once it has ended', () => {
  const startedAt = '2026-01-31T12:00:00.000Z';
  expect(tookText({ startedAt, endedAt: '2026-01-31T12:00:08.500Z' })).toBe('8 s');
  expect(tookText({ startedAt })).toBeUndefined();
  expect(tookText({})).toBeUndefined();
});

it.each([
  ['active', 'pause'],
  ['blocked', 'pause'],
  ['paused', 'resume'],
  ['completed', undefined],
  ['aborted', undefined],
] as const)('offers for an execution that is %s to %s it', (status, way) => {
  expect(pauseOf({ status })).toBe(way);
});

it.each([
  ['supervised', 'completed', 'approved', true],
  ['manual', 'completed', 'approved', true],
  ['full', 'completed', 'approved', false],
  ['supervised', 'in-progress', 'pending', false],
  ['supervised', 'completed', 'open', false],
] as const)(
  '%s: of a phase that is %s with a gate that is %s the next begins by a word: %s',
  (autonomy, phaseStatus, gateStatus, waits) => {
    const phase = {
      id: 'plan',
      required: true,
      status: phaseStatus,
      skills: [],
      gates: [gate({ status: gateStatus })],
    };
    expect(waitsForWord({ status: 'active', autonomy, currentPhase: 'plan', phases: [phase] })).toBe(waits);
  },
);
