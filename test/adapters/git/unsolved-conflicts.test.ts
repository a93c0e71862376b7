/** What an agent does with the conflicts of a base that was merged into its branch, for every kind that git knows. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';
import { conflicting, KINDS, type Kind, moves, removes, unsolved, writes } from './conflict-kinds.ts';

describe.each(KINDS)('a conflict $name', (kind) => {
  it('is not solved by leaving it, whatever else is done', async () => {
    const { commit, path, workspaces, task, head } = await conflicting(kind);
    await expect(commit(2)).rejects.toMatchObject(unsolved(kind.files));
    put(path, { 'note.txt': 'I am done' });
    await expect(commit(3)).rejects.toMatchObject(unsolved(kind.files));
    expect(await workspaces.head(task)).toBe(head);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof conflicting>>, file: string) => void]>([
    ["the base's version", ({ path, base }, file) => takeVersion(path, file, base)],
    ["the task's version", ({ path, head }, file) => takeVersion(path, file, head)],
    ['something of its own', ({ path }, file) => writes({ [file]: 'solved\n' })(path)],
    ['no file', ({ path }, file) => removes(file)(path)],
  ])('is solved by %s', async (_, solve) => {
    const world = await conflicting(kind);
    const found = await world.commit(2).catch((error: { files: readonly string[] }) => error.files);
    for (const file of found ?? []) solve(world, file);
    const commit = (await world.commit(3)) ?? '';
    expect(userGit(world.path, 'log', '-1', '--format=%P', commit)).toBe(`${world.head} ${world.base}`);
    expect(userGit(world.path, 'show', `${commit}:kept.md`)).toContain('<<<<<<< ours');
  });
});

/** As anybody would who reads what stands in the file, or asks git. */
function takeVersion(path: string, file: string, side: string): void {
  rmSync(join(path, file), { force: true });
  try {
    userGit(path, 'checkout', side, '--', file);
  } catch {
    // That side has no such file.
  }
}

