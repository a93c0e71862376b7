/** The space of checks holds a commit, what set-up left, and nothing else; judged by plain git and the file system. */
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { filesBelow, newWorld, put, scratchFolder, userGit, workOn } from '../scratch-repository.ts';

const BASE = { 'src/a.js': 'base\n', 'package.json': '{}\n', '.gitignore': 'node_modules/\nbuild/\n.env\n' };
const WORK = { 'src/a.js': 'work\n', 'new.js': 'new\n' };

async function space(work: Readonly<Record<string, string>> = WORK) {
  const world = newWorld(BASE);
  const { checkSpaces } = world;
  const { task, baseCommit, commit } = await workOn(world, world.task, work);
  const at = join(world.places.checks, `${task.id}-check`);
  return {
    ...world,
    baseCommit,
    commit,
    at,
    read: (path: string) => readFileSync(join(at, path), 'utf8'),
    setUp: async (files: Readonly<Record<string, string>>, from = baseCommit, read = 'r') => {
      await checkSpaces.checkOut(task, from);
      await checkSpaces.beginSetup(task);
      put(at, files);
      await checkSpaces.noteSetup(task, () => read);
    },
  };
}

describe('the space of checks', () => {
  it('has the files of the commit and none that the agent left beside it', async () => {
    const { checkSpaces, workspaces, task, commit, at, read } = await space();
    put(workspaces.pathOf(task), { 'node_modules/.bin/node': 'shim', '.env': 'X=1', 'build/a.js': 'right' });
    put(workspaces.pathOf(task), { 'late.js': 'written after the commit' });
    await checkSpaces.checkOut(task, commit);
    expect(filesBelow(at)).toEqual(['.gitignore', 'new.js', 'package.json', 'src/a.js']);
    expect(read('src/a.js')).toBe('work\n');
    expect(await checkSpaces.lacks(task)).toEqual(['.env', 'build', 'late.js', 'node_modules']);
  });

  it('is a repository in which git answers as in the workspace', async () => {
    const { checkSpaces, task, commit, baseCommit, at } = await space();
    await checkSpaces.checkOut(task, commit);
    expect(userGit(at, 'rev-parse', 'HEAD', 'main', 'origin/main').split('\n')).toEqual([
      commit,
      baseCommit,
      baseCommit,
    ]);
    expect(userGit(at, 'status', '--porcelain')).toBe('');
    expect(userGit(at, 'branch', '--show-current')).toBe(`pawl/${task.id}`);
  });

  it('keeps what set-up left, ignored or not, from one commit to the next', async () => {
    const { checkSpaces, task, commit, at, read, setUp } = await space();
    await setUp({ 'node_modules/x/index.js': 'x', 'generated.js': 'g', 'package.json': '{"by":"set-up"}\n' });
    await checkSpaces.checkOut(task, commit);
    expect(filesBelow(at)).toEqual([
      '.gitignore',
      'generated.js',
      'new.js',
      'node_modules/x/index.js',
      'package.json',
      'src/a.js',
    ]);
    expect(read('package.json')).toBe('{"by":"set-up"}\n');
    expect(await checkSpaces.setUpOn(task)).toBe('r');
  });

  it('loses what checks left, and keeps set-up’s', async () => {
    const { checkSpaces, task, commit, at, setUp } = await space();
    await setUp({ 'node_modules/x/index.js': 'x' });
    await checkSpaces.checkOut(task, commit);
    put(at, {
      'node_modules/.bin/node': 'shim',
      'build/deep/er.js': 'b',
      'left.txt': 'l',
      'new.js': 'other',
    });
    mkdirSync(join(at, 'src/build/empty'), { recursive: true });
    symlinkSync('/nowhere', join(at, 'node_modules/x/link'));
    put(at, { '.git/hooks/post-checkout': 'hook' });
    await checkSpaces.checkOut(task, commit);
    expect(filesBelow(at)).toEqual([
      '.gitignore',
      'new.js',
      'node_modules/x/index.js',
      'package.json',
      'src/a.js',
    ]);
    expect(existsSync(join(at, 'src/build'))).toBe(false);
    expect(existsSync(join(at, '.git/hooks'))).toBe(false);
    expect(await checkSpaces.setUpOn(task)).toBe('r');
  });

  const changes: Readonly<Record<string, (file: string) => void>> = {
    written: (file) => writeFileSync(file, 'other'),
    'written with the size and the times of before': (file) => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, 'y');
      utimesSync(file, atime, mtime);
    },
    'written by another name of it': (file) => {
      const name = join(scratchFolder('elsewhere'), 'name');
      linkSync(file, name);
      writeFileSync(name, 'y');
    },
    'made a program': (file) => chmodSync(file, 0o755),
    'put into a folder that is another one': (file) => chmodSync(join(file, '..'), 0o500),
    removed: (file) => rmSync(file),
    'replaced by a link': (file) => {
      rmSync(file);
      symlinkSync('/etc/hostname', file);
    },
  };
  it.each(Object.entries(changes))('is made anew where something of set-up’s was %s', async (_, change) => {
    const { checkSpaces, task, commit, at, setUp } = await space();
    await setUp({ 'node_modules/x/index.js': 'x' });
    change(join(at, 'node_modules/x/index.js'));
    await checkSpaces.checkOut(task, commit);
    expect(await checkSpaces.setUpOn(task)).toBeUndefined();
    expect(filesBelow(at)).toEqual(['.gitignore', 'new.js', 'package.json', 'src/a.js']);
  });

  it('has a repository that checks cannot leave anything in, but that of a submodule, which makes it anew', async () => {
    const { checkSpaces, task, commit, at, setUp } = await space();
    await setUp({ '.git/modules/lib/config': 'c' });
    await checkSpaces.checkOut(task, commit);
    put(at, {
      '.git/planted': 'y',
      '.git/refs/heads/planted': `${commit}\n`,
      '.git/objects/ab/planted': 'o',
    });
    await checkSpaces.checkOut(task, commit);
    for (const path of ['planted', 'refs/heads/planted', 'objects/ab'])
      expect(existsSync(join(at, '.git', path))).toBe(false);
    expect(userGit(at, 'rev-parse', 'origin/main', 'HEAD').split('\n')).toHaveLength(2);
    expect(await checkSpaces.setUpOn(task)).toBe('r');
    put(at, { '.git/modules/lib/hooks/post-checkout': 'hook' });
    await checkSpaces.checkOut(task, commit);
    expect(existsSync(join(at, '.git/modules/lib/hooks'))).toBe(false);
    put(at, { '.git/modules/lib/config': 'other' });
    await checkSpaces.checkOut(task, commit);
    expect(await checkSpaces.setUpOn(task)).toBeUndefined();
    rmSync(join(at, '.git'), { recursive: true });
    symlinkSync(scratchFolder('elsewhere'), join(at, '.git'));
    await checkSpaces.checkOut(task, commit);
    expect(userGit(at, 'status', '--porcelain')).toBe('');
  });

  it('has nothing of a set-up that was cut off', async () => {
    const { checkSpaces, task, commit, at, setUp } = await space();
    await setUp({ 'generated.js': 'g' });
    await checkSpaces.renew(task, commit);
    await checkSpaces.beginSetup(task);
    put(at, { 'node_modules/half.js': 'h', 'half.js': 'h' });
    await checkSpaces.checkOut(task, commit);
    expect(await checkSpaces.setUpOn(task)).toBeUndefined();
    expect(filesBelow(at)).toEqual(['.gitignore', 'new.js', 'package.json', 'src/a.js']);
  });

  it('has the files of the base, or other texts, where it is told so', async () => {
    const { checkSpaces, task, commit, baseCommit, at, read } = await space();
    const overlay = {
      commit: baseCommit,
      paths: ['src/a.js', 'new.js'],
      texts: new Map([['package.json', 'P']]),
    };
    await checkSpaces.checkOut(task, commit, overlay);
    expect(filesBelow(at)).toEqual(['.gitignore', 'package.json', 'src/a.js']);
    expect([read('src/a.js'), read('package.json')]).toEqual(['base\n', 'P']);
    await checkSpaces.checkOut(task, commit);
    expect([read('src/a.js'), read('package.json'), read('new.js')]).toEqual(['work\n', '{}\n', 'new\n']);
  });

  it('goes with the workspace, and with all that the mirror knows of it', async () => {
    const { checkSpaces, workspaces, task, at, repository, places, setUp } = await space();
    await setUp({ 'generated.js': 'g' });
    expect(await checkSpaces.exists(task)).toBe(true);
    await workspaces.remove(task);
    expect(await checkSpaces.exists(task)).toBe(false);
    expect(lstatSync(at, { throwIfNoEntry: false })).toBeUndefined();
    const refs = userGit(mirrorOf(places.mirrors, repository), 'for-each-ref', '--format=%(refname)');
    expect(refs.split('\n').filter((ref) => ref.includes(task.id))).toEqual([]);
  });

  it('any files of set-up and of checks: what is there afterwards is the commit and set-up’s', async () => {
    // No name of a folder is one of a file, so that all can be there at once.
    const folder = fc.constantFrom('d', 'é d', '.hidden', 'src');
    const file = fc.constantFrom('f', 'ü x.js', '.g', 'index.js');
    const path = fc
      .tuple(fc.array(folder, { maxLength: 3 }), file)
      .map(([folders, name]) => [...folders, name]);
    const files = fc
      .array(fc.tuple(path, fc.string({ maxLength: 5 })), { maxLength: 6 })
      .map((list) =>
        Object.fromEntries(list.map(([parts, text]) => [`node_modules/${parts.join('/')}`, text])),
      );
    const { checkSpaces, task, commit, at, setUp, baseCommit } = await space();
    await fc.assert(
      fc.asyncProperty(files, files, async (installed, left) => {
        await checkSpaces.renew(task, baseCommit);
        await setUp(installed);
        await checkSpaces.checkOut(task, commit);
        const clean = filesBelow(at);
        expect(clean).toEqual(expect.arrayContaining(Object.keys(installed)));
        for (const [name, text] of Object.entries(left)) if (!(name in installed)) put(at, { [name]: text });
        await checkSpaces.checkOut(task, commit);
        expect(filesBelow(at)).toEqual(clean);
        expect(await checkSpaces.setUpOn(task)).toBe('r');
      }),
      { numRuns: 15 },
    );
  });
});
