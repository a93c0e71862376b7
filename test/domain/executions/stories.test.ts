/** What users of loops were bitten by elsewhere, each as it is right. */
import { describe, expect, it } from 'vitest';
import { approval, Driven, phase, skill } from './driven.ts';

const TWO = [
  phase('plan', [skill('plan', { returns: { risk: 'enum(low, high)' } })], [approval('right')]),
  phase('build', [skill('build')]),
];

describe('gates', () => {
  it('are passed by a decision, and by no other message', () => {
    const it = new Driven(TWO).done('plan', { risk: 'low' });
    for (const [name, body] of [
      ['update', { note: 'approved!' }],
      ['update', { status: 'active' }],
      ['complete', { phase: 'plan' }],
      ['complete', { skill: 'plan', outputs: { risk: 'low' } }],
      ['steer', { steer: { act: 'look', gate: 'right' } }],
    ] as const) {
      it.send(name, body);
      expect(it.state).toMatchObject({ currentPhase: 'plan', status: 'active' });
      expect(it.gate('right').status).toBe('open');
    }
    expect(it.send('steer', { steer: { act: 'advance' } })).toContain('gate right must be approved');
    expect(it.send('complete', { skill: 'build' })).toContain('is of the phase build');
    it.decide('right', 'approve');
    expect(it.state.currentPhase).toBe('build');
    expect(it.done('build').status).toBe('completed');
  });

  it('go on by themselves once they are approved, also after a pause', () => {
    const it = new Driven(TWO).done('plan', { risk: 'low' }).do('update', { status: 'paused' });
    expect(it.send('approve_gate', { gate: 'right', decision: 'approve' })).toContain('is paused');
    expect(it.send('complete', { skill: 'build' })).toContain('is paused');
    it.do('update', { status: 'active' }).decide('right', 'approve');
    expect(it.skill('build').state).toBe('in-progress');
  });

  it('are bound to what was shown', () => {
    const it = new Driven(TWO).done('plan', { risk: 'low' });
    const { digest } = it.gate('right');
    it.do('steer', { steer: { act: 'reset', skill: 'plan' } }).done('plan', { risk: 'high' });
    expect(it.gate('right').digest).not.toBe(digest);
    expect(it.send('approve_gate', { gate: 'right', decision: 'approve', digest })).toContain(
      'something else',
    );
    it.decide('right', 'approve', { digest: it.gate('right').digest });
  });

  it('wait for as many people as they say, of whom the requester may be none', () => {
    const by = { count: 2, not: 'requester' };
    const it = new Driven([phase('only', [skill('a')], [approval('two', { by })])]).done('a');
    expect(it.send('approve_gate', { by: 'ann', gate: 'two', decision: 'approve' })).toContain(
      'somebody else than ann',
    );
    it.decide('two', 'approve');
    expect(it.send('approve_gate', { gate: 'two', decision: 'approve' })).toContain('bob has approved');
    expect(it.status).toBe('active');
    expect(it.decide('two', 'approve', { by: 'cid' }).status).toBe('completed');
  });

  it('that nobody decides in time are rejected, not approved', () => {
    const it = new Driven([phase('only', [skill('a')], [approval('soon', { expires: '1h' })])]).done('a');
    it.pass(3_599_000);
    expect(it.gate('soon').status).toBe('open');
    it.pass(2_000);
    expect(it.gate('soon')).toMatchObject({ status: 'rejected', by: 'pawl' });
    expect(it.state.blockedBy).toContain('nobody has decided in time');
    expect(it.decide('soon', 'approve').status).toBe('completed');
  });

  it('whose condition has no value are neither there nor not there', () => {
    const loop = [
      phase('p', [skill('a', { returns: { n: 'number' }, when: "inputs.go == 'yes'" })]),
      phase('q', [skill('b')], [approval('big', { when: 'a.n > 3' })]),
    ];
    const it = new Driven(loop, { loopMore: { inputs: { go: 'string' } }, inputs: { go: 'no' } });
    expect(it.skill('a').state).toBe('skipped');
    it.done('b');
    expect(it.state).toMatchObject({
      status: 'blocked',
      blockedBy: expect.stringContaining('a.n (a is skipped)'),
    });
    it.do('steer', { steer: { act: 'set_gates', gate: 'big', enabled: false } });
    expect(it.status).toBe('completed');
  });

  it('are set only by who may decide', () => {
    const it = new Driven(TWO).done('plan', { risk: 'low' });
    const mayDecide = false;
    for (const steer of [
      { act: 'set_gates', enabled: false },
      { act: 'set_gates', gate: 'right', override: 'auto' },
    ])
      expect(it.send('steer', { mayDecide, steer })).toContain('a decision');
    expect(it.send('approve_gate', { mayDecide, gate: 'right', decision: 'approve' })).toContain(
      'a decision',
    );
    expect(
      it.send('complete', { mayDecide, skill: 'plan', outcome: 'skipped', summary: 'why not' }),
    ).toContain('reset it before');
    it.do('steer', { steer: { act: 'set_gates', gate: 'right', override: 'auto' } });
    expect(it.state.currentPhase).toBe('build');
    expect(it.gate('right')).toMatchObject({ status: 'approved', by: 'pawl', approvalTypeOverride: 'auto' });
  });
});

