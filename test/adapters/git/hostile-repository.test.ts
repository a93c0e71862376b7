/**
 * Hostile repositories and hostile agents: whatever a repository's configuration, hooks, attributes, submodules, file
 * names and links say, the engine starts none of its programs and touches nothing outside its own folders. Every
 * program named there writes to a canary file; after a whole task it must not be there.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileAtCommit, inspectRepository } from '../../../src/adapters/repository/find-repository.ts';
import {
  commitFiles,
  filesBelow,
  newWorld,
  overlayIn,
  put,
  SEED,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';
import { ATTRIBUTES, canary, plantHooks, settings, WORK } from './hostile-traps.ts';

/** A whole task on a repository, every step of it, with the base moved on the way. */
async function wholeTask(world: ReturnType<typeof newWorld>, files: Readonly<Record<string, string>>) {
  const { workspaces, forge, task, repository } = world;
  const found = await inspectRepository(repository, 'main');
  await fileAtCommit(found.repository, found.baseCommit, 'pawl.yaml');
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, files);
  await workspaces.snapshot(task);
  const first = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
  await workspaces.restore(task, first);
  await overlayIn(world, baseCommit, Object.keys(SEED));
  await workspaces.diff(task, baseCommit, first);
  await forge.push(task, first);
  const request = { task, key: 'k', commit: first, title: 'Do it', body: '' };
  const { number } = await forge.ensurePullRequest(request);
  const theirs = userGit(repository, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'theirs');
  userGit(repository, '-c', 'core.hooksPath=/dev/null', 'update-ref', 'refs/heads/main', theirs);
  const moved = await forge.merge({ task, key: 'k', number, commit: first, baseCommit });
  if (moved.kind !== 'base_moved') throw new Error('expected the base to have moved');
  const joined = await workspaces.mergeBase(task, first, baseCommit, moved.baseCommit);
  if (joined.kind !== 'merged') throw new Error('expected a merge');
  await forge.push(task, joined.commit);
  await forge.ensurePullRequest({ ...request, commit: joined.commit });
  const merge = { task, key: 'k', number, commit: joined.commit, baseCommit: moved.baseCommit };
  const merged = await forge.merge(merge);
  await workspaces.remove(task);
  return { merged, commit: joined.commit };
}

describe('a hostile repository', () => {
  /** All its traps are set. @param isAsked by the name of a setting */
  const trapped = (program: string, isAsked: (name: string) => boolean = () => true) => {
    const world = newWorld({
      ...SEED,
      'x.evil': 'x',
      'y.long': 'y',
      'z.eq': 'z',
      '.gitattributes': ATTRIBUTES,
    });
    const { repository } = world;
    const included = join(scratchFolder(), 'included');
    for (const [name, value] of settings(program).filter(([one]) => isAsked(one))) {
      execFileSync('git', ['config', '--file', included, '--add', name, value], {
        env: { PATH: process.env.PATH },
      });
    }
    plantHooks(join(repository, '.git'), program);
    userGit(repository, 'config', 'core.hooksPath', join(repository, '.git/hooks'));
    userGit(repository, 'config', 'include.path', included);
    // Touched, so that git has to look into them, which is where it would ask the filters.
    put(repository, { 'x.evil': 'x', 'y.long': 'y', 'z.eq': 'z', 'a.txt': SEED['a.txt'] });
    return world;
  };

  it('has none of its programs run where nothing is committed without a filter that it requires', async () => {
    const { program, ran } = canary();
    await expect(wholeTask(trapped(program), WORK)).rejects.toThrow(/to the filter evil, long, which only/);
    expect(ran()).toBe('');
  });

  it('has none of its programs run, from hooks, configuration, includes and attributes', async () => {
    const { program, ran } = canary();
    const world = trapped(program, (name) => !name.endsWith('.required'));
    const { repository } = world;
    const { merged, commit } = await wholeTask(world, WORK);
    expect(ran()).toBe('');
    // Files that only a filter may write are the user's to take; the merge is there.
    expect(merged).toHaveProperty('takeCommand');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    // The trap works: the user's own git does run them.
    try {
      userGit(repository, 'diff', 'HEAD~1');
    } catch {
      // What it says does not matter here.
    }
    expect(ran()).not.toBe('');
  });

  it('has none of its programs run while its files are moved by a merge', async () => {
    const { program, ran } = canary();
    const world = newWorld();
    const { repository } = world;
    plantHooks(join(repository, '.git'), program);
    for (const [name, value] of settings(program)) {
      if (!name.startsWith('core.fsmonitor'))
        userGit(repository, '-c', 'core.fsmonitor=false', 'config', name, value);
    }
    const { merged } = await wholeTask(world, { 'plain.js': 'p' });
    expect(ran()).toBe('');
    expect(merged).not.toHaveProperty('takeCommand');
    expect(filesBelow(repository)).toContain('plain.js');
  });

  it('cannot name so many programs that nothing can be started', async () => {
    const world = newWorld();
    const many = Array.from({ length: 3_000 }, (_, at) => `[filter "f${at}"]\n\tclean = evil\n`).join('');
    writeFileSync(join(world.repository, '.git/config'), many, { flag: 'a' });
    await expect(inspectRepository(world.repository)).rejects.toThrow(
      /names 300\d programs: expected at most/,
    );
  });

  const withSubmodule = (name: string, rest: string) => {
    const world = newWorld();
    const { repository } = world;
    const outside = scratchFolder('outside');
    userGit(outside, 'init', '-q', '-b', 'main');
    const submodule = commitFiles(outside, { s: 's' });
    put(repository, { '.gitmodules': `[submodule "${name}"]\n\tpath = sub\n${rest}` });
    mkdirSync(join(repository, 'sub'));
    userGit(repository, 'add', '.gitmodules');
    userGit(repository, 'update-index', '--add', '--cacheinfo', `160000,${submodule},sub`);
    userGit(repository, 'commit', '-q', '-m', 'a submodule');
    userGit(repository, 'config', 'submodule.recurse', 'true');
    return { ...world, baseCommit: userGit(repository, 'rev-parse', 'main'), outside, submodule };
  };

  it('has its submodules left alone', async () => {
    const { program, ran } = canary();
    const world = withSubmodule('sub', '\turl = ../../outside\n');
    const { repository, outside, submodule } = world;
    userGit(repository, 'config', 'submodule.sub.url', `ext::${program}`);
    userGit(repository, 'config', 'submodule.sub.update', `!${program}`);
    userGit(repository, 'config', 'submodule.sub.active', 'true');
    const before = filesBelow(outside);
    const { merged, commit } = await wholeTask(world, { 'plain.js': 'p' });
    expect(merged).not.toHaveProperty('takeCommand');
    expect(userGit(repository, 'ls-tree', commit, 'sub')).toContain(submodule);
    expect(ran()).toBe('');
    expect(filesBelow(outside)).toEqual(before);
  });

  it.each([
    ['a name that leads outside', '../../x', '\turl = ../x\n'],
    ['a program for updates', 'sub', '\turl = ../x\n\tupdate = !touch x\n'],
  ])('is refused when its submodules have %s', async (_, name, rest) => {
    const world = withSubmodule(name, rest);
    const { workspaces, forge, task, repository } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { 'plain.js': 'p' });
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    await expect(forge.push(task, commit)).rejects.toThrow(/holds what git lets nobody have \(.*gitmodules/);
    expect(userGit(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });
});
