/** Files that Git LFS keeps, on a machine that has it: brought into workspaces, and taken as pointers. Real git, and a real Git LFS. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import {
  commitWithLfs,
  contentIn,
  describeWithLfs,
  hasContent,
  inGit,
  LOGO,
  lfsGit,
  NEW,
  newLfsRepository,
  newLfsWorld,
  pointerTo,
  worked,
} from '../git-lfs.ts';
import { put, scratchFolder, tipOf, userGit } from '../scratch-repository.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describeWithLfs('a workspace', () => {
  it('has the content, and nothing of it looks changed', async () => {
    const { workspaces, task, repository } = newLfsWorld();
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([]);
    expect(read(path, 'logo.bin')).toBe(LOGO);
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
    expect(lfsGit(path, 'status', '--porcelain')).toBe('');
    expect(lfsGit(repository, 'status', '--porcelain')).toBe('');
  });

  it('has it from the repository that is its remote, where the clone has none', async () => {
    const origin = newLfsRepository();
    const clone = join(scratchFolder('clone'), 'clone');
    userGit('/', 'clone', '-q', origin, clone);
    const { workspaces, task } = newLfsWorld(clone);
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([]);
    expect(read(path, 'logo.bin')).toBe(LOGO);
    expect(existsSync(join(clone, '.git/lfs'))).toBe(false);
  });

  it('has a pointer where nobody has the content, which is said', async () => {
    const repository = newLfsRepository({ 'other.bin': 'other\n' });
    rmSync(contentIn(join(repository, '.git'), LOGO));
    const { workspaces, task } = newLfsWorld(repository);
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([
      `files of Git LFS that are pointers in the workspace and for checks: logo.bin (${repository} does not have the content, and has no remote)`,
    ]);
    expect(read(path, 'logo.bin').trim()).toBe(pointerTo(LOGO));
    expect(read(path, 'other.bin')).toBe('other\n');
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
  });

  it('takes no damaged content', async () => {
    const repository = newLfsRepository();
    rmSync(contentIn(join(repository, '.git'), LOGO));
    writeFileSync(contentIn(join(repository, '.git'), LOGO), 'the hogo\n');
    const { workspaces, task } = newLfsWorld(repository);
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toHaveLength(1);
    expect(read(path, 'logo.bin').trim()).toBe(pointerTo(LOGO));
  });
});

describeWithLfs('a change', () => {
  it('has pointers in git, and contents in the store and where checks run', async () => {
    const { workspaces, checkSpaces, task, places, commit, baseCommit, path, mirror } = await worked();
    expect(inGit(mirror, commit, 'logo.bin')).toBe(pointerTo('another\n'));
    expect(inGit(mirror, commit, 'new.bin')).toBe(pointerTo(NEW));
    expect(hasContent(mirror, NEW)).toBe(true);
    expect(read(path, 'new.bin')).toBe(NEW);
    expect((await workspaces.snapshot(task)).changedFiles).toEqual(['b.txt', 'logo.bin', 'new.bin']);
    expect(await workspaces.lfsProblem(task, baseCommit, commit)).toBeUndefined();
    await checkSpaces.checkOut(task, commit);
    expect(read(places.checks, `${task.id}-check`, 'new.bin')).toBe(NEW);
    await workspaces.restore(task, baseCommit);
    expect(read(path, 'logo.bin')).toBe(LOGO);
    expect(existsSync(join(path, 'new.bin'))).toBe(false);
  });

  it('is shown as its pointers, with the size of what they stand for', async () => {
    const { workspaces, task, commit, baseCommit } = await worked();
    const { patch, remarks } = await workspaces.diff(task, baseCommit, commit);
    expect(patch.toString()).toContain(`+${pointerTo(NEW).split('\n')[1]}`);
    expect(remarks).toEqual([
      { path: 'logo.bin', why: 'is kept by Git LFS (8 bytes): the diff does not show what it holds' },
      { path: 'new.bin', why: 'is kept by Git LFS (2.9 MiB): the diff does not show what it holds' },
    ]);
  });

  it('goes on from a commit of the agent’s own, with all that its commits point to', async () => {
    const { workspaces, task, places, repository, forge } = newLfsWorld();
    const { path } = await workspaces.prepare(task);
    commitWithLfs(path, { 'logo.bin': 'one\n' });
    const own = commitWithLfs(path, { 'logo.bin': 'two\n' });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? own;
    const mirror = mirrorOf(places.mirrors, repository);
    expect(
      userGit(
        mirror,
        'log',
        '--format=%s',
        `${task.base}..${commit}`.replace('main', tipOf(repository, 'refs/heads/main') ?? ''),
      ),
    ).toContain('work');
    expect([hasContent(mirror, 'one\n'), hasContent(mirror, 'two\n')]).toEqual([true, true]);
    await forge.push(task, commit);
    expect(hasContent(join(repository, '.git'), 'one\n')).toBe(true);
  });

  it('does not stand on a commit of the agent’s that holds a content', async () => {
    const { workspaces, task, places, repository, baseCommit } = newLfsWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'logo.bin': 'one\n' });
    userGit(path, 'config', '--remove-section', 'filter.lfs');
    userGit(path, 'commit', '-qam', 'by hand');
    put(path, { 'logo.bin': 'two\n' });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    const mirror = mirrorOf(places.mirrors, repository);
    expect(userGit(mirror, 'rev-list', `${baseCommit}..${commit}`)).toBe(commit);
    expect(inGit(mirror, commit, 'logo.bin')).toBe(pointerTo('two\n'));
  });

  it('is refused that brings a pointer to what nobody has', async () => {
    const { workspaces, task, repository } = newLfsWorld();
    const { path, baseCommit } = await workspaces.prepare(task);
    put(path, { 'new.bin': `${pointerTo('nowhere')}\n` });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    expect(await workspaces.lfsProblem(task, baseCommit, commit)).toBe(
      `new.bin: a pointer of Git LFS, and its content is not in the workspace (${repository} does not have the content, and has no remote): put the file itself there, or the pointer back as it is in the base`,
    );
  });

  it('may move what the base has, whoever has the content', async () => {
    const repository = newLfsRepository();
    rmSync(join(repository, '.git/lfs'), { recursive: true });
    const { workspaces, task } = newLfsWorld(repository);
    const { path, baseCommit } = await workspaces.prepare(task);
    execFileSync('mv', ['logo.bin', 'moved.bin'], { cwd: path });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    expect(await workspaces.lfsProblem(task, baseCommit, commit)).toBeUndefined();
  });

  it('is not committed while a file of Git LFS holds markers', async () => {
    const { workspaces, task, repository, commit, baseCommit, path } = await worked();
    const base = commitWithLfs(repository, { 'logo.bin': 'theirs\n' });
    expect(await workspaces.mergeBase(task, commit, baseCommit, base)).toMatchObject({
      kind: 'conflict',
      files: ['logo.bin'],
    });
    await expect(workspaces.commit(task, 'merge', 'm')).rejects.toMatchObject({ files: ['logo.bin'] });
    put(path, { 'logo.bin': 'both\n' });
    const joined = (await workspaces.commit(task, 'merge', 'm')) ?? '';
    expect(inGit(mirrorOf(join(path, '../../mirrors'), repository), joined, 'logo.bin')).toBe(
      pointerTo('both\n'),
    );
  });
});
