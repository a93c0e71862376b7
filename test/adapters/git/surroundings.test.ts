/** What programs that ask git find in a workspace: the answers of the user's own clone. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { addressWithoutPassword } from '../../../src/adapters/repository/named-remote.ts';
import { commitFiles, newTask, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

/** A repository of three commits with tags of each kind, some of which `main` does not stand on. */
function taggedWorld() {
  const world = newWorld();
  const { repository } = world;
  userGit(repository, 'tag', 'light');
  userGit(repository, 'tag', '-a', 'v1.2.0', '-m', 'one two');
  userGit(repository, 'tag', '-a', 'nested', '-m', 'a tag of a tag', 'v1.2.0');
  userGit(repository, 'tag', 'files', 'HEAD^{tree}');
  userGit(repository, 'checkout', '-q', '-b', 'side');
  commitFiles(repository, { 'side.txt': 's' });
  userGit(repository, 'tag', '-a', 'v9-side', '-m', 'not on main');
  userGit(repository, 'checkout', '-q', 'main');
  commitFiles(repository, { 'c.txt': 'c' });
  userGit(repository, 'tag', 'ünï/cöde');
  userGit(repository, 'pack-refs', '--all');
  commitFiles(repository, { 'd.txt': 'd' });
  return world;
}

/** Questions that builds and checks ask, while HEAD is one commit after main. */
const QUESTIONS: readonly (readonly string[])[] = [
  ['describe', '--tags'],
  ['describe', '--tags', '--long', '--match', 'v*'],
  ['describe'],
  ['merge-base', 'main', 'HEAD'],
  ['merge-base', 'origin/main', 'HEAD'],
  ['diff', '--name-only', 'main...HEAD'],
  ['diff', '--name-only', 'origin/main...HEAD'],
  ['rev-list', '--count', 'main..HEAD'],
  ['rev-list', '--count', 'HEAD'],
  ['rev-parse', '--verify', 'main'],
  ['rev-parse', '--abbrev-ref', 'main@{upstream}'],
  ['show', '-s', '--format=%s', 'v1.2.0'],
  ['cat-file', '-t', 'nested'],
  ['config', '--get', 'remote.origin.url'],
  ['remote'],
];

