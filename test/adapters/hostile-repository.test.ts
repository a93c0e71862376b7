/**
 * Hostile repositories and hostile agents: whatever a repository's configuration, hooks, attributes, submodules, file
 * names and links say, the engine starts none of its programs and touches nothing outside its own folders. Every
 * program named there writes to a canary file; after a whole task it must not be there.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
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
import { mirrorOf } from '../../src/adapters/git/mirror.ts';
import { fileAtBase, inspectRepository } from '../../src/adapters/repository.ts';
import {
  commitFiles,
  filesBelow,
  newTask,
  newWorld,
  put,
  SEED,
  scratchFolder,
  userGit,
} from './scratch-repository.ts';

const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'pre-receive',
  'prepare-commit-msg',
  'proc-receive',
  'reference-transaction',
  'sendemail-validate',
  'update',
];

/** A program that leaves a trace where and as what it ran. */
function canary() {
  const folder = scratchFolder('canary');
  const program = join(folder, 'program');
  const trace = join(folder, 'trace');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> "${trace}"\ncat\n`);
  chmodSync(program, 0o755);
  return { program, ran: () => (existsSync(trace) ? readFileSync(trace, 'utf8') : '') };
}

function plantHooks(gitDir: string, program: string): void {
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const name of HOOKS) {
    rmSync(join(gitDir, 'hooks', name), { force: true });
    symlinkSync(program, join(gitDir, 'hooks', name));
  }
}

/** Everything in a configuration that names a program, and what makes git look at it. */
const settings = (program: string): readonly (readonly [string, string])[] => [
  ['core.fsmonitor', program],
  ['core.sshCommand', program],
  ['core.gitProxy', program],
  ['core.pager', program],
  ['core.editor', program],
  ['core.askPass', program],
  ['core.alternateRefsCommand', program],
  ['sequence.editor', program],
  ['diff.external', program],
  ['diff.evil.command', program],
  ['diff.evil.textconv', program],
  ['diff.evil.cachetextconv', 'true'],
  ['merge.evil.driver', `${program} %A`],
  ['merge.default', 'evil'],
  ['filter.evil.clean', program],
  ['filter.evil.smudge', program],
  ['filter.evil.required', 'true'],
  ['filter.long.process', program],
  ['filter.long.required', 'true'],
  ['filter.a=b.clean', program],
  ['filter.a=b.smudge', program],
  ['gpg.program', program],
  ['gpg.ssh.program', program],
  ['gpg.x509.program', program],
  ['commit.gpgSign', 'true'],
  ['tag.gpgSign', 'true'],
  ['merge.verifySignatures', 'true'],
  ['credential.helper', `!${program}`],
  ['uploadpack.packObjectsHook', program],
  ['remote.origin.uploadpack', program],
  ['remote.origin.receivepack', program],
  ['remote.origin.vcs', 'evil'],
  ['remote.origin.promisor', 'true'],
  ['remote.origin.url', `ext::${program}`],
  [`url.ext::${program} .insteadOf`, '/'],
  ['protocol.ext.allow', 'always'],
  ['protocol.allow', 'always'],
  ['alias.status', `!${program}`],
  ['alias.cat-file', `!${program}`],
  ['alias.update-ref', `!${program}`],
  ['branch.main.mergeOptions', '--strategy=evil'],
  ['branch.main.remote', 'origin'],
  ['branch.main.merge', 'refs/heads/main'],
  ['submodule.sub.update', `!${program}`],
  ['submodule.recurse', 'true'],
  ['status.submoduleSummary', 'true'],
  ['trailer.sign.command', program],
  ['interactive.diffFilter', program],
  ['gc.auto', '1'],
  ['maintenance.auto', 'true'],
];

const ATTRIBUTES = [
  '*.evil filter=evil diff=evil merge=evil',
  '*.long filter=long diff=evil merge=evil',
  '*.eq filter=a=b',
  '*.txt diff=evil merge=evil',
  '',
].join('\n');

/** A whole task on a repository, every step of it, with the base moved on the way. */
async function wholeTask(world: ReturnType<typeof newWorld>, files: Readonly<Record<string, string>>) {
  const { workspaces, forge, task, repository } = world;
  await inspectRepository(repository, 'main');
  await fileAtBase(repository, 'main', 'pawl.yaml');
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, files);
  await workspaces.snapshot(task);
  const first = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
  await workspaces.restore(task, first);
  await workspaces.overlay(task, baseCommit, Object.keys(SEED));
  await workspaces.diff(task, baseCommit, first);
  await forge.push(task, first);
  const request = { task, key: 'k', commit: first, title: 'Do it', body: '' };
  const { number } = await forge.ensurePullRequest(request);
  const theirs = userGit(repository, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'theirs');
  userGit(repository, '-c', 'core.hooksPath=/dev/null', 'update-ref', 'refs/heads/main', theirs);
  const moved = await forge.merge({ task, key: 'k', number, commit: first, baseCommit });
  if (moved.kind !== 'base_moved') throw new Error('expected the base to have moved');
  const joined = await workspaces.mergeBase(task, first, moved.baseCommit);
  if (joined.kind !== 'merged') throw new Error('expected a merge');
  await forge.push(task, joined.commit);
  await forge.ensurePullRequest({ ...request, commit: joined.commit });
  const merge = { task, key: 'k', number, commit: joined.commit, baseCommit: moved.baseCommit };
  const merged = await forge.merge(merge);
  await workspaces.remove(task);
  return { merged, commit: joined.commit };
}

const WORK = { 'new.evil': 'e', 'new.long': 'l', 'new.eq': 'q', 'a.txt': 'changed\n', 'plain.js': 'p' };

describe('a hostile repository', () => {
  it('has none of its programs run, from hooks, configuration, includes and attributes', async () => {
    const { program, ran } = canary();
    const world = newWorld({
      ...SEED,
      'x.evil': 'x',
      'y.long': 'y',
      'z.eq': 'z',
      '.gitattributes': ATTRIBUTES,
    });
    const { repository } = world;
    const included = join(scratchFolder(), 'included');
    for (const [name, value] of settings(program)) {
      execFileSync('git', ['config', '--file', included, '--add', name, value], {
        env: { PATH: process.env.PATH },
      });
    }
    plantHooks(join(repository, '.git'), program);
    userGit(repository, 'config', 'core.hooksPath', join(repository, '.git/hooks'));
    userGit(repository, 'config', 'include.path', included);
    // Touched, so that git has to look into them, which is where it would ask the filters.
    put(repository, { 'x.evil': 'x', 'y.long': 'y', 'z.eq': 'z', 'a.txt': SEED['a.txt'] });
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
    expect(patch).toContain('"b/new\\nline"');
    for (const name of names) expect(await workspaces.fileAt(task, commit, name)).toBe(name);
    for (const name of names) put(path, { [name]: 'changed' });
    writeFileSync(bytes, 'changed');
    await workspaces.overlay(task, commit, [...names, 'b\ufffd\ufffd']);
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
    await workspaces.overlay(task, baseCommit, names);
    expect(filesBelow(path)).toHaveLength(Object.keys(SEED).length + 1);
  });

  it('cannot lead the engine out by links', async () => {
    const world = newWorld();
    const { workspaces, task, repository, baseCommit } = world;
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
    expect(repository).not.toBe(outside);
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
      plantHooks(mirror, program);
      for (const [name, value] of settings(program))
        userGit(path, '-c', 'core.fsmonitor=false', 'config', name, value);
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
    await workspaces.overlay(task, baseCommit, ['x.evil', 'a.txt']);
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

  it('cannot push trees made by hand that would leave the repository', async () => {
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
    await expect(forge.push(task, made)).rejects.toMatchObject({ code: 'precondition' });
    expect(userGit(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
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
    expect(newTask(world.repository).id).not.toBe(task.id);
  });

  it('cannot hinder its own commit by special files, and says which file cannot be read', async () => {
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
