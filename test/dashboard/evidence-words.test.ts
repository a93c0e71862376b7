import { describe, expect, it } from 'vitest';
import {
  evidenceFor,
  exitText,
  millisecondsText,
  troubleOf,
} from '../../src/dashboard/shown/evidence-words.ts';
import type { Attempt, Evidence, Gate } from '../../src/domain/task-state.ts';

const evidence = (name: string, passed = true): Evidence => ({
  ...{ name, command: ['true'], commit: 'c', exitCode: passed ? 0 : 1, passed },
  ...{ durationMs: 1, output: 'sha256:0', tail: '' },
});
const check = (commit: string, ...all: readonly Evidence[]): Gate => ({
  ...{ gate: 'check', status: all.every(({ passed }) => passed) ? 'passed' : 'failed', commit },
  evidence: [...all],
});
const names = (all: readonly Evidence[]) => all.map(({ name }) => name);

describe('the evidence of a gate', () => {
  const approval: Gate = { gate: 'approval', status: 'open', commit: 'b' };

  it.each<[string, readonly Gate[], readonly string[]]>([
    ['is that of its commit', [check('a', evidence('old')), check('b', evidence('new'))], ['new']],
    ['is the latest of it', [check('b', evidence('first')), check('b', evidence('again'))], ['again']],
    ['is none where that was not checked', [check('a', evidence('old'))], []],
  ])('%s', (_, gates, expected) => {
    expect(names(evidenceFor(approval, { gates: [...gates, approval] }))).toEqual(expected);
  });
});

describe('the trouble of an escalation', () => {
  const attempt: Attempt = { number: 1, reason: 'first', agent: 'x', outcome: 'done' };

  it('is what failed of the latest check', () => {
    const gates = [check('a', evidence('one'), evidence('two', false))];
    expect(names(troubleOf({ attempts: [attempt], gates }).failed)).toEqual(['two']);
  });

  it('is no check that was passed since', () => {
    const gates = [check('a', evidence('one', false)), check('b', evidence('one'))];
    expect(troubleOf({ attempts: [attempt], gates })).toEqual({ failure: undefined, failed: [] });
  });

  it('is why the latest attempt failed', () => {
    const failure = { class: 'auth', message: 'no key' } as const;
    expect(troubleOf({ attempts: [attempt, { ...attempt, failure }], gates: [] }).failure).toEqual(failure);
  });
});

it.each([
  [0, '0.0 s'],
  [1_240, '1.2 s'],
  [59_949, '59.9 s'],
  [61_000, '1 min 1 s'],
])('%i ms are %s', (ms, expected) => {
  expect(millisecondsText(ms)).toBe(expected);
});

it('a signal is no exit code', () => {
  expect(exitText({ exitCode: 3 })).toBe('exit code 3');
  expect(exitText({ exitCode: null })).toBe('did not end in time, or by a signal');
});
