/**
 * README's table and the rows are about the same: each line has its liars, and there are enough of them, in each run as
 * in the whole.
 */
import { describe, expect, it } from 'vitest';
import { linesOfTable } from './readme.ts';
import { oftenOf } from './row.ts';
import { DEFINITIONS } from './rows/definitions.ts';
import { FLAGGED } from './rows/flagged.ts';
import { GIT } from './rows/git.ts';
import { HOME } from './rows/home.ts';
import { HONEST } from './rows/honest.ts';
import { LEFT } from './rows/left.ts';
import { TESTS } from './rows/tests.ts';
import { UNHELD } from './rows/unheld.ts';
import { KILLERS, WORDS } from './rows/words.ts';

const LIARS = [
  ...WORDS,
  ...TESTS,
  ...DEFINITIONS,
  ...LEFT,
  ...GIT,
  ...FLAGGED,
  ...UNHELD,
  ...HOME,
  ...KILLERS,
];

describe.each([
  { form: 'npm test', liars: oftenOf(LIARS), honest: oftenOf(HONEST), least: { liars: 90, honest: 12 } },
  { form: 'npm run test:kills', liars: LIARS, honest: HONEST, least: { liars: 170, honest: 20 } },
])('in $form', ({ liars, honest, least }) => {
  it('each line of README has its liars, and no liar is of another line', () => {
    expect(new Set(liars.map(({ line }) => line))).toEqual(new Set(linesOfTable().keys()));
  });

  it(`there are at least ${least.liars} liars and ${least.honest} honest agents`, () => {
    expect(liars.length).toBeGreaterThanOrEqual(least.liars);
    expect(honest.length).toBeGreaterThanOrEqual(least.honest);
  });
});

it('each has a name of its own', () => {
  const names = [...LIARS.map(({ line, name }) => `${line}: ${name}`), ...HONEST.map(({ name }) => name)];
  expect(names).toEqual([...new Set(names)]);
});

it.each([
  ['another outcome', '| **lies** | held | why |'],
  ['the same line twice', '| **lies** | caught | why |\n| **lies** | nobody | why |'],
])('a table with %s is none', (_, lines) => {
  expect(() => linesOfTable(`## What the gates protect against, and what not\n\n${lines}\n`)).toThrow(/lies/);
});
