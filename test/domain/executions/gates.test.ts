/** What users of loops were bitten by elsewhere, each as it is right: gates. */
import { describe, expect, it } from 'vitest';
import { Driven } from './driven.ts';
import { approval, phase, skill } from './written-loops.ts';

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

  it('say how they are to who decides them too late or too early', () => {
    const by = (gate: string) => it.send('approve_gate', { gate, decision: 'approve', by: 'cid' });
    const two = [
      phase('plan', [skill('plan')], [approval('right'), approval('seen', { required: false })]),
      phase('build', [skill('build')], [approval('built')]),
    ];
    const it = new Driven(two).done('plan').decide('right', 'approve');
    expect(by('right')).toBe(
      'gate right was approved by bob via client at 2026-01-01T00:00:00.000Z, and the execution has gone on; no gate is open: `pawl execution show x_test` says what is next',
    );
    expect(by('seen')).toContain('gate seen was not needed, and');
    expect(by('built')).toBe(
      'gate built is not open yet; no gate is open: `pawl execution show x_test` says what is next',
    );
    it.do('steer', { steer: { act: 'set_gates', gate: 'built', enabled: false } });
    expect(by('built')).toBe('gate built is disabled: nobody is asked');
  });

  it('that sent the work back say who did that, to who decides them once more', () => {
    const back = { on_reject: { go_to: 'plan', most: 2 } };
    const loop = [
      phase('plan', [skill('plan')]),
      phase('build', [skill('build')], [approval('built', back), approval('seen', { required: false })]),
    ];
    const it = new Driven(loop).done('plan').done('build');
    it.now += 1_000;
    it.decide('built', 'reject', { reason: 'too slow' });
    const once = (decision: string) =>
      it.send('approve_gate', { gate: 'built', decision, by: 'cid', reason: 'too slow' });
    const fate =
      'gate built was rejected by bob via client at 2026-01-01T00:00:01.000Z (too slow): the phase plan is done again, and the gate opens after it; no gate is open: `pawl execution show x_test` says what is next';
    expect([once('reject'), once('approve')]).toEqual([fate, fate]);
    expect(it.send('approve_gate', { gate: 'seen', decision: 'approve' })).toContain('seen is not open yet');
    it.done('plan').done('build').decide('built', 'approve');
    expect(it.status).toBe('completed');
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

  it('that nobody decides in time send nothing back before a person rejects', () => {
    const more = { expires: '1h', on_reject: { go_to: 'only', most: 1 } };
    const it = new Driven([phase('only', [skill('a')], [approval('soon', more)])]).done('a');
    it.pass(3_600_000);
    expect(it.gate('soon')).toMatchObject({ status: 'rejected', reworks: 0 });
    expect(it.status).toBe('blocked');
    expect(it.decide('soon', 'reject').skill('a')).toMatchObject({ state: 'in-progress', round: 2 });
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
    expect(it.gate('good').sentBack).toEqual({ by: 'bob', reason: 'not so' });
    it.done('build');
    expect(it.send('approve_gate', { gate: 'good', decision: 'approve' })).toContain(
      'the gate opens after it',
    );
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
