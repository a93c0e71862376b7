/** Hostile agents and odd files: whatever is put into a workspace or its mirror, nothing of it is run or followed. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
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
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { filesBelow, newWorld, overlayIn, put, SEED, scratchFolder, userGit } from '../scratch-repository.ts';
import { ATTRIBUTES, canary, plantHooks, settings, WORK } from './hostile-traps.ts';

describe('files of any kind', () => {
  it('keeps file names of any kind what they are', async () => {
    const world = newWorld();
    const { workspaces, task, repository, forge, baseCommit } = world;
    const names = [
      '-dash',
      '--force',
      'new\nline',
      'tab\there',
      'quote"\'`$(x)',
      ' leading and trailing ',
      '...',
      '..leading',
      ':(glob)**',
      ':/x',
      '!x',
      '#x',
      '*',
      `${'long'.repeat(60)}`,
      `${'deep/'.repeat(60)}x`,
      'ünïcode-é',
      '\u202Ereversed',
      'con',
      'x.lock',
    ];
    const { path } = await workspaces.prepare(task);
    put(path, Object.fromEntries(names.map((name) => [name, name])));
    const bytes = Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x62, 0xff, 0xfe])]);
    writeFileSync(bytes, 'bytes');
    const commit = (await workspaces.commit(task, 'names', 'k/1/commit')) ?? '';
    const { files, patch } = await workspaces.diff(task, baseCommit, commit);
    expect(files.map((file) => file.path).sort()).toEqual([...names, 'b\ufffd\ufffd'].sort());
    expect(patch.toString()).toContain('"b/new\\nline"');
    for (const name of names) expect(await workspaces.fileAt(task, commit, name)).toBe(name);
    for (const name of names) put(path, { [name]: 'changed' });
    writeFileSync(bytes, 'changed');
    await overlayIn(world, commit, [...names, 'b\ufffd\ufffd']);
    for (const name of names) expect(readFileSync(join(path, name), 'utf8')).toBe(name);
    expect(readFileSync(bytes, 'utf8')).toBe('bytes');
    await workspaces.restore(task, commit);
    await forge.push(task, commit);
    const { number } = await forge.ensurePullRequest({
      task,
      key: 'k',
      commit,
      title: '-x\n`y`',
      body: '\0',
    });
    const merged = await forge.merge({ task, key: 'k', number, commit, baseCommit });
    expect(merged).not.toHaveProperty('takeCommand');
    expect(readFileSync(join(repository, '--force'), 'utf8')).toBe('--force');
    await overlayIn(world, baseCommit, names);
    expect(filesBelow(path)).toHaveLength(Object.keys(SEED).length + 1);
  });

  it('cannot lead the engine out by links', async () => {
    const world = newWorld();
    const { workspaces, task, baseCommit } = world;
    const outside = scratchFolder('outside');
    put(outside, { 'b.txt': 'outside', 'kept.txt': 'outside' });
    const { path } = await workspaces.prepare(task);
    rmSync(join(path, 'src'), { recursive: true });
    symlinkSync(outside, join(path, 'src'));
    symlinkSync(join(outside, 'kept.txt'), join(path, 'link.txt'));
    const { tree } = await workspaces.snapshot(task);
    const commit = (await workspaces.commit(task, 'links', 'k/1/commit')) ?? '';
    expect(userGit(path, 'ls-tree', commit, 'src', 'link.txt').match(/^120000/gm)).toHaveLength(2);
    await workspaces.restore(task, baseCommit);
    await workspaces.restore(task, tree);
    await workspaces.restore(task, baseCommit);
    expect(lstatSync(join(path, 'src')).isDirectory()).toBe(true);
    await workspaces.remove(task);
    for (const name of ['b.txt', 'kept.txt'])
      expect(readFileSync(join(outside, name), 'utf8')).toBe('outside');
    expect(readdirSync(outside)).toEqual(['b.txt', 'kept.txt']);
  });
});

describe('a hostile agent', () => {
  it('has none of the programs run that it names in the mirror', async () => {
    const { program, ran } = canary();
    const world = newWorld({ ...SEED, '.gitattributes': ATTRIBUTES, 'x.evil': 'x' });
    const { workspaces, task, places, repository, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    const mirror = mirrorOf(places.mirrors, repository);
    const plant = () => {
      for (const gitDir of existsSync(path) ? [mirror, join(path, '.git')] : [mirror]) {
        plantHooks(gitDir, program);
        for (const [name, value] of settings(program))
          userGit(repository, 'config', '--file', join(gitDir, 'config'), name, value);
      }
      put(mirror, {
        'info/attributes': '* filter=evil\n',
        'info/exclude': '*\n',
        'info/grafts': `${baseCommit}\n`,
      });
      put(mirror, { 'objects/info/alternates': '/nowhere\n' });
    };
    plant();
    put(path, WORK);
    const { changedFiles } = await workspaces.snapshot(task);
    expect([...changedFiles].sort()).toEqual(Object.keys(WORK).sort());
    plant();
    const commit = (await workspaces.commit(task, 'work', 'k/1/commit')) ?? '';
    plant();
    await workspaces.restore(task, commit);
    plant();
    await overlayIn(world, baseCommit, ['x.evil', 'a.txt']);
    plant();
    await world.forge.push(task, commit);
    const { number } = await world.forge.ensurePullRequest({ task, key: 'k', commit, title: 't', body: '' });
    plant();
    await world.forge.merge({ task, key: 'k', number, commit, baseCommit });
    plant();
    await workspaces.remove(task);
    expect(ran()).toBe('');
  });

  it('cannot have another folder taken for its workspace', async () => {
    const world = newWorld();
    const { workspaces, task, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    const outside = scratchFolder('outside');
    put(outside, { 'kept.txt': 'outside' });
    renameSync(path, join(scratchFolder(), 'moved'));
    symlinkSync(outside, path);
    await expect(workspaces.restore(task, baseCommit)).rejects.toMatchObject({ code: 'not_found' });
    await expect(workspaces.commit(task, 'x', 'k')).rejects.toMatchObject({ code: 'not_found' });
    await workspaces.prepare(task);
    expect(lstatSync(path).isDirectory()).toBe(true);
    rmSync(path, { recursive: true });
    symlinkSync(outside, path);
    await workspaces.remove(task);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(outside)).toEqual(['kept.txt']);
  });

  it('cannot bring names into a commit that git forbids, nor break the commit with them', async () => {
    const world = newWorld();
    const { workspaces, task, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { '.GIT/config': 'x', 'sub/.Git/hooks/y': 'y', 'sub/git~1/z': 'z', 'good.txt': 'g' });
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    const { files } = await workspaces.diff(task, baseCommit, commit);
    expect(files.map((file) => file.path)).toEqual(['good.txt']);
  });

  it('has its history left out where a tree made by hand would leave the repository', async () => {
    const world = newWorld();
    const { workspaces, forge, task, repository, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    const blob = userGit(path, 'rev-parse', 'HEAD:a.txt');
    const tree = execFileSync('git', ['mktree'], { cwd: path, input: `100644 blob ${blob}\tconfig\n` })
      .toString()
      .trim();
    const evil = execFileSync('git', ['mktree'], { cwd: path, input: `040000 tree ${tree}\t.git\n` })
      .toString()
      .trim();
    const commit = userGit(path, 'commit-tree', evil, '-p', baseCommit, '-m', 'evil');
    userGit(path, 'update-ref', 'HEAD', commit);
    put(path, { 'good.txt': 'g' });
    const made = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    await forge.push(task, made);
    expect(userGit(repository, 'rev-list', made).split('\n')).toEqual([made, baseCommit]);
    expect(userGit(repository, 'ls-tree', '--name-only', made)).toContain('good.txt');
    expect(() => userGit(repository, 'cat-file', '-e', commit)).toThrow();
    userGit(repository, 'fsck', '--strict');
  });

  it('cannot pass another commit off as its own by replacing objects', async () => {
    const world = newWorld();
    const { workspaces, task, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'shown' });
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    userGit(path, 'replace', commit, baseCommit);
    expect((await workspaces.diff(task, baseCommit, commit)).files).toEqual([
      { path: 'new.txt', status: 'added' },
    ]);
    expect(await workspaces.fileAt(task, commit, 'new.txt')).toBe('shown');
  });

  it('cannot hinder its own commit by special files and links', async () => {
    const world = newWorld();
    const { workspaces, task, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    execFileSync('mkfifo', [join(path, 'pipe')]);
    symlinkSync('loop', join(path, 'loop'));
    symlinkSync('/nowhere', join(path, 'dangling'));
    mkdirSync(join(path, 'empty/folders'), { recursive: true });
    put(path, { 'good.txt': 'g' });
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    const { files } = await workspaces.diff(task, baseCommit, commit);
    expect(files.map((file) => file.path)).toEqual(['dangling', 'good.txt', 'loop']);
  });
});
