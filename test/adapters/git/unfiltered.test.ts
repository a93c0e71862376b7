/** Files with a filter that only a person's own git may run: what an agent writes there is not put through it. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, newWorld, put, SEED, userGit } from '../scratch-repository.ts';

const CIPHERTEXT = Buffer.from('\0GITCRYPT\0 0123456789', 'latin1');
const ATTRIBUTES = '*.key filter=git-crypt diff=git-crypt\n*.f filter=rot\n*.bin filter=lfs\n';
const FILES = { ...SEED, '.gitattributes': ATTRIBUTES, 's.key': CIPHERTEXT, 's.f': 'f\n' };

async function begun(files: Parameters<typeof newWorld>[0] = FILES) {
  const world = newWorld(files);
  const { workspaces, task } = world;
  const { path, baseCommit, notes } = await workspaces.prepare(task);
  const commit = (number = 1) => workspaces.commit(task, 'work', `${task.id}/${number}/commit`);
  return { ...world, path, baseCommit, notes, commit };
}

const unfiltered = (message: RegExp) => ({
  ...{ name: 'UnfilteredContent', code: 'precondition', message: expect.stringMatching(message) },
});

/** Whether any commit that a task's work stands on has a file. */
const inHistory = (repository: string, commit: string, path: string): boolean =>
  userGit(repository, 'log', '--format=%H', commit, '--', path) !== '';

describe('before an agent is paid', () => {
  it('a note says which filters are not run, and what comes of it', async () => {
    const { notes } = await begun();
    expect(notes.filter((note) => !note.includes('git-lfs'))).toEqual([
      expect.stringMatching(
        /^files that \.gitattributes gives to the filter git-crypt .* a change of one is refused/,
      ),
      expect.stringMatching(/^files that \.gitattributes gives to the filter rot .* committed without it/),
    ]);
  });

  it.each([
    ['nothing', SEED],
    ['a remark', { ...SEED, '.gitattributes': '# *.key filter=git-crypt\n*.key -filter\n' }],
  ])('none is made where attributes name %s', async (_, files) => {
    expect((await begun(files)).notes).toEqual([]);
  });

  it('those count as well that only the clone names, and attributes below', async () => {
    const world = newWorld({ ...SEED, 'sub/.gitattributes': '*.nb filter=strip\n' });
    mkdirSync(join(world.repository, '.git/info'), { recursive: true });
    put(world.repository, { '.git/info/attributes': '*.x filter=mine\n' });
    userGit(world.repository, 'config', 'filter.mine.required', 'true');
    const { notes } = await world.workspaces.prepare(world.task);
    expect(notes).toEqual([
      expect.stringMatching(/the filter mine .* is refused/),
      expect.stringMatching(/the filter strip .* committed without it/),
    ]);
  });
});

describe('a content that should be encrypted', () => {
  it.each(['t.key', 's.key'])('is not committed: %s', async (name) => {
    const { commit, path, workspaces, task, baseCommit } = await begun();
    put(path, { [name]: 'plain\n', 'a.txt': 'b\n' });
    await expect(commit()).rejects.toMatchObject(
      unfiltered(new RegExp(`^${name}: .gitattributes gives it to the filter git-crypt, which only`)),
    );
    expect(await workspaces.head(task)).toBe(baseCommit);
    userGit(path, 'checkout', '-q', '--', '.');
    rmSync(join(path, 't.key'), { force: true });
    put(path, { 'a.txt': 'c\n' });
    expect(await commit(2)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is not, either, where the change takes its attributes away', async () => {
    const { commit, path } = await begun();
    put(path, { 't.key': 'plain\n', '.gitattributes': '' });
    await expect(commit()).rejects.toMatchObject(unfiltered(/^t\.key: /));
  });

  it('is not in a folder below, either', async () => {
    const { commit, path } = await begun();
    put(path, { 'deep/x.key': 'plain\n' });
    await expect(commit()).rejects.toMatchObject(unfiltered(/^deep\/x\.key: /));
  });

  it('does not get into the history by commits of the agent’s own', async () => {
    const { commit, path } = await begun();
    commitFiles(path, { 't.key': 'plain\n' });
    rmSync(join(path, 't.key'));
    const own = commitFiles(path, { 'a.txt': 'b\n' });
    const made = (await commit()) ?? '';
    expect(inHistory(path, own, 't.key')).toBe(true);
    expect(inHistory(path, made, 't.key')).toBe(false);
    expect(userGit(path, 'show', `${made}:a.txt`)).toBe('b');
  });

  it('is left out of work that is kept unfinished', async () => {
    const { workspaces, task, path, baseCommit } = await begun();
    put(path, { 't.key': 'plain\n', 's.key': 'plain\n', 'a.txt': 'b\n' });
    await workspaces.commitUnfinished(task, 'kept', `${task.id}/1/kept`);
    const head = await workspaces.head(task);
    expect(userGit(path, 'diff', '--name-only', baseCommit, head)).toBe('a.txt');
    expect(readFileSync(join(path, 't.key'), 'utf8')).toBe('plain\n');
  });

  it('may be moved, removed, empty, or come encrypted', async () => {
    const { commit, path, workspaces, task, baseCommit } = await begun();
    put(path, {
      'moved.key': CIPHERTEXT,
      'empty.key': '',
      'new.key': Buffer.concat([CIPHERTEXT, CIPHERTEXT]),
    });
    rmSync(join(path, 's.key'));
    const made = (await commit()) ?? '';
    const { remarks } = await workspaces.diff(task, baseCommit, made);
    expect(remarks.map(({ why }) => why).join()).not.toContain('filter');
  });
});

describe('a content with any other filter', () => {
  it('is committed, and whoever decides is told', async () => {
    const { commit, path, workspaces, task, baseCommit } = await begun();
    put(path, { 't.f': 'plain\n', 's.f': 'changed\n', 'a.txt': 'b\n' });
    const made = (await commit()) ?? '';
    const { remarks } = await workspaces.diff(task, baseCommit, made);
    const why = expect.stringMatching(/^was written without its filter rot, /);
    expect(remarks).toEqual([
      { path: 's.f', why },
      { path: 't.f', why },
    ]);
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('is refused where the clone has it as required: %s', async (required, refused) => {
    const { commit, path, repository } = await begun();
    userGit(repository, 'config', 'filter.rot.required', required);
    put(path, { 't.f': 'plain\n' });
    if (refused) await expect(commit()).rejects.toMatchObject(unfiltered(/^t\.f: .* the filter rot, /));
    else expect(await commit()).toMatch(/^[0-9a-f]{40}$/);
  });

  it('that the branch has already is not refused once more', async () => {
    const { commit, path, repository } = await begun();
    put(path, { 't.f': 'plain\n' });
    expect(await commit()).toMatch(/^[0-9a-f]{40}$/);
    userGit(repository, 'config', 'filter.rot.required', 'true');
    put(path, { 'a.txt': 'c\n' });
    expect(await commit(2)).toMatch(/^[0-9a-f]{40}$/);
    put(path, { 't.f': 'more\n' });
    await expect(commit(3)).rejects.toMatchObject(unfiltered(/^t\.f: /));
  });
});
