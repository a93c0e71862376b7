/** Files that Git LFS keeps, of a repository on GitHub: fetched and pushed by the engine, with the task's credential and no other. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createGitHubForge } from '../../../../src/adapters/forges/github/forge.ts';
import { gitHubRemotes } from '../../../../src/adapters/forges/github/hosts.ts';
import { startFakeGitHub } from '../../../fixtures/github/server.ts';
import {
  cloned,
  describeWithLfs,
  hasContent,
  LOGO,
  lfsGit,
  NEW,
  newLfsRepository,
  newLfsWorld,
  worked,
} from '../../git-lfs.ts';
import { put } from '../../scratch-repository.ts';
import { requestFor } from './github-world.ts';

/** A clone without contents, of a repository of which GitHub has them. */
async function onGitHub() {
  const repository = newLfsRepository();
  const github = await startFakeGitHub({ from: repository });
  onTestFinished(() => github.close());
  const { api, url, owner, name } = github;
  cpSync(join(repository, '.git/lfs'), join(github.repository, 'lfs'), { recursive: true });
  rmSync(join(repository, '.git/lfs'), { recursive: true });
  const environment: Record<string, string> = { GITHUB_API_URL: api, GH_TOKEN: github.token };
  const world = newLfsWorld(
    repository,
    gitHubRemotes(() => environment),
  );
  const task = {
    ...world.task,
    forge: { name: 'github' as const, api, url, owner, repository: name, mergeMethod: 'merge' as const },
  };
  const forge = createGitHubForge(world.places, { environment: () => environment, pollMs: 20 });
  return { ...world, task, github, forge, environment };
}

const lfsRequests = ({ requests }: { readonly requests: readonly { readonly route: string }[] }) =>
  requests.flatMap(({ route }) => (route.startsWith('lfs') ? [route] : []));

describeWithLfs('a task of a repository on GitHub', () => {
  it('has the contents, once for all tasks, and nothing is put into the user’s clone', async () => {
    const { workspaces, task, github, repository } = await onGitHub();
    const { path, notes } = await workspaces.prepare(task);
    expect(notes).toEqual([]);
    expect(readFileSync(join(path, 'logo.bin'), 'utf8')).toBe(LOGO);
    const before = lfsRequests(github);
    await workspaces.prepare({ ...task, id: `${task.id}-2` as typeof task.id });
    expect(lfsRequests(github)).toEqual(before);
    expect(hasContent(join(repository, '.git'), LOGO)).toBe(false);
  });

  it('says why it has pointers where GitHub does not have the content', async () => {
    const { workspaces, task, github, environment } = await onGitHub();
    rmSync(join(github.repository, 'lfs'), { recursive: true });
    const { notes, path } = await workspaces.prepare(task);
    expect(notes).toEqual([expect.stringMatching(/^files of Git LFS that are pointers .*: logo\.bin \(/)]);
    expect(notes.join()).not.toContain(environment.GH_TOKEN);
    expect(readFileSync(join(path, 'logo.bin'), 'utf8')).toContain('oid sha256:');
  });

  it('brings its own contents before its branch, and whoever clones that has them', async () => {
    const world = await onGitHub();
    const { github, forge, task, commit } = { ...world, ...(await worked(world)) };
    const pushed = createOrder(github.requests);
    await forge.push(task, commit);
    expect(pushed()).toEqual(['lfs upload', 'git-receive-pack']);
    await forge.ensurePullRequest(requestFor(task, commit));
    const clone = cloned(`file://${github.repository}`);
    lfsGit(clone, 'switch', '-q', `pawl/${task.id}`);
    expect(readFileSync(join(clone, 'new.bin'), 'utf8')).toBe(NEW);
    expect(lfsGit(clone, 'lfs', 'fsck')).toContain('OK');
  });

  it('pushes nothing where GitHub takes no content', async () => {
    const world = await onGitHub();
    const { github, forge, task, commit, environment } = { ...world, ...(await worked(world)) };
    environment.GH_TOKEN = github.readToken;
    await expect(forge.push(task, commit)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('refuses git (You must have push access to upload.)'),
    });
    expect(github.tipOf(`pawl/${task.id}`)).toBeUndefined();
  });

  it('asks for nothing where the change has no such file', async () => {
    const { workspaces, task, github, forge } = await onGitHub();
    const { path } = await workspaces.prepare(task);
    put(path, { 'b.txt': 'b\n' });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    const before = lfsRequests(github);
    await forge.push(task, commit);
    expect(lfsRequests(github)).toEqual(before);
  });
});

/** What is asked of git and of Git LFS from now on. */
function createOrder(requests: readonly { readonly route: string }[]) {
  const from = requests.length;
  return () => [
    ...new Set(
      requests.slice(from).flatMap(({ route }) => (/^lfs|receive-pack$/.test(route) ? [route] : [])),
    ),
  ];
}
