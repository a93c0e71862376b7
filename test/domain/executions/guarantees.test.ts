/** What users of loops were bitten by elsewhere, each as it is right: guarantees, autonomy, the end. */
import { describe, expect, it } from 'vitest';
import { Driven } from './driven.ts';
import { approval, phase, skill } from './written-loops.ts';

const TWO = [
  phase('plan', [skill('plan', { returns: { risk: 'enum(low, high)' } })], [approval('right')]),
  phase('build', [skill('build')]),
];

describe('guarantees', () => {
  const LOOP = [
    phase('p', [
      skill('a', {
        guarantees: [
          { id: 'doc', deliverable: 'docs/*.md' },
          { id: 'tidy', git: 'no_uncommitted' },
        ],
      }),
    ]),
  ];

  it('decide whether a report counts; the execution is blocked until they hold', () => {
    const it = new Driven(LOOP).done('a');
    expect(it.skill('a')).toMatchObject({ state: 'in-progress', isLookedAt: true });
    expect(it.send('complete', { skill: 'a', summary: 'again' })).toContain('the engine looks');
    it.see((id) => id === 'tidy');
    expect(it.state).toMatchObject({
      status: 'blocked',
      blockedBy: expect.stringContaining('cannot complete skill a: 1 guarantee(s) failed: doc (not there)'),
    });
    it.do('steer', { steer: { act: 'retry', skill: 'a' } }).see(() => true);
    expect(it.status).toBe('completed');
    expect(it.skill('a').guarantees).toMatchObject([{ passed: true, commit: 'c1' }, { passed: true }]);
  });

  it('are resolved by who may decide, with a reason', () => {
    const it = new Driven(LOOP).done('a');
    it.see((id) => id === 'tidy');
    const steer = {
      act: 'resolve',
      skill: 'a',
      guarantee: 'doc',
      type: 'waived_with_reason',
      evidence: 'in the wiki',
    };
    expect(it.send('steer', { steer, mayDecide: false })).toContain('a decision');
    expect(it.send('steer', { steer: { ...steer, guarantee: 'x' } })).toContain('expected one of doc, tidy');
    it.do('steer', { steer });
    expect(it.status).toBe('completed');
    expect(it.skill('a').guarantees[0]?.resolution).toMatchObject({ by: 'bob', evidence: 'in the wiki' });
  });

  it('that could not be looked at pass nothing', () => {
    const it = new Driven(LOOP).done('a');
    it.seeNothing('the repository is gone');
    expect(it.state).toMatchObject({
      status: 'blocked',
      blockedBy: expect.stringContaining('repository is gone'),
    });
    it.do('steer', { steer: { act: 'look', skill: 'a' } }).see(() => true);
    expect(it.status).toBe('completed');
  });

  it('end a skill that is reported as done too often without being so', () => {
    const checks = [{ name: 'test', run: ['true'] }];
    const repeat = { most: 2, until: { checks: ['test'] } };
    const it = new Driven([phase('p', [{ id: 'a', agent: 'auto', repeat }])], { checks });
    it.done('a').see(() => false);
    expect(it.status).toBe('blocked');
    it.done('a').see(() => false);
    expect(it.skill('a')).toMatchObject({ state: 'failed', why: expect.stringContaining('2 times') });
  });
});

describe('autonomy', () => {
  const LOOP = [phase('p', [skill('a')]), phase('q', [skill('b')])];
  it('supervised: the next phase begins by a word, and the same word said again is harmless', () => {
    const it = new Driven(LOOP, { autonomy: 'supervised' });
    expect(it.send('steer', { steer: { act: 'advance' } })).toContain('phase p is not completed');
    it.done('a');
    expect(it.state.phases[0]?.status).toBe('completed');
    it.do('complete', { phase: 'p' });
    const advance = { steer: { act: 'advance' } };
    it.do('steer', advance).do('steer', advance);
    expect(it.state.currentPhase).toBe('q');
    expect(it.done('b').status).toBe('completed');
  });
  it('manual: a phase is completed by a word', () => {
    const it = new Driven(LOOP, { autonomy: 'manual' });
    expect(it.send('complete', { phase: 'p' })).toContain('a is in-progress');
    it.done('a');
    expect(it.state.phases[0]?.status).toBe('in-progress');
    it.do('complete', { phase: 'p' }).do('complete', { phase: 'p' });
    it.do('steer', { steer: { act: 'advance' } })
      .done('b')
      .do('complete', { phase: 'q' });
    expect(it.status).toBe('completed');
  });
});

it('an execution that was aborted stays, and takes nothing more', () => {
  const it = new Driven(TWO);
  it.do('steer', { steer: { act: 'abort', reason: 'enough' } }).do('steer', { steer: { act: 'abort' } });
  expect(it.state).toMatchObject({ status: 'aborted', why: 'by bob: enough' });
  for (const [name, body] of [
    ['complete', { skill: 'plan', outputs: { risk: 'low' } }],
    ['update', { status: 'active' }],
    ['approve_gate', { gate: 'right', decision: 'approve' }],
    ['steer', { steer: { act: 'retry', skill: 'plan' } }],
  ] as const)
    expect(it.send(name, body)).toMatch(
      /is aborted.*; what is over takes nothing any more: `pawl show x_test` shows it, .*begins another/,
    );
});
