/** Moving a branch with its files where git itself would go wrong half-way, or leave something behind. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { moveBranch } from '../../../../src/adapters/forges/local/move-branch.ts';
import { readBranches } from '../../../../src/adapters/git/plain-refs.ts';
import { openRepository } from '../../../../src/adapters/repository/find-repository.ts';
import { commitFiles, filesBelow, newRepository, scratchFolder, userGit } from '../../scratch-repository.ts';

vi.mock('node:fs/promises', { spy: true });

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

/** Without the content of its last file, so that git writes all but that. */
function withoutLast(repository: string, commit: string): void {
  const blob = userGit(repository, 'rev-parse', `${commit}:zz/last.txt`);
  rmSync(join(repository, '.git/objects', blob.slice(0, 2), blob.slice(2)));
}

it('puts everything back where git stops half-way', async () => {
  const repository = newRepository({ 'a.txt': 'a\n', shape: 'file\n', 'form/x': 'x\n', 'z.txt': 'z\n' });
  const commit = ahead(repository, () => {
    for (const path of ['shape', 'form', 'z.txt']) rmSync(join(repository, path), { recursive: true });
    commitFiles(repository, { 'a.txt': 'b\n', 'new/deep/n.txt': 'n\n', 'shape/in': 'in\n', form: 'file\n' });
    commitFiles(repository, { 'zz/last.txt': 'last\n' });
  });
  const before = filesBelow(repository);
  withoutLast(repository, commit);
  const moved = await move(repository, commit);
  expect(moved).toMatchObject({ kind: 'busy', where: repository });
  expect(moved).toHaveProperty('why', expect.stringMatching(/ could not be written \(git read-tree /));
  expect(filesBelow(repository)).toEqual(before);
  expect(userGit(repository, '--no-optional-locks', 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'rev-parse', 'main')).not.toBe(commit);
});

/** As file systems refuse it: an immutable folder, a mount, a folder of somebody else's, a disk that is read-only. */
describe.each(['EPERM', 'EBUSY', 'EACCES', 'EROFS'])('a folder that cannot be removed (%s)', (code) => {
  it('keeps nothing else from being put back', async () => {
    const repository = newRepository({ 'a.txt': 'a\n', 'd/1': '1\n', 'form/x': 'x\n' });
    const commit = ahead(repository, () => {
      rmSync(join(repository, 'form'), { recursive: true });
      const files = { 'a.txt': 'b\n', 'd/2': '2\n', form: 'file\n', 'z.txt': 'z\n', 'zz/last.txt': 'last\n' };
      commitFiles(repository, files);
    });
    const before = filesBelow(repository);
    withoutLast(repository, commit);
    vi.mocked(rmdir).mockRejectedValue(Object.assign(new Error(`${code}: rmdir`), { code }));
    const moved = await move(repository, commit).finally(() => vi.mocked(rmdir).mockRestore());
    expect(moved).toMatchObject({ kind: 'busy', where: repository });
    expect(moved).toHaveProperty(
      'why',
      expect.stringMatching(/ could not be written \(git read-tree .*\)$/s),
    );
    expect(filesBelow(repository)).toEqual(before);
    expect(userGit(repository, '--no-optional-locks', 'status', '--porcelain')).toBe('');
  });
});

it('names what could not be put back', async () => {
  const repository = newRepository({ 'a.txt': 'a\n' });
  const commit = ahead(
    repository,
    () => void commitFiles(repository, { 'a.txt': 'b\n', 'new/n.txt': 'n\n', 'zz/last.txt': 'last\n' }),
  );
  withoutLast(repository, commit);
  vi.mocked(unlink).mockRejectedValue(Object.assign(new Error('EPERM: unlink'), { code: 'EPERM' }));
  const moved = await move(repository, commit).finally(() => vi.mocked(unlink).mockRestore());
  expect(moved).toHaveProperty(
    'why',
    expect.stringMatching(/ could not be written .*, and this could not be put back: new\/n\.txt$/s),
  );
  expect(userGit(repository, 'status', '--porcelain', '--untracked-files=all')).toBe('?? new/n.txt');
});

/** Whether this user may make files immutable, on this file system. */
function mayFreeze(): boolean {
  const folder = scratchFolder('frozen');
  try {
    execFileSync('chattr', ['+i', folder], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it.runIf(mayFreeze()).each(['d', 'zb.txt'])(
  'puts everything back beside %s, which is immutable',
  async (frozen) => {
    const repository = newRepository({ 'a.txt': 'a\n', 'd/1': '1\n', 'zb.txt': 'z\n' });
    const commit = ahead(
      repository,
      () =>
        void commitFiles(repository, { 'a.txt': 'b\n', 'd/2': '2\n', 'zb.txt': 'y\n', 'zz/n.txt': 'n\n' }),
    );
    execFileSync('chattr', ['+i', join(repository, frozen)]);
    try {
      expect(await move(repository, commit)).toMatchObject({
        why: expect.stringMatching(/ could not be written \(git read-tree .*\)$/s),
      });
    } finally {
      execFileSync('chattr', ['-i', join(repository, frozen)]);
    }
    expect(userGit(repository, '--no-optional-locks', 'status', '--porcelain')).toBe('');
    expect(await move(repository, commit)).toEqual({ kind: 'moved' });
  },
);

describe('a name that is not text', () => {
  const at = (repository: string) =>
    Buffer.concat([Buffer.from(`${repository}/aa`), Buffer.from([0xff]), Buffer.from('.txt')]);
  /** Adds it, and more. */
  const adding = () => {
    const repository = newRepository({ 'a.txt': 'a\n', '.gitignore': 'aa*\n' });
    const commit = ahead(repository, () => {
      writeFileSync(at(repository), 'task');
      userGit(repository, 'add', '--all', '--force');
      commitFiles(repository, { 'zz/last.txt': 'last\n' });
    });
    return { repository, commit };
  };

  it('is put back as well where git stops half-way', async () => {
    const { repository, commit } = adding();
    withoutLast(repository, commit);
    expect(await move(repository, commit)).toHaveProperty(
      'why',
      expect.stringMatching(/ could not be written /),
    );
    expect(userGit(repository, 'status', '--porcelain', '--ignored')).toBe('');
  });

  it('is not written over where it stands in the way and git ignores it', async () => {
    const { repository, commit } = adding();
    writeFileSync(at(repository), 'mine');
    expect(await move(repository, commit)).toHaveProperty(
      'why',
      expect.stringMatching(/^aa.\.txt, which git ignores, is in the way in /),
    );
    expect(readFileSync(at(repository), 'utf8')).toBe('mine');
  });
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
