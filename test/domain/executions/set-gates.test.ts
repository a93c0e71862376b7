/** A gate is taken from people by a decision as well: by who may make it, with a reason that stays. */
import { describe, expect, it } from 'vitest';
import { Driven } from './driven.ts';
import { approval, phase, skill } from './written-loops.ts';

const TWO_OTHERS = { by: { count: 2, not: 'requester' } };
const at = (more: object = {}) => new Driven([phase('p', [skill('a')], [approval('g', more)])]).done('a');
const guarded = true;
const set = (more: object) => ({ steer: { act: 'set_gates', gate: 'g', ...more } });

describe.each([
  ['disabled', { enabled: false }, 'enabled'],
  ['passed by the engine', { override: 'auto' }, 'override'],
] as const)('a gate that is to be %s', (_, wished, key) => {
  it('needs a reason, and shows who has set it', () => {
    const it = at();
    expect(it.send('steer', { guarded, ...set(wished) })).toContain('reason: expected why gate g');
    expect(it.send('steer', { guarded, steer: { act: 'set_gates', ...wished } })).toContain('reason');
    it.do('steer', { guarded, inside: 't_x', ...set({ ...wished, reason: 'a typing error' }) });
    expect(it.status).toBe('completed');
    expect(it.gate('g').setBy).toEqual({
      [key]: { by: 'bob', via: 'client', at: it.at, reason: 'a typing error', inside: 't_x' },
    });
  });

  it('is not set by the requester whom it excludes, neither alone nor with the others', () => {
    const it = at(TWO_OTHERS);
    for (const steer of [set({ ...wished, reason: 'I am sure' }).steer, { act: 'set_gates', ...wished }])
      expect(it.send('steer', { guarded, by: 'ann', steer })).toContain('somebody else than ann');
    expect(it.gate('g').status).toBe('open');
    it.do('steer', { guarded, ...set({ ...wished, reason: 'both are away' }) });
    expect(it.status).toBe('completed');
  });

  it('is set by the requester where the loop does not mind', () => {
    const it = at().do('steer', { guarded, by: 'ann', ...set({ ...wished, reason: 'I looked' }) });
    expect(it.status).toBe('completed');
  });

  it('is set as ever by a message from before there was this rule', () => {
    const it = at(TWO_OTHERS).do('steer', { by: 'ann', ...set(wished) });
    expect(it.status).toBe('completed');
    expect(it.gate('g').setBy?.[key]).toMatchObject({ by: 'ann' });
  });
});

describe('a setting', () => {
  it('by which people are asked only where a condition holds needs a reason, but for messages from before', () => {
    const when = { when: "a.state == 'completed'" };
    const it = at(when).do('steer', { guarded: 2, ...set({ override: 'human' }) });
    const words = 'why gate g is decided by a person only where a condition holds';
    expect(it.send('steer', { guarded: 2, ...set({ override: 'conditional' }) })).toContain(words);
    it.do('steer', { guarded: 2, ...set({ override: 'conditional', reason: 'as it was' }) });
    at(when).do('steer', { guarded, ...set({ override: 'conditional' }) });
    at(when).do('steer', { guarded: 2, ...set({ override: 'conditional' }) });
  });

  it('that gives people their decision back, or changes nothing, needs no reason', () => {
    const it = new Driven([phase('p', [skill('a')], [approval('g', TWO_OTHERS)])]);
    it.do('steer', { guarded, ...set({ enabled: false, reason: 'both are away' }) });
    it.do('steer', { guarded, by: 'ann', ...set({ enabled: false }) });
    expect(it.gate('g').setBy?.enabled).toMatchObject({ by: 'bob', reason: 'both are away' });
    it.do('steer', { guarded, by: 'ann', ...set({ enabled: true, override: 'human' }) });
    expect(it.gate('g').setBy).toMatchObject({ enabled: { by: 'ann' }, override: { by: 'ann' } });
  });

  it('of a gate that the engine passes anyway is nobody’s decision less', () => {
    const check = { id: 'g', kind: 'check', passes_if: "a.state == 'completed'" };
    const it = new Driven([phase('p', [skill('a')], [check])]);
    it.do('steer', { guarded, ...set({ override: 'auto' }) });
    expect(it.send('steer', { guarded, ...set({ enabled: false }) })).toContain('why gate g is disabled');
  });

  it('stays with who made it when the work is sent back', () => {
    const back = { on_reject: { go_to: 'p', most: 1 } };
    const it = at(back).do('steer', { guarded, ...set({ override: 'human' }) });
    it.decide('g', 'reject').done('a');
    expect(it.gate('g')).toMatchObject({ reworks: 1, setBy: { override: { by: 'bob' } } });
  });
});
