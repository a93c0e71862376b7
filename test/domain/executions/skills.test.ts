/** What users of loops were bitten by elsewhere, each as it is right: skills, and what is done for each of a list. */
import { describe, expect, it } from 'vitest';
import { Driven } from './driven.ts';
import { approval, phase, skill } from './written-loops.ts';

const TWO = [
  phase('plan', [skill('plan', { returns: { risk: 'enum(low, high)' } })], [approval('right')]),
  phase('build', [skill('build')]),
];

describe('skills', () => {
  it('that ran out of time are failed or skipped, and never completed', () => {
    const timed = (outcome: string) => {
      const timeout = Object.fromEntries([
        ['total', '1h'],
        ['then', outcome],
      ]);
      return new Driven([phase('p', [skill('a', { timeout })])]);
    };
    const fails = timed('fail');
    fails.pass(3_600_000);
    expect(fails.skill('a')).toMatchObject({ state: 'failed', why: 'it ran out of time' });
    expect(fails.status).toBe('blocked');
    fails.do('steer', { steer: { act: 'retry', skill: 'a' } });
    expect(fails.done('a').status).toBe('completed');
    const skips = timed('skip');
    skips.pass(3_600_000);
    expect(skips.skill('a').state).toBe('skipped');
  });

  it('give a sign of life', () => {
    const it = new Driven([phase('p', [skill('a', { timeout: { idle: '1h' } })])]);
    for (const _ of [1, 2, 3]) {
      it.pass(3_000_000);
      it.do('update', { skill: 'a', note: 'at it' });
    }
    expect(it.skill('a').state).toBe('in-progress');
    it.pass(3_600_000);
    expect(it.skill('a').state).toBe('failed');
  });

  it('return what they declare, of the type that it has', () => {
    const it = new Driven(TWO);
    expect(it.send('complete', { skill: 'plan' })).toContain(
      'outputs.risk: expected enum(low, high), got nothing',
    );
    expect(it.send('complete', { skill: 'plan', outputs: { risk: 'some' } })).toContain('got "some"');
    expect(it.send('complete', { skill: 'plan', outputs: { risk: 'low', x: 1 } })).toContain('returns no x');
    expect(it.send('complete', { skill: 'nobody' })).toContain('expected one of plan');
  });

  it('that are reported twice count once, and another report is refused', () => {
    const it = new Driven(TWO).done('plan', { risk: 'low' }).done('plan', { risk: 'low' });
    expect(it.skill('plan').round).toBe(1);
    expect(it.send('complete', { skill: 'plan', outputs: { risk: 'high' } })).toContain('another one');
  });

  it('that are over say the way on that is open to them', () => {
    const late = (outcome: string) => {
      const it = new Driven([phase('p', [skill('a'), skill('b')])]);
      it.do('complete', { skill: 'a', outcome, summary: 'no time' });
      const refused = it.send('complete', { skill: 'a', summary: 'done after all' });
      return [refused, it.send('steer', { steer: { act: 'retry', skill: 'a' } })];
    };
    const skipped = [expect.stringMatching(/another one: reset it/), expect.stringContaining('is retried')];
    expect(late('skipped')).toEqual(skipped);
    expect(late('failed')).toEqual([expect.stringMatching(/another one: retry or reset it/), undefined]);
  });

  it('that failed hold their phase, and are seen by the conditions of those after them', () => {
    const it = new Driven([
      phase('p', [skill('a'), skill('mend', { when: "a.state == 'failed'" }), skill('b')]),
      phase('q', [skill('c')]),
    ]);
    it.do('complete', { skill: 'a', outcome: 'failed', summary: 'no' });
    expect(it.state).toMatchObject({
      status: 'blocked',
      blockedBy: expect.stringContaining('skill a failed: no'),
    });
    expect(it.skill('mend').state).toBe('in-progress');
    expect(it.skill('b').state).toBe('pending');
    it.done('mend');
    expect(it.state).toMatchObject({ currentPhase: 'p', status: 'blocked' });
    it.do('complete', { skill: 'a', outcome: 'failed', summary: 'no' });
    expect(it.send('steer', { steer: { act: 'advance' } })).toContain('not completed');
    it.do('steer', { steer: { act: 'retry', skill: 'a' } })
      .done('a')
      .done('b');
    expect(it.state.currentPhase).toBe('q');
  });

  it('are left out only by a decision, with a reason', () => {
    const it = new Driven(TWO);
    const skipped = { skill: 'plan', outcome: 'skipped' };
    expect(it.send('complete', skipped)).toContain('why plan is skipped');
    expect(it.send('complete', { ...skipped, summary: 'small', mayDecide: false })).toContain('a decision');
    it.do('complete', { ...skipped, summary: 'small' });
    expect(it.skill('plan')).toMatchObject({ state: 'skipped', why: 'small', by: 'bob' });
    expect(it.gate('right').status).toBe('open');
  });

  it('are reset with what came after them, also before they have begun', () => {
    const it = new Driven([phase('p', [skill('a'), skill('b')], [approval('g')])]).done('a').done('b');
    it.do('steer', { steer: { act: 'reset', skill: 'a' } });
    expect([it.skill('a').state, it.skill('b').state, it.gate('g').status]).toEqual([
      'in-progress',
      'pending',
      'pending',
    ]);
    it.do('steer', { steer: { act: 'reset', skill: 'b' } });
    it.done('a').done('b').decide('g', 'approve');
    expect(it.status).toBe('completed');
  });
});

