/** A merge writes and compares the files of a checkout as the user's own git does, by settings of the user's too. */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newWorld, put, ready, scratchFolder, userGit } from '../scratch-repository.ts';

/** Of the user whose git the tests run. */
const home = dirname(scratchFolder());
beforeEach(() => {
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const name of ['.gitconfig', '.config']) rmSync(join(home, name), { recursive: true, force: true });
});

const ROWS: readonly (readonly [string, (repository: string) => void, RegExp | undefined])[] = [
  [
    'attributes of theirs that name a filter',
    () => put(home, { '.config/git/attributes': '*.txt filter=theirs\n' }),
    /^new\.txt goes through the filter theirs/,
  ],
  [
    'a file of attributes elsewhere',
    (repository) => {
      put(home, { 'my attributes': 'new.txt filter=theirs\n' });
      userGit(repository, 'config', '--global', 'core.attributesFile', '~/my attributes');
    },
    /^new\.txt goes through the filter theirs/,
  ],
  [
    'a file of attributes that the repository names',
    (repository) => {
      put(home, { 'its attributes': 'new.txt filter=its\n' });
      userGit(repository, 'config', 'core.attributesFile', join(home, 'its attributes'));
    },
    /^new\.txt goes through the filter its/,
  ],
  [
    'line ends of their own',
    (repository) => userGit(repository, 'config', '--global', 'core.autocrlf', 'true'),
    undefined,
  ],
  [
    'line ends of their own that the repository has otherwise',
    (repository) => {
      userGit(repository, 'config', '--global', 'core.autocrlf', 'true');
      userGit(repository, 'config', 'core.autocrlf', 'false');
    },
    undefined,
  ],
  [
    'modes that do not count',
    (repository) => {
      userGit(repository, 'config', '--unset', 'core.fileMode');
      userGit(repository, 'config', '--global', 'core.fileMode', 'false');
      userGit(repository, '-c', 'core.fileMode=true', 'update-index', '--chmod=+x', 'a.txt');
      userGit(repository, 'commit', '-q', '-m', 'executable');
    },
    undefined,
  ],
];

it('a file that their own git ignores is called so, and the command that is printed does not overwrite it', async () => {
  const world = newWorld();
  const { forge, merge, repository } = await ready(world, { 'new.txt': 'one\n' });
  put(home, { '.config/git/ignore': 'new.txt\n' });
  put(repository, { 'new.txt': 'mine' });
  expect(await forge.merge(merge)).toMatchObject({
    takeReason: expect.stringMatching(/^new\.txt, which git ignores, is in the way in /),
    takeCommand: expect.stringContaining(' --ff-only --no-overwrite-ignore '),
  });
});

it.each(ROWS)('%s', async (_, set, kept) => {
  const world = newWorld();
  const { repository } = world;
  set(repository);
  const { forge, merge } = await ready(world, { 'new.txt': 'one\ntwo\n' });
  const merged = await forge.merge(merge);
  if (kept !== undefined) {
    expect(merged).toMatchObject({ takeReason: expect.stringMatching(kept) });
    return;
  }
  expect(merged).not.toHaveProperty('takeReason');
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  const written = readFileSync(join(repository, 'new.txt'));
  rmSync(join(repository, 'new.txt'));
  userGit(repository, 'checkout', '-q', '--', 'new.txt');
  expect(written).toEqual(readFileSync(join(repository, 'new.txt')));
});
