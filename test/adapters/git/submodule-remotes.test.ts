/** Submodules of remotes on a network: over http with git's own backend, and over ssh with a program in its place. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Remote } from '../../../src/adapters/git/remote.ts';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { serveGit } from '../../fixtures/github/git-backend.ts';
import {
  commitFiles,
  newPlaces,
  newRepository,
  newTask,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

const asked: { path: string; authorization: string | undefined }[] = [];
/** What answers whoever has no credential with 401, below `/private`. */
const server = createServer((incoming, outgoing) => {
  const { authorization } = incoming.headers;
  const path = incoming.url ?? '';
  asked.push({ path, authorization });
  if (path.startsWith('/down')) return void outgoing.writeHead(503).end();
  if (path.startsWith('/private') && authorization === undefined) return void outgoing.writeHead(401).end();
  incoming.url = path.replace('/private', '');
  void serveGit(dirname(library), incoming, outgoing, false);
});
const library = newRepository({ 'lib.txt': 'one\n' });
const COMMIT = userGit(library, 'rev-parse', 'HEAD');
let at = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));
afterEach(() => asked.splice(0));

const AUTHORIZATION = 'Basic c2VjcmV0';

async function world(url: string, { forge, oid = COMMIT }: { forge?: string; oid?: string } = {}) {
  const repository = newRepository({ 'a.txt': 'a\n' });
  put(repository, { '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ${url}\n` });
  userGit(repository, 'add', '.gitmodules');
  userGit(repository, 'update-index', '--add', '--cacheinfo', `160000,${oid},sub`);
  userGit(repository, 'commit', '-qm', 'a submodule');
  const remote: Remote | undefined =
    forge === undefined ? undefined : { url: forge, authorization: AUTHORIZATION };
  const places = newPlaces();
  const task = newTask(repository);
  // The base is the user's own; where its forge is counts for submodules.
  await createWorkspaces(places).prepare(task);
  const workspaces = createWorkspaces(places, () => remote);
  const base = userGit(repository, 'rev-parse', 'main');
  return {
    workspaces,
    task,
    base,
    path: workspaces.pathOf(task),
    bring: (commit = base) => workspaces.submodules(task, { base, commit, wanted: true }),
    commit: async (key: string) => (await workspaces.commit(task, key, key)) ?? '',
  };
}

it('is fetched with the credential of the task’s own remote, where the base names it on that host', async () => {
  const { bring, path } = await world(`../${basename(library)}`, { forge: `${at}/private/app.git` });
  expect(await bring()).toEqual([]);
  expect(readFileSync(join(path, 'sub/lib.txt'), 'utf8')).toBe('one\n');
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every(({ authorization }) => authorization === AUTHORIZATION)).toBe(true);
  const before = asked.length;
  expect(await bring()).toEqual([]);
  expect(asked).toHaveLength(before);
});

it('is fetched without one elsewhere, and says so where that does not do', async () => {
  const elsewhere = at.replace('127.0.0.1', 'localhost');
  const { bring } = await world(`${elsewhere}/private/${basename(library)}`, {
    forge: `${at}/private/app.git`,
  });
  expect(await bring()).toEqual([
    expect.stringMatching(/^submodule sub cannot be checked out: .* refuses git/),
  ]);
  expect(asked.every(({ authorization }) => authorization === undefined)).toBe(true);
  const open = await world(`${elsewhere}/${basename(library)}`, { forge: `${at}/private/app.git` });
  expect(await open.bring()).toEqual([]);
});

it('is fetched without one where an agent names it, on whatever host', async () => {
  const { bring, path, commit, workspaces, task, base } = await world(`../${basename(library)}`, {
    forge: `${at}/private/app.git`,
  });
  expect(await bring()).toEqual([]);
  asked.splice(0);
  const other = newRepository({ 'secret.txt': 's\n' });
  const oid = userGit(other, 'rev-parse', 'HEAD');
  userGit(path, 'config', '--file', '.gitmodules', 'submodule.other.path', 'other');
  userGit(path, 'config', '--file', '.gitmodules', 'submodule.other.url', `../${basename(other)}`);
  userGit(path, '-c', 'protocol.file.allow=always', 'clone', '-q', other, 'other');
  userGit(path, 'update-index', '--add', '--cacheinfo', `160000,${oid},other`);
  userGit(path, 'submodule', '--quiet', 'absorbgitdirs', 'other');
  const made = await commit('k');
  expect(userGit(path, 'ls-tree', made, 'other')).toContain(oid);
  expect(await workspaces.submodules(task, { base, commit: made })).toEqual([
    expect.stringMatching(/^submodule other cannot be checked out: .* refuses git/),
  ]);
  expect(asked.every(({ authorization }) => authorization === undefined)).toBe(true);
});

it('is asked for a commit that it does not have, and for one that no branch has', async () => {
  const { bring, path, commit, base } = await world(`${at}/${basename(library)}`);
  expect(await bring()).toEqual([]);
  const mine = commitFiles(join(path, 'sub'), { 'lib.txt': 'mine\n' });
  expect(await bring(await commit('k1'))).toEqual([
    `submodule sub is at ${mine}, which ${at}/${basename(library)} does not have: push it there, or put it back to ${COMMIT}`,
  ]);
  const [left, tip] = [
    commitFiles(library, { 'lib.txt': 'left\n' }),
    userGit(library, 'rev-parse', 'HEAD~1'),
  ];
  userGit(library, 'reset', '-q', '--hard', tip);
  userGit(join(path, 'sub'), '-c', 'protocol.file.allow=always', 'fetch', '-q', library, left);
  userGit(join(path, 'sub'), 'checkout', '-q', left);
  expect(await bring(await commit('k2'))).toEqual([]);
  expect(base).not.toBe('');
});

it('is asked once more where it cannot be reached, and not where nobody wants it', async () => {
  const { bring, workspaces, task, base } = await world(`${at}/down/lib`);
  await expect(bring()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await workspaces.submodules(task, { base, commit: base, wanted: false })).toEqual([]);
});

it('goes over ssh, without a question, where the base names it', async () => {
  const bin = scratchFolder('bin');
  const trace = join(bin, 'trace');
  const fake = join(bin, 'ssh');
  writeFileSync(fake, `#!/bin/sh\necho "$*" >> "${trace}"\nfor last; do :; done\nexec sh -c "$last"\n`);
  chmodSync(fake, 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${bin}${delimiter}${before}`;
  try {
    const { bring, path, commit } = await world(`git@example.org:${library}`);
    expect(await bring()).toEqual([]);
    expect(readFileSync(join(path, 'sub/lib.txt'), 'utf8')).toBe('one\n');
    expect(readFileSync(trace, 'utf8')).toMatch(
      /-o BatchMode=yes -o StrictHostKeyChecking=yes .*git@example\.org git-upload-pack/,
    );
    const other = newRepository({ x: 'x' });
    userGit(path, 'config', '--file', '.gitmodules', 'submodule.sub.url', `git@example.org:${other}`);
    userGit(join(path, 'sub'), '-c', 'protocol.file.allow=always', 'fetch', '-q', other, 'main');
    userGit(join(path, 'sub'), 'checkout', '-q', 'FETCH_HEAD');
    expect(await bring(await commit('k'))).toEqual([
      expect.stringMatching(/the base does not name git@example.org/),
    ]);
  } finally {
    process.env.PATH = before;
  }
  expect(existsSync(trace)).toBe(true);
});
