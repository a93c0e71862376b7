/** README's table and the rows are about the same: each line has its liars, and there are enough of them. */
import { expect, it } from 'vitest';
import { linesOfTable } from './readme.ts';
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

it('each line of README has its liars, and no liar is of another line', () => {
  expect(new Set(LIARS.map(({ line }) => line))).toEqual(new Set(linesOfTable().keys()));
});

it('there are at least 80 liars and 12 honest agents, each with a name of its own', () => {
  const names = [...LIARS.map(({ line, name }) => `${line}: ${name}`), ...HONEST.map(({ name }) => name)];
  expect(names).toEqual([...new Set(names)]);
  expect(LIARS.length).toBeGreaterThanOrEqual(80);
  expect(HONEST.length).toBeGreaterThanOrEqual(12);
});

it.each([
  ['another outcome', '| **lies** | held | why |'],
  ['the same line twice', '| **lies** | caught | why |\n| **lies** | nobody | why |'],
])('a table with %s is none', (_, lines) => {
  expect(() => linesOfTable(`## What the gates protect against, and what not\n\n${lines}\n`)).toThrow(/lies/);
});
