/** The printed command where the user's own git cannot write files of a filter that it requires: it takes the merge all the same. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitFiles, newWorld, put, ready, SEED, userGit } from '../../scratch-repository.ts';

const ATTRIBUTES = '*.f filter=strip\n';
/** Takes what is stripped as it is, and every other file without its blanks. */
const CLEAN = 'tr -d " "';

const BROKEN: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'has no program that writes them': [],
  'has one that fails': [['filter.strip.smudge', 'false']],
  'has one that is not there': [['filter.strip.smudge', 'no-such-program %f']],
};

it.each(Object.entries(BROKEN))('where it %s', async (_, settings) => {
  const world = newWorld({ ...SEED, '.gitattributes': ATTRIBUTES, 's.f': 's\n', 'u.f': 'u\n' });
  const { repository, workspaces, task, forge } = world;
  const { path } = await workspaces.prepare(task);
  for (const [name, value] of [['filter.strip.clean', CLEAN], ['filter.strip.required', 'true'], ...settings])
    userGit(repository, 'config', name ?? '', value ?? '');
  // What git has already needs no filter.
  copyFileSync(join(path, 's.f'), join(path, 'u.f'));
  const { merge } = await ready(world, { 'a.txt': 'changed\n' });
  const merged = await forge.merge(merge);
  if (merged.kind !== 'merged') throw new Error(`expected a merge, got ${merged.kind}`);
  expect(merged.takeReason).toBe('u.f goes through the filter strip, which only your own git may run');
  execFileSync('sh', ['-c', merged.takeCommand ?? ''], { stdio: 'pipe' });
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'rev-parse', 'main')).toBe(merged.commit);
});

it('of a filter that the change brings, and with other files of the base in between', async () => {
  const world = newWorld({ ...SEED, 's.f': 's\n' });
  const { repository, forge } = world;
  userGit(repository, 'config', 'filter.strip.clean', CLEAN);
  userGit(repository, 'config', 'filter.strip.required', 'true');
  const { merge } = await ready(world, { '.gitattributes': ATTRIBUTES, 't.f': 's\n' });
  const merged = await forge.merge(merge);
  if (merged.kind !== 'merged') throw new Error(`expected a merge, got ${merged.kind}`);
  commitFiles(repository, { 'later.txt': 'later\n' });
  execFileSync('sh', ['-c', merged.takeCommand ?? ''], { stdio: 'pipe', env: { ...process.env, ...WHO } });
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'show', 'main:t.f')).toBe('s');
});

const WHO = {
  GIT_AUTHOR_NAME: 'User',
  GIT_AUTHOR_EMAIL: 'user@example.org',
  GIT_COMMITTER_NAME: 'User',
  GIT_COMMITTER_EMAIL: 'user@example.org',
};

it('is not changed for a filter that nothing of the change goes through', async () => {
  const world = newWorld({ ...SEED, '.gitattributes': ATTRIBUTES, 's.f': 's\n' });
  const { repository, forge } = world;
  userGit(repository, 'config', 'filter.strip.required', 'true');
  const { merge } = await ready(world);
  put(repository, { 'a.txt': 'mine\n' });
  const merged = await forge.merge(merge);
  expect(merged).toHaveProperty('takeCommand', expect.not.stringContaining('required'));
});