describe('a workspace', () => {
  it('answers git as the clone of the user does', async () => {
    const { repository, workspaces } = taggedWorld();
    const clone = scratchFolder('clone');
    userGit(repository, 'clone', '-q', repository, clone);
    const task = newTask(clone);
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'work', `${task.id}/1/commit`);
    userGit(clone, 'fetch', '-q', path, `pawl/${task.id}`);
    userGit(clone, 'checkout', '-q', 'FETCH_HEAD');
    expect(userGit(clone, 'rev-parse', 'HEAD')).toBe(commit);
    for (const question of QUESTIONS) {
      expect(userGit(path, ...question), question.join(' ')).toBe(userGit(clone, ...question));
    }
    expect(userGit(path, 'tag')).toBe(userGit(clone, 'tag', '--merged', 'main'));
    expect(userGit(path, 'for-each-ref', 'refs/tags')).toBe(
      userGit(clone, 'for-each-ref', '--merged=main', 'refs/tags'),
    );
    userGit(path, 'fsck', '--strict');
  });

  it('follows a base that is merged into its branch', async () => {
    const { repository, workspaces, task } = taggedWorld();
    const { path, baseCommit: from } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const head = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
    const base = commitFiles(repository, { 'later.txt': 'l' });
    await workspaces.mergeBase(task, head, from, base);
    for (const name of ['main', 'origin/main']) {
      expect(userGit(path, 'rev-parse', name)).toBe(base);
      expect(userGit(path, 'merge-base', name, 'HEAD')).toBe(base);
      expect(userGit(path, 'diff', '--name-only', `${name}...HEAD`)).toBe('new.txt');
    }
  });

  it('has them again where it was removed by hand, without tags that came meanwhile', async () => {
    const { repository, workspaces, task } = taggedWorld();
    const { path } = await workspaces.prepare(task);
    const [before, refs] = [userGit(path, 'for-each-ref'), readFileSync(join(path, '.git/config'), 'utf8')];
    rmSync(path, { recursive: true });
    userGit(repository, 'tag', '-a', 'v3', '-m', 'three');
    await workspaces.prepare(task);
    expect(userGit(path, 'for-each-ref')).toBe(before);
    expect(readFileSync(join(path, '.git/config'), 'utf8')).toBe(refs);
  });

  it('has what the agent moved put back, and keeps that beside', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    userGit(path, 'checkout', '-q', 'main');
    const own = commitFiles(path, { 'own.txt': 'o' });
    await workspaces.restore(task, baseCommit);
    expect(userGit(path, 'rev-parse', 'main')).toBe(baseCommit);
    expect(userGit(path, 'for-each-ref', '--format=%(refname)', `--contains=${own}`)).toBe(
      `refs/pawl/aside/${own}`,
    );
  });

  it('takes no push, neither by its remote’s name nor by default', async () => {
    const { repository, workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    commitFiles(path, { 'own.txt': 'o' });
    const before = userGit(repository, 'for-each-ref');
    for (const args of [
      ['push'],
      ['push', 'origin', 'HEAD'],
      ['push', '--all', 'origin'],
      ['push', 'origin', '+HEAD:main'],
    ]) {
      expect(() => userGit(path, '-c', 'push.default=current', ...args)).toThrow(/no-push-from-a-workspace/);
    }
    expect(userGit(repository, 'for-each-ref')).toBe(before);
    userGit(path, 'fetch', '-q', 'origin');
  });

  it.each(['feature/x', 'pawl', 'quo"te', 'ünï-%40', 'v1'])('is on the base branch %s', async (base) => {
    const { repository, workspaces } = newWorld();
    userGit(repository, 'branch', base);
    const task = newTask(repository, base);
    const { path, baseCommit } = await workspaces.prepare(task);
    expect(userGit(path, 'rev-parse', `refs/remotes/origin/${base}`)).toBe(baseCommit);
    if (base !== 'pawl') expect(userGit(path, 'merge-base', `refs/heads/${base}`, 'HEAD')).toBe(baseCommit);
    expect(userGit(path, 'config', '--get', `branch.${base}.merge`)).toBe(`refs/heads/${base}`);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });

  it('shows the tags of any repository below the base, and no others', async () => {
    const name = fc.constantFrom('a', 'b', 'c/d', 'c/e', 'z-9', 'é', 'f.1');
    const steps = fc.oneof(
      name.map((one) => ['tag', '-f', one]),
      name.map((one) => ['tag', '-f', '-a', '-m', 'x', one]),
      fc.constant(['commit', '-q', '--allow-empty', '-m', 'x']),
      fc.constant(['checkout', '-q', '-B', 'side']),
      fc.constant(['checkout', '-q', 'main']),
      fc.constant(['merge', '-q', '--no-edit', 'side']),
      fc.constant(['pack-refs', '--all']),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 15 }), async (commands) => {
        const { repository, workspaces, task } = newWorld({ a: 'a' });
        for (const command of commands) {
          try {
            userGit(repository, ...command);
          } catch {
            // A branch that is not there yet.
          }
        }
        const { path } = await workspaces.prepare(task);
        const expected = userGit(repository, 'for-each-ref', '--merged=main', 'refs/tags');
        expect(userGit(path, 'for-each-ref', 'refs/tags')).toBe(expected);
        userGit(path, 'fsck', '--strict', '--no-dangling');
        await workspaces.remove(task);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the address of the remote', () => {
  it.each([
    ['https://me:secret@example.org/a/b.git', 'https://example.org/a/b.git'],
    ['https://secret-token@example.org/a/b?token=x', 'https://example.org/a/b'],
    ['ssh://git:secret@example.org:22/a/b', 'ssh://git@example.org:22/a/b'],
    ['git@example.org:a/b.git', 'git@example.org:a/b.git'],
    ['/srv/git/a.git', '/srv/git/a.git'],
    ['../a', '../a'],
    ['file:///srv/a', 'file:///srv/a'],
    ['ftp://me:secret@example.org/a', undefined],
    ['ext::sh -c evil', undefined],
    ['a\nb', undefined],
    ['', undefined],
  ])('%j is shown as %j', (address, shown) => {
    expect(addressWithoutPassword(address)).toBe(shown);
  });

  it('is that of the user’s repository, which has none, and never one with a password', async () => {
    const { repository, workspaces, task } = newWorld();
    const originOf = async (one: typeof task) =>
      userGit((await workspaces.prepare(one)).path, 'remote', 'get-url', 'origin');
    expect(await originOf(task)).toBe(repository);
    userGit(repository, 'remote', 'add', 'upstream', 'https://me:secret@example.org/quo"te\\.git');
    expect(await originOf(newTask(repository))).toBe('https://example.org/quo%22te/.git');
    userGit(repository, 'remote', 'add', 'origin', '/with "quotes" and \\');
    expect(await originOf(newTask(repository))).toBe('/with "quotes" and \\');
  });
});

describe('starts of git', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  /** Lists every git that is started from now on, by its command. */
  function listing(): () => readonly string[] {
    const folder = scratchFolder('bin');
    const list = join(folder, 'list');
    const real = userGit('/', '--exec-path');
    writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "$1" >> "${list}"\nexec "${real}/git" "$@"\n`);
    chmodSync(join(folder, 'git'), 0o755);
    process.env.PATH = `${folder}:${path}`;
    return () => (existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : []);
  }

  it('are two for a workspace, besides a look at the user’s own files, and what answers for the next one too', async () => {
    const { repository, workspaces } = taggedWorld();
    await workspaces.prepare(newTask(repository));
    const started = listing();
    await workspaces.prepare(newTask(repository));
    expect([...started()].sort()).toEqual(['for-each-ref', 'read-tree', 'status']);
  });

  it('are two more where the base has moved', async () => {
    const { repository, workspaces } = taggedWorld();
    await workspaces.prepare(newTask(repository));
    commitFiles(repository, { 'later.txt': 'l' });
    userGit(repository, 'tag', '-a', 'v2', '-m', 'two');
    const started = listing();
    const { path: workspace } = await workspaces.prepare(newTask(repository));
    expect(started().filter((one) => /pack-objects|unpack-objects/.test(one))).toHaveLength(2);
    expect(userGit(workspace, 'describe')).toBe('v2');
  });

  it('are none for tags that the mirror has', async () => {
    const { repository, workspaces, places } = taggedWorld();
    await workspaces.prepare(newTask(repository));
    userGit(mirrorOf(places.mirrors, repository), 'pack-refs', '--all');
    const started = listing();
    await workspaces.prepare(newTask(repository));
    expect(started()).not.toContain('pack-objects');
  });
});
