/** What is found out about a user's repository before a task starts, and in which words it is refused. */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBranchName, similarNames } from '../../../src/adapters/git/branch-names.ts';
import {
  fileAtCommit,
  findRepository,
  inspectRepository,
} from '../../../src/adapters/repository/find-repository.ts';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../scratch-repository.ts';

describe('inspectRepository', () => {
  it('finds the top, the checked out branch and its commit from any folder in it', async () => {
    const repository = newRepository();
    const baseCommit = userGit(repository, 'rev-parse', 'HEAD');
    const found = { repository, base: 'main', baseCommit, dirty: false };
    expect(await inspectRepository(repository)).toEqual(found);
    expect(await inspectRepository(join(repository, 'src'))).toEqual(found);
    const link = join(scratchFolder(), 'link');
    symlinkSync(join(repository, 'src'), link);
    expect(await inspectRepository(link)).toEqual(found);
    put(repository, { 'new.txt': 'n' });
    expect(await inspectRepository(repository)).toEqual({ ...found, dirty: true });
  });

  it.each<[what: string, change: (path: string) => void, dirty: boolean]>([
    ['touched', (path) => utimesSync(path, 1, 1), false],
    ['written again', (path) => writeFileSync(path, readFileSync(path)), false],
    ['made longer', (path) => appendFileSync(path, 'more\n'), true],
    ['made executable', (path) => chmodSync(path, 0o755), true],
    ['removed', (path) => rmSync(path), true],
  ])('says of a file with a filter that was %s what can be told without it', async (_, change, dirty) => {
    const repository = newRepository({ 's.f': 'bcd\n', '.gitattributes': '*.f filter=turn\n' });
    userGit(repository, 'config', 'filter.turn.clean', 'tr a-y b-z');
    userGit(repository, 'config', 'filter.turn.smudge', 'tr b-z a-y');
    const path = join(repository, 's.f');
    rmSync(path);
    userGit(repository, 'checkout', '-q', '--', 's.f');
    expect(readFileSync(path, 'utf8')).toBe('abc\n');
    change(path);
    expect(await inspectRepository(repository)).toMatchObject({ dirty });
    put(repository, { 'a.txt': 'a\n' });
    expect(await inspectRepository(repository)).toMatchObject({ dirty: true });
  });

  it('takes another branch than the one that is checked out', async () => {
    const repository = newRepository();
    const main = userGit(repository, 'rev-parse', 'HEAD');
    userGit(repository, 'checkout', '-q', '-b', 'feature/ünïcode');
    const tip = commitFiles(repository, { x: 'x' });
    expect(await inspectRepository(repository)).toMatchObject({ base: 'feature/ünïcode', baseCommit: tip });
    for (const base of ['main', 'refs/heads/main']) {
      expect(await inspectRepository(repository, base)).toMatchObject({ base: 'main', baseCommit: main });
    }
  });

  it('knows bare repositories, linked working trees, submodules and odd folder names', async () => {
    const folder = join(scratchFolder(), 'odd "name"\nwith $(line) end');
    mkdirSync(folder);
    userGit(folder, 'init', '-q', '-b', 'main');
    commitFiles(folder, { x: 'x' });
    expect(await inspectRepository(folder)).toMatchObject({ repository: folder, base: 'main' });
    const bare = scratchFolder('bare');
    userGit(folder, 'clone', '-q', '--bare', folder, bare);
    expect(await inspectRepository(bare)).toMatchObject({ repository: bare, base: 'main', dirty: false });
    const linked = join(scratchFolder(), 'linked');
    userGit(folder, 'worktree', 'add', '-q', '-b', 'side', linked);
    expect(await inspectRepository(linked)).toMatchObject({ repository: linked, base: 'side' });
    const outer = newRepository();
    userGit(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', bare, 'sub');
    expect(await inspectRepository(join(outer, 'sub'))).toMatchObject({ repository: join(outer, 'sub') });
  });

  it.each([
    ['nothing', () => join(scratchFolder(), 'none'), undefined, /none does not exist: name the folder/],
    ['a file', () => join(newRepository(), 'a.txt'), undefined, /is a file: name the folder/],
    ['a folder', () => scratchFolder(), undefined, /is not a git repository: run `git init`/],
    [
      'the inside of .git',
      () => join(newRepository(), '.git'),
      undefined,
      /not in a working tree: name the top/,
    ],
    ['a typing error', () => newRepository(), 'mian', /has no branch "mian": expected one such as main/],
    ['a tag', () => tagged(), 'v1', /has no branch "v1": expected one such as main/],
    ['a revision', () => newRepository(), 'main~1', /"main~1" cannot be the name of a branch/],
    ['an option', () => newRepository(), '--all', /"--all" cannot be the name of a branch/],
    ['lines', () => newRepository(), 'main\nmain', /cannot be the name of a branch/],
    ['an empty name', () => newRepository(), '', /cannot be the name of a branch/],
    ['no commit', () => empty(), undefined, /has no commits: commit something first/],
    [
      'no branch',
      () => detached(),
      undefined,
      /no branch is checked out in .*: name the base branch with --base/,
    ],
    ['other object names', () => sha256(), undefined, /uses sha256 object names/],
    ['another working tree', () => elsewhere('/'), undefined, /core\.worktree in the configuration/],
    ['a working tree around', () => elsewhere('..'), undefined, /core\.worktree in the configuration/],
  ])('refuses %s in one line', async (_, path, base, message) => {
    const refused = inspectRepository(path(), base);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: 'PawlError', code: 'precondition' });
  });

  it('names up to five branches that are meant perhaps', async () => {
    const repository = newRepository();
    for (let number = 0; number < 8; number += 1) userGit(repository, 'branch', `feature/login-${number}`);
    await expect(inspectRepository(repository, 'feature/logni-1')).rejects.toThrow(
      /expected one such as feature\/login-1(, feature\/login-\d){4}$/,
    );
    await expect(inspectRepository(repository, 'zzz')).rejects.toThrow(/expected one such as feature/);
  });

  it('names none of the branches of tasks, on which nobody wants to build', async () => {
    const repository = newRepository();
    userGit(repository, 'branch', 'pawl/mian');
    await expect(inspectRepository(repository, 'mian')).rejects.toThrow(/expected one such as main$/);
    userGit(repository, 'branch', '-m', 'main', 'pawl/other');
    await expect(inspectRepository(repository, 'main')).rejects.toThrow(/has no branch "main"$/);
  });
});

