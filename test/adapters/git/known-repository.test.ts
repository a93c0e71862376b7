/** What git once said of a repository is believed only as long as it would say the same again. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRepository } from '../../../src/adapters/repository/find-repository.ts';
import { newRepository, scratchFolder, userGit } from '../scratch-repository.ts';

const CHANGES: readonly (readonly [string, (repository: string) => void, RegExp])[] = [
  [
    'gets another working tree',
    (repository) => userGit(repository, 'config', 'core.worktree', '/'),
    /core.worktree|working tree/,
  ],
  [
    'is no repository any more',
    (repository) => rmSync(join(repository, '.git'), { recursive: true }),
    /not a git repository/,
  ],
  ['loses its HEAD', (repository) => rmSync(join(repository, '.git', 'HEAD')), /not a git repository/],
  [
    'becomes a file',
    (repository) => {
      rmSync(repository, { recursive: true });
      writeFileSync(repository, '');
    },
    /is a file/,
  ],
  ['is gone', (repository) => rmSync(repository, { recursive: true }), /does not exist/],
];

it.each(CHANGES)('a known repository that %s is refused', async (_, change, words) => {
  const repository = newRepository();
  expect(await openRepository(repository)).toBe(await openRepository(repository));
  change(repository);
  await expect(openRepository(repository)).rejects.toMatchObject({
    code: 'precondition',
    message: expect.stringMatching(words),
  });
});

it('a known repository that moves its git folder elsewhere is looked at anew', async () => {
  const repository = newRepository();
  const { commonDir } = await openRepository(repository);
  expect(commonDir).toBe(join(repository, '.git'));
  const moved = join(scratchFolder(), 'elsewhere');
  renameSync(commonDir, moved);
  writeFileSync(join(repository, '.git'), `gitdir: ${moved}\n`);
  expect(await openRepository(repository)).toMatchObject({ commonDir: moved });
});

it('a folder in a known repository that becomes one itself is the one that is meant', async () => {
  const repository = newRepository();
  const inner = join(repository, 'src');
  expect(await openRepository(inner)).toMatchObject({ top: repository });
  userGit(inner, 'init', '-q');
  expect(await openRepository(inner)).toMatchObject({ top: inner });
});
