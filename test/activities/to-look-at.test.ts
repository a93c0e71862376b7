/** What an approval shows besides the diff: what a check is made of, and dependencies that come from elsewhere. */
import { expect, it } from 'vitest';
import type { Command } from '../../src/domain/task-spec.ts';
import { newWorld, workOn } from '../adapters/scratch-repository.ts';
import { deliveryIn } from './delivery/deps.ts';

async function shown(
  base: Readonly<Record<string, string>>,
  work: Readonly<Record<string, string>>,
  command: Command,
) {
  const world = newWorld({ 'a.txt': 'a', ...base });
  const { task, baseCommit, commit } = await workOn(world, world.task, work);
  const evidence = {
    ...{
      name: 'tests',
      command,
      commit,
      exitCode: 0,
      passed: true,
      durationMs: 1,
      output: 'digest',
      tail: '',
    },
  };
  const input = {
    task,
    attempt: 1,
    baseCommit,
    commit,
    summary: 'did it',
    evidence: [evidence],
    protect: [],
  };
  const published = await deliveryIn(world.places).publish(input);
  if (!('pullRequest' in published)) throw new Error('expected a pull request');
  const { flagged, remarks = [] } = published.pullRequest;
  return { flagged, remarks: remarks.map(({ path, why }) => `${path} ${why}`) };
}

it('names first what the check runs through, also where that is not protected', async () => {
  const base = {
    'ci/run.mjs': "import '../other/x.mjs';",
    'other/x.mjs': '',
    'src/main.js': '',
    'pom.xml': '',
  };
  const work = {
    'a.test.js': 'a',
    'ci/run.mjs': 'a',
    'other/x.mjs': 'a',
    'pom.xml': 'a',
    'src/main.js': 'a',
    'random.py': 'a',
  };
  expect(await shown(base, work, ['node', 'ci/run.mjs'])).toEqual({
    flagged: ['ci/run.mjs', 'other/x.mjs', 'random.py', 'a.test.js', 'pom.xml'],
    remarks: [],
  });
  expect((await shown(base, work, ['node', 'src/main.js'])).flagged).toContain('src/main.js');
});

it('says of a dependency that it is not the published one', async () => {
  const base = { 'package.json': '{"devDependencies":{"mocha":"^11.0.0","own":"file:./own"}}' };
  const now = {
    mocha: 'file:./fake',
    own: 'file:./own',
    chai: '^6.0.0',
    a: 'npm:b@1',
    c: 'workspace:*',
    d: 'owner/d',
  };
  const { flagged, remarks } = await shown(
    base,
    { 'package.json': JSON.stringify({ devDependencies: now }) },
    ['true'],
  );
  expect(flagged).toEqual(['package.json']);
  expect(remarks).toEqual([
    'package.json takes mocha from file:./fake, which is no published version of it',
    'package.json takes a from npm:b@1, which is no published version of it',
    'package.json takes d from owner/d, which is no published version of it',
  ]);
});