describe('work that is sent back', () => {
  const LOOP = [
    phase('build', [skill('build')]),
    phase(
      'review',
      [skill('review', { returns: { verdict: 'enum(ok, fix)' } })],
      [approval('good', { on_reject: { go_to: 'build', most: 2 } })],
    ),
  ];

  it('is done again with the reason, and what came after it too', () => {
    const it = new Driven(LOOP).done('build').done('review', { verdict: 'ok' });
    it.decide('good', 'reject');
    expect(it.state).toMatchObject({ currentPhase: 'build', status: 'active' });
    expect(it.skill('build')).toMatchObject({ state: 'in-progress', round: 2 });
    expect(it.skill('build').brief).toContain('not so');
    expect(it.skill('review')).toMatchObject({ state: 'pending', round: 1 });
    expect(it.skill('review').outputs).toBeUndefined();
    expect(it.gate('good')).toMatchObject({ status: 'pending', approvals: [], reworks: 1 });
    it.done('build');
    expect(it.send('approve_gate', { gate: 'good', decision: 'approve' })).toContain('not open yet');
    expect(it.done('review', { verdict: 'ok' }).decide('good', 'approve').status).toBe('completed');
  });

  it('is sent back only so often; then a person has to say how it goes on', () => {
    const it = new Driven(LOOP);
    for (const _ of [1, 2]) it.done('build').done('review', { verdict: 'fix' }).decide('good', 'reject');
    it.done('build').done('review', { verdict: 'fix' }).decide('good', 'reject');
    expect(it.state).toMatchObject({ status: 'blocked', currentPhase: 'review' });
    expect(it.send('update', { status: 'active' })).toBeUndefined();
    expect(it.status).toBe('blocked');
    expect(it.decide('good', 'approve').status).toBe('completed');
  });

  it('makes the evidence of a check gate stale', () => {
    const checks = [{ name: 'test', run: ['true'] }];
    const gate = { id: 'pass', kind: 'check', checks: ['test'], on_reject: { go_to: 'build', most: 1 } };
    const it = new Driven([phase('build', [skill('build')], [gate])], { checks }).done('build');
    expect(it.gate('pass').status).toBe('looking');
    it.see(() => false);
    expect(it.skill('build')).toMatchObject({ state: 'in-progress', round: 2 });
    expect(it.skill('build').brief).toContain('the output');
    expect(it.gate('pass').evidence).toBeUndefined();
    it.done('build').see(() => false, 'c2');
    expect(it.state).toMatchObject({ status: 'blocked', blockedBy: expect.stringContaining('test failed') });
    it.do('steer', { steer: { act: 'look', gate: 'pass' } }).see(() => true, 'c3');
    expect(it.status).toBe('completed');
    expect(it.gate('pass').evidence).toMatchObject([{ commit: 'c3', passed: true }]);
  });

  it('is not judged by a look that was made before', () => {
    const gate = { id: 'pass', kind: 'check', checks: ['test'] };
    const checks = [{ name: 'test', run: ['true'] }];
    const it = new Driven([phase('build', [skill('build')], [gate])], { checks }).done('build');
    it.do('steer', { steer: { act: 'look', gate: 'pass' } });
    expect(it.status).toBe('active');
  });
});

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
    expect(it.send(name, body)).toContain('is aborted');
});
