/** Globs and patterns that a loop's author wrote: what they match, and that a slow one is given up while all else goes on. */
import { expect, it } from 'vitest';
import { createMatcher } from '../../../src/adapters/files/bounded-matcher.ts';
import { TOO_SLOW } from '../../../src/domain/executions/guarantee-facts.ts';

const SLOW = '^(a+)+$';
const TRAP = `${'a'.repeat(40)}b`;

it('matches globs as they are everywhere, and lines of texts', async () => {
  const { paths, texts } = createMatcher();
  const files = ['src/a.ts', 'src/b/c.ts', '.x/d.ts', 'src/b.js'];
  expect(await paths('src/**/*.ts', files)).toEqual(['src/a.ts', 'src/b/c.ts']);
  expect(await paths('**', files)).toEqual(files);
  expect(await paths('**', [])).toEqual([]);
  expect(await texts('^## Ris\\p{L}s$', ['# A\n## Risks\nx', '## risks'])).toEqual([true, false]);
});

it('gives a slow pattern up, says so of what it did not come to, and blocks nobody', async () => {
  let ticks = 0;
  const clock = setInterval(() => {
    ticks += 1;
  }, 10);
  const began = performance.now();
  const found = await createMatcher(300).texts(SLOW, ['aaa', TRAP, 'aaa']);
  clearInterval(clock);
  expect(found).toEqual([true, TOO_SLOW, TOO_SLOW]);
  expect(ticks).toBeGreaterThan(10);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('gives a slow glob up', async () => {
  expect(await createMatcher(300).paths(`${'*a'.repeat(8)}b`, [`${'a'.repeat(150)}c`])).toEqual(TOO_SLOW);
});

it('tells what is no pattern at all as what it is', async () => {
  await expect(createMatcher().texts('(', ['a'])).rejects.toThrow(/regular expression/i);
});
