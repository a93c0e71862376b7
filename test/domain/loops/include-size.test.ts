/** A loop with what it includes is as large as one that is written out may be. */
import { expect, it } from 'vitest';
import { LIMITS } from '../../../src/domain/limits.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { definitionOf } from './some-loops.ts';

const skill = (id: string, more: object = {}) => ({ id, agent: 'auto', ...more });
const phase = (index: number) => ({ id: `p${index}`, skills: [skill(`s${index}`)] });
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const faultsOf = (part: object, phases: readonly object[]) => {
  const loop = definitionOf({ loop: 'part', ...part });
  const read = parseLoop({ loop: 'x', phases }, new Map([['part', { loop }]]));
  return read.ok ? [] : read.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

it('checks', () => {
  const part = { checks: [{ name: 'lint', run: 'lint' }], phases: [phase(0)] };
  const parts = (count: number) => many(count, (index) => ({ include: 'part', as: `q${index}` }));
  expect(faultsOf(part, parts(LIMITS.checksPerTaskMax))).toEqual([]);
  expect(faultsOf(part, parts(LIMITS.checksPerTaskMax + 1))).toEqual([
    'phases: with what it includes: expected at most 20 checks, got 21',
  ]);
});

it('phases', () => {
  const part = { phases: many(25, phase) };
  const twice = ['a', 'b'].map((as) => ({ include: 'part', as }));
  expect(faultsOf(part, twice)).toEqual([]);
  expect(faultsOf(part, [...twice, phase(0)])).toEqual([
    'phases: with what it includes: expected at most 50 phases, got 51',
  ]);
});

it('characters, also where one value stands in very many places', () => {
  const brief = '{{ inputs.all }}'.repeat(2_000);
  const part = {
    inputs: { all: { type: 'string[]', required: true } },
    phases: [{ id: 'p', skills: many(3, (index) => skill(`s${index}`, { brief })) }],
  };
  const all = many(1_000, () => 'x'.repeat(200));
  expect(faultsOf(part, [{ include: 'part', with: { all: ['x'] } }])).toEqual([]);
  expect(faultsOf(part, [{ include: 'part', with: { all } }])).toEqual([
    'phases: with what it includes: expected at most 262144 characters as JSON, got more',
  ]);
});