describe('markers of a merge', () => {
  const lines = KINDS[0] as Kind;

  it('count in another file and indented too, and others do not', async () => {
    const { commit, path } = await conflicting(lines);
    moves('a.txt', 'moved.txt')(path);
    await expect(commit(2)).rejects.toMatchObject(unsolved(['moved.txt']));
    put(path, { 'moved.txt': readFileSync(join(path, 'moved.txt'), 'utf8').replaceAll(/^/gm, '\t ') });
    await expect(commit(2)).rejects.toMatchObject(unsolved(['moved.txt']));
    writes({ 'moved.txt': `<<<<<<< ${'0'.repeat(40)}\n=======\n>>>>>>> theirs\n` })(path);
    expect(await commit(3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([
    ['as it was', ''],
    ['with much else in it', 'else\n'.repeat(50)],
  ])('count under other names in a file that was renamed, %s', async (_, more) => {
    const { commit, path } = await conflicting(lines);
    const text = readFileSync(join(path, 'a.txt'), 'utf8');
    rmSync(join(path, 'a.txt'));
    const renamed = `${more}${text.replaceAll(/ [0-9a-f]{40}$/gm, ' HEAD')}`;
    put(path, { 'deep/moved.txt': renamed, 'about.md': 'A marker:\n<<<<<<< HEAD\n=======\n' });
    await expect(commit(2)).rejects.toMatchObject(unsolved(['deep/moved.txt']));
    put(path, { 'deep/moved.txt': `${more}person and task\n` });
    expect(await commit(3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each([
    ['of lines', lines, ['a.txt']],
    ['of bytes, which it left as they are on the branch', KINDS[1] as Kind, []],
  ])('of a merge that an older engine began count: %s', async (_, kind, files) => {
    const { commit, places, repository, task, workspaces, path, head, base } = await conflicting(kind);
    const mirror = mirrorOf(places.mirrors, repository);
    const { stdout } = spawnSync('git', ['-C', mirror, 'merge-tree', '--write-tree', head, base]);
    const [tree = ''] = stdout.toString('utf8').split('\n', 1);
    const note = { [`pawl/${task.id}/merging.json`]: JSON.stringify({ head, base, tree }) };
    put(mirror, note);
    await workspaces.restore(task, tree);
    await expect(commit(2)).rejects.toMatchObject(unsolved(files));
    put(path, { [kind.files[0] ?? '']: 'solved\n' });
    expect(await commit(3)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('say where each version of a file without lines is', async () => {
    const { path } = await conflicting(KINDS[1] as Kind);
    const text = readFileSync(join(path, 'bytes.bin'), 'utf8');
    const blobs = [...text.matchAll(/`git cat-file blob ([0-9a-f]+)`/g)].map(([, oid]) => oid ?? '');
    expect(blobs.map((oid) => userGit(path, 'cat-file', 'blob', oid))).toEqual(['\0person', '\0task']);
  });

  it('cannot stand in a submodule: one is solved by another commit in it', async () => {
    const library = scratchFolder('library');
    userGit(library, 'init', '-q', '-b', 'main');
    const [first, second, third] = ['1', '2', '3'].map((text) => commitFiles(library, { 'lib.txt': text }));
    const at = (oid = '') => ['update-index', '--add', '--cacheinfo', `160000,${oid},lib`];
    const world = newWorld();
    const { workspaces, repository, task } = world;
    userGit(repository, ...at(first));
    userGit(repository, 'commit', '-q', '-m', 'a submodule');
    const { path, baseCommit: from } = await workspaces.prepare(task);
    userGit(path, 'clone', '-q', library, 'lib');
    userGit(join(path, 'lib'), 'checkout', '-q', second ?? '');
    renameSync(join(path, 'lib/.git'), join(path, '.git-of-lib'));
    put(path, { 'lib/.git': `gitdir: ${join(path, '.git-of-lib')}\n`, '.gitignore': '.git-of-lib\n' });
    const head = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
    expect(userGit(path, 'ls-tree', head, 'lib')).toContain(second);
    userGit(repository, ...at(third));
    userGit(repository, 'commit', '-q', '-m', 'another commit of it');
    const base = userGit(repository, 'rev-parse', 'main');
    expect(await workspaces.mergeBase(task, head, from, base)).toMatchObject({
      kind: 'conflict',
      files: ['lib'],
    });
    put(path, { 'note.txt': 'done' });
    const left = workspaces.commit(task, 'left', `${task.id}/2/commit`);
    await expect(left).rejects.toMatchObject(unsolved(['lib']));
    userGit(join(path, 'lib'), 'checkout', '-q', third ?? '');
    const commit = (await workspaces.commit(task, 'solved', `${task.id}/3/commit`)) ?? '';
    expect(userGit(path, 'ls-tree', commit, 'lib')).toContain(third);
  });
});

describe('keep', () => {
  it('keeps what was made beside an unsolved conflict, and no marker', async () => {
    const { workspaces, task, path, head, base } = await conflicting(KINDS[0] as Kind);
    put(path, { 'note.txt': 'half done' });
    await workspaces.commitUnfinished(task, 'Unfinished work', `${task.id}/0/keep`);
    const kept = await workspaces.head(task);
    expect(userGit(path, 'log', '-1', '--format=%P', kept)).toBe(head);
    expect(userGit(path, 'show', `${kept}:note.txt`)).toBe('half done');
    expect(userGit(path, 'show', `${kept}:a.txt`)).toBe('task');
    // Whoever merges it meets the conflict, and nothing of the base is lost.
    expect(() => userGit(path, 'merge-tree', '--write-tree', base, kept)).toThrow();
    await workspaces.commitUnfinished(task, 'Unfinished work', `${task.id}/0/keep`);
    expect(await workspaces.head(task)).toBe(kept);
  });

  it('keeps nothing where nothing was made of it, and the merge where all is solved', async () => {
    const untouched = await conflicting(KINDS[0] as Kind);
    await untouched.workspaces.commitUnfinished(
      untouched.task,
      'Unfinished work',
      `${untouched.task.id}/0/keep`,
    );
    expect(await untouched.workspaces.head(untouched.task)).toBe(untouched.head);
    const { workspaces, task, path, head, base } = await conflicting(KINDS[0] as Kind);
    put(path, { 'a.txt': 'both\n' });
    await workspaces.commitUnfinished(task, 'Unfinished work', `${task.id}/0/keep`);
    expect(userGit(path, 'log', '-1', '--format=%P', await workspaces.head(task))).toBe(`${head} ${base}`);
    expect(existsSync(join(path, 'a.txt'))).toBe(true);
  });
});
