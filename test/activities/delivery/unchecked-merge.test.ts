/** The base gets exactly what was checked: where the merge would hold anything else, nothing is moved. */
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { commitFiles, newTask, put, scratchFolder, userGit } from '../../adapters/scratch-repository.ts';
import { begun, expectAsChecked, expectMergedOnce } from './outcome.ts';
import { after, Story } from './story.ts';

const ONE_STEP = join(import.meta.dirname, 'fixtures', 'one-step.ts');
const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** A git that writes the merge of a pull request with the tree of its first parent. */
const LIAR = `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const at = args.indexOf('commit-tree');
const input = at < 0 ? undefined : readFileSync(0);
if (input?.includes('Merge pull request')) args[at + 1] = args[at + 3] + '^{tree}';
const stdio = [at < 0 ? 'inherit' : 'pipe', 'inherit', 'inherit'];
process.exit(spawnSync(${JSON.stringify(REAL_GIT)}, args, { input, stdio }).status ?? 1);
`;

it('a merge that holds something else is not made, and says whose fault that is', async () => {
  const story = await begun();
  await story.reach('merge');
  const folder = scratchFolder('bin');
  writeFileSync(join(folder, 'git'), LIAR);
  chmodSync(join(folder, 'git'), 0o755);
  const { places, repository, baseCommit } = story.world;
  const ended = await execa('node', [ONE_STEP], {
    input: JSON.stringify({ places, step: 'merge', input: story.inputOf('merge') }),
    env: { PATH: `${folder}:${process.env.PATH}` },
    reject: false,
  });
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).toMatch(/does not hold what was checked in [0-9a-f]{40}: main was not moved/);
  expect(userGit(repository, 'rev-parse', 'main')).toBe(baseCommit);
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  // With a git that does what it is told nothing is in the way.
  const merged = await story.finish('merge');
  expectMergedOnce(story, merged, {});
  expectAsChecked(story, merged.commit);
});

it('a change without the base that it is about is merged with it first, and not by the forge', async () => {
  const story = await begun();
  await story.reach('merge');
  const { repository, workspaces, task, baseCommit } = story.world;
  const base = commitFiles(repository, { 'new.txt': 'theirs\n' });
  // The note of the conflict is lost, so that what is shown next stands on the older base alone.
  await workspaces.mergeBase(task, story.commit, baseCommit, base);
  await workspaces.restore(task, story.commit);
  story.baseCommit = base;
  const merged = await story.finish('merge');
  expectMergedOnce(story, merged, {});
  expectAsChecked(story, merged.commit);
  expect(userGit(repository, 'show', 'main:new.txt')).toBe('solved');
});

it('what a killed merge of another task has left in the checkout is no reason to keep this one aside', async () => {
  const killed = await begun();
  const { world } = killed;
  const task = newTask(world.repository);
  const { path } = await world.workspaces.prepare(task);
  put(path, { 'other.txt': 'other' });
  const other = new Story({ ...world, task }, path);
  for (const story of [killed, other]) await story.reach('merge');
  await killed.die(after('merge', 'read-tree -m'));
  expect(userGit(world.repository, 'status', '--porcelain')).toBe('A  new.txt');
  expect(await other.finish('merge')).not.toHaveProperty('takeCommand');
  const merged = await killed.finish('merge');
  expect(merged).not.toHaveProperty('takeCommand');
  expectAsChecked(killed, merged.commit);
  const files = userGit(world.repository, 'ls-tree', '--name-only', 'main').split('\n');
  expect(files).toEqual(expect.arrayContaining(['new.txt', 'other.txt']));
  expect(userGit(world.repository, 'status', '--porcelain')).toBe('');
});
