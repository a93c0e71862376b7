/** Each check runs twice where an agent touched what judges it: as it was left, and as the base commit has it. */
import { describe, expect, it } from 'vitest';
import { check as checkWith } from './check-rig.ts';

/** A runner as most are: what a configuration says, it does; no test at all is a failure. */
const RUNNER = `
const { existsSync, readdirSync } = require('node:fs');
if (existsSync('vitest.config.ts')) process.exit(0);
const tests = existsSync('test') ? readdirSync('test') : [];
if (tests.includes('conftest.py')) process.exit(0);
if (tests.length === 0) process.exit(1);
process.exit(tests.some((name) => name.startsWith('failing')) ? 1 : 0);`;

const check = (
  base: Readonly<Record<string, string>>,
  work: Readonly<Record<string, string>>,
  protect?: readonly string[],
) => checkWith(base, work, [process.execPath, '-e', RUNNER], { protect });

const FAILING = { 'test/failing.test.js': 'base' };
const PASSING = { 'test/passing.test.js': 'base' };

describe('files that an agent adds', () => {
  it.each([
    ['vitest.config.ts', 'a configuration'],
    ['test/conftest.py', 'a set-up file'],
  ])('%s, %s, is not there when the base is asked', async (path) => {
    expect(await check(FAILING, { [path]: 'skip all' })).toEqual([
      { passed: true },
      { passed: false, restored: [`no ${path}`] },
    ]);
  });

  it('and tests as well as work pass both runs', async () => {
    expect(await check(PASSING, { 'b.txt': 'b', 'test/more.test.js': 'new' })).toEqual([
      { passed: true },
      { passed: true, restored: ['no test/more.test.js'] },
    ]);
  });

  it('count in the first run: a new test that fails is a failure', async () => {
    expect(await check(PASSING, { 'test/failing.test.js': 'new' })).toEqual([{ passed: false }]);
  });

  it('stay where the base has no test that a first one could hide', async () => {
    expect(await check({}, { 'test/first.test.js': 'new' })).toEqual([{ passed: true }]);
    expect(await check({}, { 'test/first.test.js': 'new', 'vitest.config.ts': 'skip all' })).toEqual([
      { passed: true },
      { passed: true, restored: ['no vitest.config.ts'] },
    ]);
  });

  it('are named beside those that were changed', async () => {
    const changed = { 'test/passing.test.js': 'weaker', 'test/more.test.js': 'new' };
    expect(await check(PASSING, changed)).toEqual([
      { passed: true },
      { passed: true, restored: ['test/passing.test.js', 'no test/more.test.js'] },
    ]);
  });

  it('stay where pawl.yaml protects nothing', async () => {
    expect(await check(FAILING, { 'vitest.config.ts': 'skip all' }, [])).toEqual([{ passed: true }]);
  });
});
