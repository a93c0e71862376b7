/** Each check runs twice where an agent touched what judges it: as it was left, and as the base commit has it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import { createArtifactStore } from '../../src/adapters/files/artifact-store.ts';
import { matching } from '../../src/adapters/files/globs.ts';
import { createProgramRunner } from '../../src/adapters/programs/program-runner.ts';
import { createVariables } from '../../src/adapters/programs/variables.ts';
import { parseRepositoryConfig } from '../../src/adapters/repository/pawl-yaml.ts';
import { marksOf } from '../../src/domain/marks.ts';
import { PROTECTED } from '../../src/domain/protect.ts';
import { newWorld, scratchFolder, workOn } from '../adapters/scratch-repository.ts';

/** A runner as most are: what a configuration says, it does; no test at all is a failure. */
const RUNNER = `
const { existsSync, readdirSync } = require('node:fs');
if (existsSync('vitest.config.ts')) process.exit(0);
const tests = existsSync('test') ? readdirSync('test') : [];
if (tests.includes('conftest.py')) process.exit(0);
if (tests.length === 0) process.exit(1);
process.exit(tests.some((name) => name.startsWith('failing')) ? 1 : 0);`;

async function check(
  base: Readonly<Record<string, string>>,
  work: Readonly<Record<string, string>>,
  protect: readonly string[] = PROTECTED,
) {
  const world = newWorld({ 'a.txt': 'a', ...base });
  const { task, baseCommit, commit } = await workOn(world, world.task, work);
  const deps = {
    workspaces: world.workspaces,
    checkSpaces: world.checkSpaces,
    endMarked: async () => undefined,
    parseConfiguration: parseRepositoryConfig,
    programs: createProgramRunner({ environment: process.env }),
    artifacts: createArtifactStore(scratchFolder('artifacts')),
    marks: marksOf(world.places.home),
    matching,
    variables: createVariables(
      { envFile: join(world.places.home, '.env'), token: join(world.places.home, 'token') },
      process.env,
    ),
  };
  const checks = [{ name: 'tests', run: [process.execPath, '-e', RUNNER] }];
  const input = { task, attempt: 1, baseCommit, commit, checks, protect: [...protect] };
  const { evidence } = await runChecks(deps, input, { signal: new AbortController().signal });
  const left = Object.keys(work).every((path) => existsSync(join(world.workspaces.pathOf(task), path)));
  expect(left).toBe(true);
  return evidence.map(({ passed, restored }) => ({
    passed,
    ...(restored === undefined ? {} : { restored }),
  }));
}

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
