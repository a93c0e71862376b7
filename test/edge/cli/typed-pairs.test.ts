/** Values from the command line: lists. */
import { expect, it } from 'vitest';
import { pair, valuesFrom } from '../../../src/edge/cli/typed-pairs.ts';

it.each([
  ['none', ['names=[]'], []],
  ['one after the other', ['names=a', 'names=b'], ['a', 'b']],
  ['as JSON, beside others', ['names=["a", "b c"]', 'names=d'], ['a', 'b c', 'd']],
  ['a text that only looks like JSON', ['names=[draft] a', 'names=[1]'], ['[draft] a', '[1]']],
])('a list is given: %s', (_, written, names) => {
  expect(valuesFrom(written.map(pair), { names: 'string[]' })).toEqual({ names });
});
