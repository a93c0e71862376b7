/** A project in which somebody works, as looks see it: real repositories of each layout, and nothing of them changes. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCheckSpaces } from '../../../src/adapters/git/check-spaces.ts';
import { createProjects } from '../../../src/adapters/git/projects.ts';
import { ExecutionId } from '../../../src/domain/ids.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import type { OwnerRef } from '../../../src/domain/owner-ref.ts';
import {
  commitFiles,
  newPlaces,
  newRepository,
  put,
  scratchFolder,
  tipOf,
  userGit,
} from '../scratch-repository.ts';

const { signal } = new AbortController();

function world(repository = newRepository()) {
  const places = newPlaces();
  const owner: OwnerRef = { id: ExecutionId.parse('x_fix-1'), title: 'Fix it', repository };
  const baseCommit = userGit(repository, 'rev-parse', '-q', '--verify', 'HEAD');
  const projects = createProjects(places);
  const checkSpaces = createCheckSpaces(places);
  return { repository, places, owner, baseCommit, projects, checkSpaces };
}

const refsIn = ({ mirrors }: { readonly mirrors: string }): string =>
  readdirSync(mirrors)
    .map((name) =>
      userGit(join(mirrors, name), 'for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/pawl'),
    )
    .join('\n');

describe('what is checked out', () => {
  it('is brought with the base, stays there whatever becomes of the project, and goes at the end', async () => {
    const { projects, owner, baseCommit, repository, places, checkSpaces } = world();
    const work = commitFiles(repository, { 'src/new.txt': 'new\n', 'a.txt': 'changed\n' });
    expect(await projects.bring(owner, baseCommit)).toBe(work);
    expect(await projects.bring(owner, baseCommit)).toBe(work);
    const { files } = await projects.changes(owner, baseCommit, work);
    expect(files).toEqual([
      { path: 'a.txt', status: 'modified' },
      { path: 'src/new.txt', status: 'added' },
    ]);
    await checkSpaces.checkOut(owner, work);
    const space = (await checkSpaces.startOf(owner)) ?? '';
    expect(existsSync(join(space, 'src/new.txt'))).toBe(true);
    expect(refsIn(places)).toContain('refs/pawl/base/x_fix-1');
    rmSync(repository, { recursive: true });
    expect(await projects.fileAt(owner, work, 'src/new.txt')).toBe('new\n');
    for (const _ of [1, 2]) await projects.end(owner);
    expect(existsSync(space)).toBe(false);
    expect(refsIn(places)).not.toContain('x_fix-1');
    expect(readdirSync(places.locks).filter((name) => name.startsWith('look'))).toEqual([]);
  });

  it.each(['linked worktree', 'detached', 'shallow clone', 'separate git dir'])('in a %s', async (layout) => {
    const repository = newRepository();
    commitFiles(repository, { 'b.txt': 'b' });
    const folder = join(scratchFolder('layout'), 'it');
    if (layout === 'linked worktree') userGit(repository, 'worktree', 'add', '-q', '-b', 'other', folder);
    if (layout === 'detached') userGit(repository, 'worktree', 'add', '-q', '--detach', folder);
    if (layout === 'shallow clone')
      userGit(repository, 'clone', '-q', '--depth=1', `file://${repository}`, folder);
    if (layout === 'separate git dir')
      userGit(repository, 'clone', '-q', `--separate-git-dir=${folder}.git`, repository, folder);
    const { projects, owner, baseCommit, checkSpaces } = world(folder);
    const work = commitFiles(folder, { 'c.txt': 'c' });
    expect(await projects.bring(owner, baseCommit)).toBe(work);
    await checkSpaces.checkOut(owner, work);
    expect(existsSync(join((await checkSpaces.startOf(owner)) ?? '', 'c.txt'))).toBe(true);
    expect(await projects.gitFacts(owner, work)).toMatchObject({ uncommitted: [], untracked: [] });
  });

  it('of a shallow clone that is deepened, or gets a new history, between two looks', async () => {
    const repository = newRepository();
    for (const name of ['1', '2', '3']) commitFiles(repository, { [name]: name });
    const folder = join(scratchFolder('clone'), 'it');
    userGit(repository, 'clone', '-q', '--depth=1', `file://${repository}`, folder);
    const { projects, owner, baseCommit } = world(folder);
    const work = commitFiles(folder, { 'c.txt': 'c' });
    expect(await projects.bring(owner, baseCommit)).toBe(work);
    commitFiles(repository, { '4': '4' });
    const latest = commitFiles(repository, { '5': '5' });
    userGit(folder, 'fetch', '-q', '--depth=1', 'origin', 'main');
    userGit(folder, 'reset', '-q', '--hard', 'FETCH_HEAD');
    expect(await projects.bring(owner, baseCommit)).toBe(latest);
    userGit(folder, 'fetch', '-q', '--unshallow', 'origin', 'main');
    const more = commitFiles(folder, { 'd.txt': 'd' });
    expect(await projects.bring(owner, baseCommit)).toBe(more);
    expect((await projects.changes(owner, baseCommit, more)).files.length).toBe(3);
  });

  it('is refused in words where there is none, or the project is another one by now', async () => {
    const { projects, owner, baseCommit, repository } = world();
    const unborn = scratchFolder('unborn');
    userGit(unborn, 'init', '-q');
    const bring = (more: Partial<OwnerRef>, base = baseCommit) => projects.bring({ ...owner, ...more }, base);
    await expect(bring({ repository: unborn })).rejects.toThrow(
      `expected a commit that is checked out in ${unborn}, found none`,
    );
    await expect(bring({ repository: join(repository, 'gone') })).rejects.toThrow('does not exist');
    await expect(bring({ repository: join(repository, 'src') })).rejects.toThrow(
      `found that it is a folder of the one at ${repository}`,
    );
    await expect(bring({}, 'f'.repeat(40))).rejects.toThrow('found that it is gone');
    await expect(bring({}, '--all')).rejects.toThrow('40 hex digits');
  });

  it('starts no program that the repository names', async () => {
    const { projects, owner, baseCommit, repository } = world();
    commitFiles(repository, { '.gitattributes': '*.txt filter=trap\n' });
    const trap = join(scratchFolder('trap'), 'sprung');
    const program = `sh -c 'touch ${trap}; cat'`;
    for (const name of ['filter.trap.clean', 'filter.trap.smudge', 'core.fsmonitor', 'core.sshCommand'])
      userGit(repository, 'config', name, program);
    writeFileSync(join(repository, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trap}\n`, {
      mode: 0o755,
    });
    put(repository, { 'a.txt': 'dirty\n' });
    const head = await projects.bring(owner, baseCommit);
    expect((await projects.gitFacts(owner, head)).uncommitted).toEqual(['a.txt']);
    expect(existsSync(trap)).toBe(false);
  });

  it('is looked at one at a time, also by others of the home', async () => {
    const { projects, owner, places } = world();
    const others = createProjects(places);
    const done: string[] = [];
    const work = (name: string) => async () => {
      done.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 60));
      done.push(`${name} ends`);
    };
    const first = projects.exclusively(owner, signal, work('one'));
    const second = others.exclusively(owner, signal, work('two'));
    const cut = AbortSignal.timeout(20);
    await expect(others.exclusively(owner, cut, work('three'))).rejects.toThrow();
    await Promise.all([first, second]);
    expect(done).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });
});

describe('files', () => {
  it('of a commit are neither links nor submodules, and are read whole or not', async () => {
    const { projects, owner, baseCommit, repository } = world();
    symlinkSync('/etc/hostname', join(repository, 'link.txt'));
    const big = 'x'.repeat(LIMITS.contentFileBytesMax + 1);
    const work = commitFiles(repository, { 'big.txt': big, 'é ü.txt': 'text\n' });
    await projects.bring(owner, baseCommit);
    const files = await projects.plainFiles(owner, work);
    expect(files.filter((path) => path.endsWith('.txt')).sort()).toEqual([
      'a.txt',
      'big.txt',
      'src/b.txt',
      'é ü.txt',
    ]);
    expect(await projects.wholeTexts(owner, work, ['big.txt', 'é ü.txt', 'gone'])).toEqual(
      new Map([
        ['big.txt', undefined],
        ['é ü.txt', 'text\n'],
        ['gone', undefined],
      ]),
    );
  });

  it('that are said to be there are there by no link, inside of the project', async () => {
    const { projects, owner, repository } = world();
    const outside = scratchFolder('outside');
    put(outside, { 'secret.txt': 's' });
    put(repository, { 'ignored/report.pdf': 'r' });
    symlinkSync(outside, join(repository, 'way'));
    symlinkSync(join(outside, 'secret.txt'), join(repository, 'file-link'));
    const said = [
      './ignored/report.pdf',
      join(repository, 'a.txt'),
      'way/secret.txt',
      'file-link',
      `../${outside.split('/').at(-1)}/secret.txt`,
      join(outside, 'secret.txt'),
      'ignored',
      '.git/config',
      'https://example.org/a',
      'x'.repeat(5_000),
      'a.txt/b',
      '',
      '\0',
    ];
    expect(await projects.filesThere(owner, said)).toEqual(['ignored/report.pdf', 'a.txt']);
  });
});

describe('the state of git', () => {
  it('tells what is not committed and what git does not know', async () => {
    const { projects, owner, baseCommit, repository } = world();
    put(repository, { 'a.txt': 'x', 'staged.txt': 's', 'new/n.txt': 'n', 'ignored/i': 'i' });
    userGit(repository, 'add', 'staged.txt');
    expect(await projects.gitFacts(owner, baseCommit)).toEqual({
      branch: 'main',
      uncommitted: ['a.txt', 'staged.txt'],
      untracked: ['new/'],
      knowsRemote: false,
      unpushed: 1,
      tracking: [],
    });
  });

  it('tells what remotes are known to have, without asking one', async () => {
    const origin = join(scratchFolder('origin'), 'it.git');
    const { projects, owner, repository } = world();
    userGit(repository, 'clone', '-q', '--bare', repository, origin);
    userGit(repository, 'remote', 'add', 'origin', origin);
    userGit(repository, 'push', '-q', '-u', 'origin', 'main');
    const facts = (commit: string) => projects.gitFacts(owner, commit);
    const pushed = userGit(repository, 'rev-parse', 'HEAD');
    expect(await facts(pushed)).toMatchObject({
      ...{ knowsRemote: true, unpushed: 0 },
      tracking: [{ ref: 'origin/main', hasCommit: true }],
    });
    const work = commitFiles(repository, { 'w.txt': 'w' });
    expect(await facts(work)).toMatchObject({
      unpushed: 1,
      tracking: [{ ref: 'origin/main', hasCommit: false }],
    });
    userGit(repository, 'switch', '-q', '-c', 'feature', '--track', 'origin/main');
    expect(await facts(pushed)).toMatchObject({ branch: 'feature', unpushed: 0, tracking: [] });
    rmSync(origin, { recursive: true });
    expect(tipOf(repository, 'refs/remotes/origin/main')).toBe(pushed);
    userGit(repository, 'checkout', '-q', '--detach');
    expect(await facts(pushed)).toMatchObject({ branch: undefined, unpushed: 0, tracking: [] });
  });
});

it('a project whose folder is a file now is told as what it is', async () => {
  const { projects, owner, baseCommit } = world();
  const file = join(scratchFolder('file'), 'f');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  await expect(projects.bring({ ...owner, repository: file }, baseCommit)).rejects.toThrow('is a file');
});
