/** `pawl execution`: what the engine is asked for by each command. */
import { expect, it } from 'vitest';
import type { ExecutionState } from '../../../src/domain/executions/execution-state.ts';
import { ID, STATES } from './execution-states.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

const id = 'x_fix';
const steer = (act: object) => ['steerExecution', { id, steer: act }] as const;

it.each([
  [['note', id, 'half'], 'updateExecution', { id, note: 'half' }],
  [['pause', id], 'updateExecution', { id, status: 'paused' }],
  [
    ['fail', id, 'a', '--reason', 'no'],
    'completeSkill',
    { id, skill: 'a', outcome: 'failed', summary: 'no' },
  ],
  [
    ['skip', id, 'a', '--reason', 'no'],
    'completeSkill',
    { id, skill: 'a', outcome: 'skipped', summary: 'no' },
  ],
  [['complete-phase', id, 'p'], 'completeSkill', { id, phase: 'p' }],
  [['approve', id, 'g'], 'decideGate', { id, gate: 'g', decision: 'approve' }],
  [['reject', id, 'g', '--reason', 'no'], 'decideGate', { id, gate: 'g', decision: 'reject', reason: 'no' }],
  [['advance', id], ...steer({ act: 'advance' })],
  [['abort', id, '--reason', 'enough'], ...steer({ act: 'abort', reason: 'enough' })],
  [['retry', id, 'a'], ...steer({ act: 'retry', skill: 'a' })],
  [['reset', id, 'a'], ...steer({ act: 'reset', skill: 'a' })],
  [['pick', id, 'a', 'x'], ...steer({ act: 'pick', skill: 'a', item: 'x' })],
  [['look', id, '--gate', 'g'], ...steer({ act: 'look', gate: 'g' })],
  [['gates', id, '--disable'], ...steer({ act: 'set_gates', enabled: false })],
  [
    ['gates', id, '--type', 'auto', '--reason', 'late'],
    ...steer({ act: 'set_gates', override: 'auto', reason: 'late' }),
  ],
  [['gates', id, '--gate', 'g', '--type', 'loop'], ...steer({ act: 'set_gates', gate: 'g', override: null })],
  [
    ['resolve', id, 'doc', '--skill', 'a', '--as', 'waived_with_reason', '--reason', 'wiki'],
    ...steer({ act: 'resolve', skill: 'a', guarantee: 'doc', type: 'waived_with_reason', evidence: 'wiki' }),
  ],
  [['show', id], 'execution', { id }],
] as const)('%j', async (args, name, input) => {
  const fake = fakeEngine();
  const { code, err } = await pawl(['execution', ...args], { fake });
  expect(fake.calls.at(-1)).toMatchObject({ name, input });
  // There is none in this engine, and that is told.
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('there is no execution x_fix') });
});

it.each([
  ['list'],
  ['start', 'bugfix', '--input', 'report=It fails'],
  ['note', id, 'n'],
  ['done', id, 'a'],
  ['approve', id, 'g'],
  ['look', id, '--skill', 'a'],
  ['budget', id, '--usd', '2'],
  ['resolve', id, 'doc', '--skill', 'a', '--as', 'waived_with_reason', '--reason', 'wiki'],
])('%s: how the answer is told is nothing that the engine is asked', async (...args) => {
  const fake = fakeEngine();
  await pawl(['execution', ...args, '--json'], { fake });
  expect(fake.calls.length).toBeGreaterThan(0);
  for (const { input } of fake.calls) expect(input).not.toHaveProperty('json');
});

/** An engine in which an execution stands so, whatever it is told. */
const engineWith = (state: ExecutionState) => {
  const { status, currentPhase, blockedBy } = state;
  const answer = async () => ({ id: state.id, status, currentPhase, ...(blockedBy && { blockedBy }) });
  const execution = async () => state;
  return fakeEngine({}, { execution, completeSkill: answer, updateExecution: answer });
};

it.each([
  ['refused', 1],
  ['blocked', 0],
  ['begun', 0],
] as const)('`done` where the skill is %s exits %i', async (name, expected) => {
  const { code, out } = await pawl(['execution', 'done', ID, 'plan'], { fake: engineWith(STATES[name]) });
  expect({ code, out }).toEqual({
    code: expected,
    out: expect.stringContaining(STATES[name].blockedBy ?? 'execution x_make-7f3k is active in plan'),
  });
});

it('resumes what is paused, and says of what is blocked what holds it up', async () => {
  const paused = engineWith(STATES.paused);
  expect(await pawl(['execution', 'resume', ID], { fake: paused })).toMatchObject({ code: 0 });
  expect(paused.calls.at(-1)).toMatchObject({ name: 'updateExecution', input: { id: ID, status: 'active' } });
  const blocked = engineWith(STATES.blocked);
  expect(await pawl(['execution', 'resume', ID], { fake: blocked })).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('skill plan failed: no') },
  });
  expect(blocked.calls.map(({ name }) => name)).toEqual(['execution']);
});

it('lists what there is, or how to begin', async () => {
  expect((await pawl(['execution', 'list'], { fake: fakeEngine() })).out).toContain('pawl execution start');
});
