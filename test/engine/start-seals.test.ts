/** Seals of starts: each is of one run of one home, with all that it was started with. */
import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { createStartSeals } from '../../src/engine/start-seals.ts';
import { agentSpec } from '../workflows/easy-steps.ts';

const seals = createStartSeals('the secret of a home');
const spec = agentSpec();
const seal = seals.of(spec);

it('is known again, whatever the order of the fields', () => {
  const turned = Object.fromEntries(Object.entries(spec).reverse());
  expect(seals.isOf(spec.id, { spec: digestOf(turned), seal })).toBe(true);
});

it.each([
  ['another id', 'other', digestOf(spec), seal],
  ['another program', spec.id, digestOf({ ...spec, agent: { name: 'command', command: ['sh'] } }), seal],
  ['another set-up', spec.id, digestOf({ ...spec, setup: ['sh'] }), seal],
  ['another home', spec.id, digestOf(spec), createStartSeals('of another home').of(spec)],
  ['none', spec.id, digestOf(spec), undefined],
  ['an empty text', spec.id, digestOf(spec), ''],
  ['no text', spec.id, digestOf(spec), { toString: () => seal }],
  ['a part of it', spec.id, digestOf(spec), seal.slice(1)],
])('is none for %s', (_, id, digest, given) => {
  expect(seals.isOf(id, { spec: digest, seal: given })).toBe(false);
});

it('of a pin are none of a run, of another pin or of another home', () => {
  const pin = {
    execution: ExecutionId.parse('x_one'),
    start: 's',
    repository: '/r',
    base: 'main',
    programs: ['p'],
  };
  const sealed = seals.ofPin(pin);
  expect(seals.isOfPin(pin, sealed)).toBe(true);
  expect(seals.isOfPin({ ...pin, programs: [] }, sealed)).toBe(false);
  expect(seals.isOfPin({ ...pin, start: 'other' }, sealed)).toBe(false);
  expect(createStartSeals('of another home').isOfPin(pin, sealed)).toBe(false);
  expect(seals.isOfPin(pin, undefined)).toBe(false);
  expect(seals.isOf(spec.id, { spec: digestOf(spec), seal: sealed })).toBe(false);
  expect(seals.isOfPin(pin, seals.of(spec))).toBe(false);
});
