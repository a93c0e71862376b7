/** A repository that the loops `feature` and `bugfix` are run on, and how it is judged what came of them. */
import { execa } from 'execa';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';

const CART = `exports.total = (prices) => prices.reduce((sum, price) => sum + price);
exports.highest = (prices) => prices.reduce((one, other) => Math.max(one, other));
`;
const TEST = `const assert = require('node:assert');
const { test } = require('node:test');
const cart = require('../cart.js');

test('the total', () => assert.equal(cart.total([1, 2]), 3));
test('the highest', () => assert.equal(cart.highest([1, 3, 2]), 3));
`;

/** @param configuration its `pawl.yaml`, but for the checks */
export const newCart = (configuration = ''): string =>
  newRepository({
    'cart.js': CART,
    'test/cart.test.js': TEST,
    'pawl.yaml': `checks:\n  - { name: tests, run: [node, --test] }\n${configuration}`,
  });

export interface Way {
  readonly inputs: Readonly<Record<string, string>>;
  /** The titles of its tasks, in their order but for those that work beside each other. */
  readonly skills: readonly string[];
  /** The gates at which a person decides, besides the delivery. */
  readonly gates: readonly string[];
  /** What holds of the cart afterwards, and did not before. */
  readonly holds: string;
  /** The files that it changes. */
  readonly files: readonly string[];
}

const REPRODUCE = 'node -e "require(\'./cart.js\').total([])"';
export const WAYS = {
  feature: {
    inputs: { goal: 'A cart tells the average of its prices, 0 where there is none' },
    skills: ['plan', 'build', 'review (correctness)', 'review (simplicity)', 'Pull request and merge'].map(
      (skill) => `${skill}: A change of ordinary size`,
    ),
    gates: ['plan-is-right'],
    holds: 'assert.equal(cart.average([1, 3]), 2); assert.equal(cart.average([]), 0)',
    files: ['cart.js', 'test/average.test.js'],
  },
  bugfix: {
    inputs: { report: 'The total of an empty cart throws, and should be 0', reproduce: REPRODUCE },
    skills: [
      ...['Reproduce it', 'Follow it', 'Why it happens', 'Mend it', 'Hold it', 'Is it gone?', 'Review'],
      ...['Pull request and merge', 'Look back'],
    ].map((skill) => `${skill}: From a report of a fault to its merged fix`),
    gates: ['repro', 'diagnosis', 'review'],
    holds: 'assert.equal(cart.total([]), 0); assert.equal(cart.highest([]), 0)',
    files: ['cart.js', 'test/edges.test.js', 'test/empty.test.js'],
  },
} as const satisfies Readonly<Record<string, Way>>;
export type LoopName = keyof typeof WAYS;

/** By nothing but git and node, in a fresh clone. */
export async function judge(repository: string, { holds }: Way) {
  const clone = scratchFolder('judged');
  userGit(clone, 'clone', '-q', repository, '.');
  const first = userGit(clone, 'rev-list', '--max-parents=0', 'HEAD');
  const passes = async (...args: readonly string[]) =>
    (await execa('node', args, { cwd: clone, reject: false })).exitCode === 0;
  const asserts = `const assert = require('node:assert'); const cart = require('./cart.js'); ${holds}`;
  const own = await passes('--test');
  const merges = userGit(clone, 'rev-list', '--count', '--first-parent', `${first}..HEAD`);
  const files = userGit(clone, 'diff', '--name-only', first, 'HEAD').split('\n');
  const after = await passes('-e', asserts);
  // What was asked before the change is still answered.
  userGit(clone, 'checkout', '-q', first, '--', 'test');
  const before = await passes('--test', 'test/cart.test.js');
  userGit(clone, 'checkout', '-q', first, '--', 'cart.js');
  return { own, before, after, merges: Number(merges), files, held: await passes('-e', asserts) };
}

/** What `judge` says where all is well. */
export const well = ({ files }: Way) => ({
  ...{ own: true, before: true, after: true, merges: 1, files: [...files], held: false },
});