const tagged = (): string => {
  const repository = newRepository();
  userGit(repository, 'tag', 'v1');
  return repository;
};
const empty = (): string => {
  const repository = scratchFolder();
  userGit(repository, 'init', '-q', '-b', 'main');
  return repository;
};
const detached = (): string => {
  const repository = newRepository();
  userGit(repository, 'checkout', '-q', '--detach');
  return repository;
};
const sha256 = (): string => {
  const repository = scratchFolder();
  userGit(repository, 'init', '-q', '--object-format=sha256');
  return repository;
};
const elsewhere = (worktree: string): string => {
  const repository = join(newRepository(), 'inner');
  mkdirSync(repository);
  userGit(repository, 'init', '-q');
  userGit(repository, 'config', 'core.worktree', worktree === '/' ? '/' : join(repository, worktree));
  return repository;
};

it('reads a file of the base, not of the working tree', async () => {
  const repository = newRepository({ 'pawl.yaml': 'base' });
  writeFileSync(join(repository, 'pawl.yaml'), 'changed');
  const { baseCommit } = await findRepository(repository, 'main');
  expect(await fileAtCommit(repository, baseCommit, 'pawl.yaml')).toBe('base');
  expect(await fileAtCommit(repository, baseCommit, 'none.yaml')).toBeUndefined();
  await expect(findRepository(repository, 'none')).rejects.toMatchObject({ code: 'precondition' });
});

describe('names of branches', () => {
  it('are those that git allows', () => {
    const repository = newRepository();
    const letters = fc.constantFrom(
      'a',
      '/',
      '.',
      '-',
      '@',
      '{',
      '~',
      '^',
      ':',
      '?',
      '*',
      '[',
      '\\',
      ' ',
      'lock',
      '\t',
      'é',
    );
    const names = fc.array(letters, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(names, (name) => {
        let allowed = true;
        try {
          userGit(repository, 'check-ref-format', `refs/heads/${name}`);
        } catch {
          allowed = false;
        }
        expect(isBranchName(name), name).toBe(allowed && name !== '@' && !name.startsWith('-'));
      }),
      { numRuns: 150 },
    );
  });

  it('are suggested by likeness, the same one first', () => {
    const words = fc.stringMatching(/^[a-z]{2,8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(words, { minLength: 1, maxLength: 10 }), fc.nat(9), (names, at) => {
        const asked = names[at % names.length] ?? '';
        const found = similarNames(asked, names, 3);
        expect(found[0]).toBe(asked);
        expect(found.length).toBeLessThanOrEqual(3);
        for (const one of found) expect(names).toContain(one);
      }),
    );
    expect(similarNames('qqq', ['main'], 5)).toEqual([]);
  });
});
