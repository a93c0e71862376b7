/** Moving a branch with its files where git itself would go wrong half-way, or leave something behind. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { moveBranch } from '../../../../src/adapters/forges/local/move-branch.ts';
import { readBranches } from '../../../../src/adapters/git/plain-refs.ts';
import { openRepository } from '../../../../src/adapters/repository/find-repository.ts';
import { commitFiles, filesBelow, newRepository, scratchFolder, userGit } from '../../scratch-repository.ts';

/** Moves `main` on from where it is. */
async function move(path: string, to: string) {
  const repository = await openRepository(path);
  const from = (await readBranches(repository, ['refs/heads/main'])).get('refs/heads/main');
  return moveBranch(repository, { ref: 'refs/heads/main', from, to, why: 'test' });
}

/** A commit on top of `main` that is not checked out. */
function ahead(repository: string, make: () => void): string {
  const main = userGit(repository, 'rev-parse', 'main');
  make();
  const commit = userGit(repository, 'rev-parse', 'HEAD');
  userGit(repository, 'reset', '-q', '--hard', main);
  return commit;
}

it('puts everything back where git stops half-way', async () => {
  const repository = newRepository({ 'a.txt': 'a\n', shape: 'file\n', 'form/x': 'x\n', 'z.txt': 'z\n' });
  const commit = ahead(repository, () => {
    for (const path of ['shape', 'form', 'z.txt']) rmSync(join(repository, path), { recursive: true });
    commitFiles(repository, { 'a.txt': 'b\n', 'new/deep/n.txt': 'n\n', 'shape/in': 'in\n', form: 'file\n' });
    commitFiles(repository, { 'zz/last.txt': 'last\n' });
  });
  const before = filesBelow(repository);
  const blob = userGit(repository, 'rev-parse', `${commit}:zz/last.txt`);
  rmSync(join(repository, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  const moved = await move(repository, commit);
  expect(moved).toMatchObject({ kind: 'busy', where: repository });
  expect(moved).toHaveProperty('why', expect.stringMatching(/ could not be written \(git read-tree /));
  expect(filesBelow(repository)).toEqual(before);
  expect(userGit(repository, '--no-optional-locks', 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'rev-parse', 'main')).not.toBe(commit);
});

it('leaves a submodule that is checked out to the user, and takes one along that is not', async () => {
  const inner = newRepository({ 'i.txt': '1\n' });
  const outer = newRepository();
  userGit(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
  userGit(outer, 'commit', '-q', '-m', 'with a submodule');
  const next = commitFiles(inner, { 'i.txt': '2\n' });
  const commit = ahead(outer, () => {
    userGit(outer, 'update-index', '--cacheinfo', `160000,${next},sub`);
    userGit(outer, 'commit', '-q', '-m', 'next');
  });
  const without = scratchFolder('without');
  userGit(outer, 'clone', '-q', '--no-recurse-submodules', outer, without);
  userGit(without, 'fetch', '-q', outer, commit);
  expect(await move(outer, commit)).toMatchObject({
    kind: 'busy',
    why: expect.stringMatching(/^the submodule sub is checked out in .*, and only your own git may move it$/),
  });
  expect(await move(without, commit)).toEqual({ kind: 'moved' });
  expect(userGit(without, 'status', '--porcelain')).toBe('');
});

it('stays where its working tree is on a disk that is not there, and moves where that was removed', async () => {
  const repository = newRepository();
  const commit = ahead(repository, () => void commitFiles(repository, { 'n.txt': 'n' }));
  const linked = join(scratchFolder(), 'linked');
  userGit(repository, 'switch', '-q', '-c', 'side');
  userGit(repository, 'worktree', 'add', '-q', linked, 'main');
  userGit(repository, 'worktree', 'lock', linked);
  rmSync(linked, { recursive: true });
  const why = `${linked} is locked and not there`;
  expect(await move(repository, commit)).toEqual({ kind: 'busy', why, where: linked });
  userGit(repository, 'worktree', 'unlock', linked);
  expect(await move(repository, commit)).toEqual({ kind: 'moved' });
});
