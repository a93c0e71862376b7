/** What becomes of a submodule that the engine checks out when an agent, or the base, moves it. Real git. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { FILES, working } from './submodule-rig.ts';

const atOf = (repository: string, commit: string, path = 'vendor/lib'): string =>
  userGit(repository, 'ls-tree', commit, path).slice(0, -path.length - 1);

describe('a commit of an agent’s in a submodule', () => {
  const inLibrary = async () => {
    const task = await working();
    const folder = join(task.path, 'vendor/lib');
    return { ...task, folder, made: commitFiles(folder, { 'lib.txt': 'two\n' }) };
  };

  it('that its remote does not have is refused, with the ways out, and nothing is run', async () => {
    const { check, made, library, repository } = await inLibrary();
    const before = userGit(repository, 'rev-parse', 'main:vendor/lib');
    expect(await check(['true'])).toMatchObject({
      evidence: [],
      problem: `submodule vendor/lib is at ${made}, which ${library} does not have: push it there, or put it back to ${before}`,
    });
  });

  it('that its remote has by now is what the checks find', async () => {
    const { check, folder, at, made, cleanUp } = await inLibrary();
    userGit(folder, ...FILES, 'push', '-q', 'origin', 'HEAD:refs/heads/more');
    const run = ['sh', '-c', 'grep -q two vendor/lib/lib.txt && test -e vendor/lib/inner/inner.txt'];
    expect(await check(run)).toMatchObject({ evidence: [{ passed: true }] });
    expect(userGit(join(at, 'vendor/lib'), 'rev-parse', 'HEAD')).toBe(made);
    expect(((await cleanUp()).kept ?? []).join()).not.toContain('submodule');
  });

  it('is kept where the task ends without a merge', async () => {
    const { check, cleanUp, repository, made, path } = await inLibrary();
    await check(['true']);
    put(path, { '.git/modules/vendor/lib/objects/info/alternates': '/nowhere\n' });
    const { kept = [] } = await cleanUp();
    const line = kept.find((one) => one.includes('submodule')) ?? '';
    expect(line).toContain('a commit of submodule vendor/lib: push it to the remote of that');
    expect(userGit(repository, 'rev-parse', line.split(' ')[0] ?? '')).toBe(made);
    expect(userGit(repository, 'show', `${made}:lib.txt`)).toBe('two');
    expect(userGit(repository, 'log', '--format=%s', made).split('\n')).toHaveLength(3);
  });

  it.each([
    ['where nobody has either', false],
    ['where its remote has the one that names it', true],
  ])('within a submodule is kept as well, %s', async (_, isPushed) => {
    const { path, folder, check, cleanUp, repository } = await inLibrary();
    const inner = commitFiles(join(folder, 'inner'), { 'inner.txt': 'mine\n' });
    userGit(folder, 'commit', '-qam', 'takes it');
    const outer = userGit(folder, 'rev-parse', 'HEAD');
    if (isPushed) userGit(folder, ...FILES, 'push', '-q', 'origin', 'HEAD:refs/heads/more');
    put(path, { 'y.txt': 'y\n' });
    const { problem } = await check(['true']);
    expect(problem).toContain(`is at ${isPushed ? inner : outer}, which`);
    const { kept = [] } = await cleanUp();
    for (const made of isPushed ? [inner] : [outer, inner])
      expect(userGit(repository, 'branch', '--contains', made)).toContain('.kept-');
    expect(kept.join()).toContain('a commit of submodule vendor/lib/inner: push it to the remote of that');
  });

  it('is there again where an attempt is put back to it, and gone where it is put back to the base', async () => {
    const { workspaces, task, folder, made, baseCommit, path, repository } = await inLibrary();
    const { tree } = await workspaces.snapshot(task);
    await workspaces.restore(task, baseCommit);
    expect(readFileSync(join(folder, 'lib.txt'), 'utf8')).toBe('one\n');
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
    await workspaces.restore(task, tree);
    expect(readFileSync(join(folder, 'lib.txt'), 'utf8')).toBe('two\n');
    expect(userGit(folder, 'rev-parse', 'HEAD')).toBe(made);
    expect((await workspaces.snapshot(task)).tree).toBe(tree);
    // Where nobody has it any more, nothing is taken for a change.
    await workspaces.restore(task, baseCommit);
    rmSync(join(path, '.git/modules'), { recursive: true });
    await workspaces.restore(task, tree);
    expect(readdirSync(folder)).toEqual([]);
    expect((await workspaces.snapshot(task)).tree).toBe(tree);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
  });

  it('is no way into the mirror', async () => {
    const { folder, places, made } = await inLibrary();
    const mirrors = readdirSync(places.mirrors, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.includes('submodules'),
    );
    userGit(folder, 'gc', '-q', '--prune=now');
    userGit(folder, 'branch', 'mine');
    expect(
      readdirSync(places.mirrors, { recursive: true, encoding: 'utf8' }).filter((one) =>
        one.includes('submodules'),
      ),
    ).toEqual(mirrors);
    expect(mirrors.join('\n')).not.toContain(made.slice(2));
  });
});

describe('what an agent makes of a submodule', () => {
  it.each<[string, (path: string) => void, string, string]>([
    [
      'a file',
      (path) => {
        rmSync(join(path, 'vendor/lib'), { recursive: true });
        writeFileSync(join(path, 'vendor/lib'), 'file\n');
      },
      'grep -q file vendor/lib',
      '100644 blob',
    ],
    [
      'a folder of its own files',
      (path) => {
        rmSync(join(path, 'vendor/lib'), { recursive: true });
        put(path, { 'vendor/lib/own.txt': 'own\n', '.gitmodules': '' });
      },
      'grep -q own vendor/lib/own.txt && test "$(ls -A vendor/lib)" = own.txt',
      '040000 tree',
    ],
    [
      'nothing',
      (path) => void userGit(path, 'rm', '-qf', 'vendor/lib'),
      'test ! -e vendor/lib && test ! -e vendor',
      '',
    ],
    [
      'a link within',
      (path) => {
        rmSync(join(path, 'vendor/lib'), { recursive: true });
        symlinkSync('../a.txt', join(path, 'vendor/lib'));
      },
      'grep -q a vendor/lib',
      '120000 blob',
    ],
    [
      'the same elsewhere',
      (path) => void userGit(path, 'mv', 'vendor/lib', 'lib'),
      'grep -q one lib/lib.txt && test ! -e vendor && test -e lib/inner/inner.txt',
      '',
    ],
  ])('is %s where checks run, and the submodule again for the base', async (_, work, run, mode) => {
    const { check, path, at, baseCommit, checkOut, task, workspaces, commit, repository } = await working();
    await checkOut(baseCommit);
    work(path);
    const made = await commit();
    expect(atOf(path, made)).toMatch(mode === '' ? /^$/ : new RegExp(`^${mode}`));
    expect(await check(['sh', '-c', run], { commit: made })).toMatchObject({ evidence: [{ passed: true }] });
    await checkOut(baseCommit);
    expect(readFileSync(join(at, 'vendor/lib/lib.txt'), 'utf8')).toBe('one\n');
    expect(existsSync(join(at, 'vendor/lib/inner/inner.txt'))).toBe(true);
    await workspaces.restore(task, baseCommit);
    expect(readFileSync(join(path, 'vendor/lib/lib.txt'), 'utf8')).toBe('one\n');
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
  });

  it('is one more, which is there for the checks', async () => {
    const { check, path } = await working();
    const other = newRepository({ 'other.txt': 'other\n' });
    userGit(path, ...FILES, 'submodule', '--quiet', 'add', other, 'other');
    expect(await check(['grep', '-q', 'other', 'other/other.txt'])).toMatchObject({
      evidence: [{ passed: true }],
    });
  });

  it('is another one for the checks, and the base’s for those with the base’s files', async () => {
    const { check, path, commit } = await working();
    const folder = join(path, 'vendor/lib');
    commitFiles(folder, { 'lib.txt': 'two\n' });
    userGit(folder, ...FILES, 'push', '-q', 'origin', 'HEAD:refs/heads/more');
    const other = newRepository({ 'other.txt': 'other\n' });
    userGit(path, ...FILES, 'submodule', '--quiet', 'add', other, 'vendor/other');
    const run = ['sh', '-c', 'cat vendor/lib/lib.txt; cat vendor/other/other.txt || true'];
    const made = await commit();
    const { evidence } = await check(run, { protect: ['vendor/**'], commit: made });
    expect(evidence.map(({ tail }) => tail)).toEqual([
      expect.stringMatching(/^two\nother\n$/),
      expect.stringMatching(/^one\n.*No such file/),
    ]);
    expect((await check(run, { protect: [], commit: made })).evidence).toMatchObject([
      { tail: 'two\nother\n' },
    ]);
  });

  it('leads nowhere, wherever links in its way lead', async () => {
    const { workspaces, task, path, baseCommit } = await working();
    const outside = scratchFolder('outside');
    mkdirSync(join(outside, 'lib'));
    put(outside, { 'lib/own.txt': 'own\n', 'modules/own.txt': 'own\n' });
    const untouched = () => {
      expect(readdirSync(outside, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
        'lib',
        'lib/own.txt',
        'modules',
        'modules/own.txt',
      ]);
    };
    renameSync(join(path, 'vendor'), join(path, 'away'));
    symlinkSync(outside, join(path, 'vendor'));
    await workspaces.restore(task, baseCommit);
    untouched();
    for (const link of ['.git/modules', '.git/modules/vendor', '.git/modules/vendor/lib']) {
      rmSync(join(path, link), { recursive: true, force: true });
      symlinkSync(join(outside, 'modules'), join(path, link));
      rmSync(join(path, 'vendor/lib'), { recursive: true });
      await workspaces.restore(task, baseCommit);
      untouched();
      expect(readFileSync(join(path, 'vendor/lib/lib.txt'), 'utf8')).toBe('one\n');
      expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
    }
  });
});

it('follows the base where that moves it, and is no change of the agent’s', async () => {
  const { workspaces, task, path, commit, baseCommit, repository, library } = await working();
  put(path, { 'y.txt': 'y\n' });
  const head = await commit();
  const newer = commitFiles(library, { 'lib.txt': 'newer\n' });
  userGit(repository, 'update-index', '--cacheinfo', `160000,${newer},vendor/lib`);
  userGit(repository, 'commit', '-qm', 'newer library');
  const base = userGit(repository, 'rev-parse', 'main');
  const joined = await workspaces.mergeBase(task, head, baseCommit, base);
  expect(joined).toMatchObject({ kind: 'merged' });
  expect(readFileSync(join(path, 'vendor/lib/lib.txt'), 'utf8')).toBe('newer\n');
  const merged = await workspaces.head(task);
  expect((await workspaces.changes(task, base, merged)).files.map((file) => file.path)).toEqual(['y.txt']);
  put(path, { 'z.txt': 'z\n' });
  const after = (await workspaces.commit(task, 'more', 'k2')) ?? '';
  expect((await workspaces.changes(task, base, after)).files.map((file) => file.path)).toEqual([
    'y.txt',
    'z.txt',
  ]);
});