describe('for each of a list', () => {
  const each = (more: object) => ({
    id: 'each',
    agent: 'auto',
    brief: 'Review for {{ lens }}',
    returns: { verdict: 'enum(ok, fix)' },
    for_each: { in: ['a', 'b', 'c'], as: 'lens', at_most: 2, ...more },
  });
  const item = (name: string, verdict = 'ok') => ({ skill: 'each', item: name, outputs: { verdict } });

  it('so many are done side by side, each with its own brief', () => {
    const it = new Driven([phase('p', [each({})])]);
    expect(it.skill('each').items).toMatchObject([
      { item: 'a', state: 'in-progress', brief: 'Review for a' },
      { item: 'b', state: 'in-progress' },
      { item: 'c', state: 'pending' },
    ]);
    expect(it.send('complete', item('c'))).toContain('expected one of a, b');
    expect(it.send('complete', { ...item('a'), item: undefined })).toContain('item: expected one of a, b');
    it.do('complete', item('a')).do('complete', item('c')).do('complete', item('b'));
    expect(it.status).toBe('completed');
  });

  it('all_done takes failures as facts, all_completed does not', () => {
    const facts = new Driven([phase('p', [each({ join: 'all_done', at_most: 3 })])]);
    const strict = new Driven([phase('p', [each({ join: 'all_completed', at_most: 3 })])]);
    for (const it of [facts, strict]) {
      it.do('complete', item('a')).do('complete', item('b'));
      it.do('complete', { skill: 'each', item: 'c', outcome: 'failed', summary: 'no' });
    }
    expect(facts.status).toBe('completed');
    expect(strict.state).toMatchObject({ status: 'blocked', blockedBy: expect.stringContaining('c failed') });
  });

  it('one is picked by a person, and its outputs count', () => {
    const it = new Driven([
      phase('p', [each({ join: 'pick', at_most: 3 })]),
      phase('q', [skill('b', { when: "each.verdict == 'fix'" })]),
    ]);
    it.do('complete', item('a')).do('complete', item('b', 'fix'));
    it.do('complete', { skill: 'each', item: 'c', outcome: 'failed', summary: 'no' });
    const pick = (name: string) => ({ steer: { act: 'pick', skill: 'each', item: name } });
    expect(it.send('steer', { ...pick('b'), mayDecide: false })).toContain('a decision');
    expect(it.send('steer', pick('c'))).toContain('expected one of a, b');
    it.do('steer', pick('b')).do('steer', pick('b'));
    expect(it.skill('b').state).toBe('in-progress');
  });
});
