/**
 * Any change against any state of the files, with plain git on a copy as the oracle: a branch moves with its files only where
 * `git merge` would do the same, to the byte; else nothing is touched. Where nothing is in the way, it does move.
 */
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moveBranch } from '../../../../src/adapters/forges/local/move-branch.ts';
import { readBranches } from '../../../../src/adapters/git/plain-refs.ts';
import { openRepository } from '../../../../src/adapters/repository/find-repository.ts';
import { commitFiles, filesBelow, scratchFolder, userGit } from '../../scratch-repository.ts';

const RUNS = 25;

/** Few names, so that files, folders and links meet under the same one. */
const PATHS = ['a', 'b', 'a/x', 'a/y', 'b/x', 'a/x/z', 'A', 'c.log', 'a/i.log'] as const;
const KINDS = ['one', 'two', 'program', 'link'] as const;
type Files = Readonly<Record<string, (typeof KINDS)[number] | 'mine' | 'gone'>>;

const files = fc.dictionary(fc.constantFrom(...PATHS), fc.constantFrom(...KINDS), { maxKeys: 5 });
const noise = fc.dictionary(fc.constantFrom(...PATHS), fc.constantFrom('mine', 'gone', 'link', 'one'), {
  maxKeys: 2,
});

/** Puts files there; one that would be in or above another is left out. */
function write(folder: string, wanted: Files): void {
  for (const [path, kind] of Object.entries(wanted)) {
    const at = join(folder, path);
    try {
      if (kind === 'gone') rmSync(at, { recursive: true, force: true });
      else mkdirSync(dirname(at), { recursive: true });
      if (kind === 'gone') continue;
      if (kind === 'link') symlinkSync('b', at);
      else writeFileSync(at, `${kind}\n`);
      if (kind === 'program') chmodSync(at, 0o755);
    } catch (error) {
      if (!/EEXIST|ENOTDIR|EISDIR|ELOOP|ENOENT|symbolic links/.test(String(error))) throw error;
    }
  }
}

function commit(repository: string, wanted: Files, name: string): string {
  for (const path of PATHS) rmSync(join(repository, path), { recursive: true, force: true });
  write(repository, wanted);
  // What is ignored can be known to git all the same.
  userGit(repository, 'add', '--all', '--force');
  return commitFiles(repository, { always: name });
}

function seen(repository: string): object {
  const bytes = (path: string) => {
    const at = join(repository, path);
    const kind = lstatSync(at);
    return kind.isSymbolicLink()
      ? `-> ${readlinkSync(at)}`
      : `${kind.mode & 0o100} ${readFileSync(at, 'utf8')}`;
  };
  return {
    files: filesBelow(repository).map((path) => [path, bytes(path)]),
    index: userGit(repository, 'ls-files', '-s'),
    status: userGit(repository, 'status', '--porcelain', '--ignored', '--untracked-files=all'),
    main: userGit(repository, 'rev-parse', 'main', 'HEAD'),
  };
}

function merges(repository: string, to: string): boolean {
  try {
    userGit(repository, 'merge', '-q', '--ff-only', to);
    return true;
  } catch {
    return false;
  }
}

it('moves files as git does, or touches nothing', async () => {
  let moves = 0;
  const property = fc.asyncProperty(files, files, noise, async (before, after, mine) => {
    const path = scratchFolder('any');
    userGit(path, 'init', '-q', '-b', 'main');
    writeFileSync(join(path, '.git/info/exclude'), '*.log\n');
    const from = commit(path, before, 'before');
    const to = commit(path, after, 'after');
    userGit(path, 'reset', '-q', '--hard', from);
    write(path, mine);
    const twin = scratchFolder('twin');
    cpSync(path, twin, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    const untouched = seen(path);
    const repository = await openRepository(path);
    const branch = (await readBranches(repository, ['refs/heads/main'])).get('refs/heads/main');
    const moved = await moveBranch(repository, { ref: 'refs/heads/main', from: branch, to, why: 'test' });
    if (moved.kind === 'moved') {
      moves += 1;
      expect(merges(twin, to)).toBe(true);
      expect(seen(path)).toEqual(seen(twin));
    } else {
      expect(Object.keys(mine)).not.toEqual([]);
      expect(moved).toMatchObject({ kind: 'busy', why: expect.stringMatching(/\w/), where: path });
      expect(seen(path)).toEqual(untouched);
    }
  });
  await fc.assert(property, { numRuns: RUNS });
  // Were everything refused, nothing would be shown.
  expect(moves).toBeGreaterThan(0);
}, 120_000);
