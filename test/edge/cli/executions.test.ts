/** `pawl execution`: what the engine is asked for by each command. */
import { expect, it } from 'vitest';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

const id = 'x_fix';
const steer = (act: object) => ['steerExecution', { id, steer: act }] as const;

it.each([
  [['note', id, 'half'], 'updateExecution', { id, note: 'half' }],
  [['pause', id], 'updateExecution', { id, status: 'paused' }],
  [['resume', id], 'updateExecution', { id, status: 'active' }],
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

it('lists what there is, or how to begin', async () => {
  expect((await pawl(['execution', 'list'], { fake: fakeEngine() })).out).toContain('pawl execution start');
});
