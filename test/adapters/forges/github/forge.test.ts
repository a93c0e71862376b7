/** The forge github against a fake GitHub: the conformance suite, problems found early, pushes, and the token. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createForges } from '../../../../src/adapters/forges/all-forges.ts';
import { createLocalForge } from '../../../../src/adapters/forges/local/forge.ts';
import { mirrorOf } from '../../../../src/adapters/git/mirror.ts';
import { type ForgeUnderTest, testForge } from '../../../conformance/forge.ts';
import { filesBelow, newTask, put, userGit } from '../../scratch-repository.ts';
import { newGitHubWorld, published, requestFor } from './github-world.ts';

async function create(): Promise<ForgeUnderTest> {
  const world = await newGitHubWorld();
  const { forge, task, workspaces, github, workOn, taskOf } = world;
  const { baseCommit } = await workspaces.prepare(task);
  return {
    forge,
    task,
    baseCommit,
    commit: async (file, text) => (await workOn(task, { [file]: text })).commit,
    another: () => workOn(taskOf(), { 'another.txt': 'another' }),
    moveBase: (file, text) => github.commit('main', file, text),
    restarted: () => world.create(),
    tipOf: (branch) => github.tipOf(branch),
    parentsOf: (commit) => userGit(github.repository, 'log', '-1', '--format=%P', commit).split(' '),
    fileAt: (commit, file) => userGit(github.repository, 'show', `${commit}:${file}`),
  };
}

describe('the forge github', () => testForge(create));

describe('a base on GitHub', () => {
  it('is where a workspace starts, however old the clone of the user is', async () => {
    const { github, workspaces, task, workOn } = await newGitHubWorld();
    const newer = await github.commit('main', 'theirs.txt', 'theirs');
    expect((await workspaces.prepare(task)).baseCommit).toBe(newer);
    expect(await workspaces.fileAt(task, newer, 'theirs.txt')).toBe('theirs\n');
    const { commit } = await workOn(task, { 'new.txt': 'new' });
    const newest = await github.commit('main', 'later.txt', 'later');
    const joined = await workspaces.mergeBase(task, commit, newest);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(await workspaces.fileAt(task, joined.commit, 'later.txt')).toBe('later\n');
  });

  it('is fetched by a hardened git only: what the clone configures starts nothing and changes no address', async () => {
    const { repository, workspaces, task, github } = await newGitHubWorld();
    userGit(repository, 'config', `url.http://127.0.0.1:1/.insteadOf`, `${new URL(github.url).origin}/`);
    userGit(repository, 'config', 'credential.helper', '!touch /tmp/never-made');
    expect((await workspaces.prepare(task)).baseCommit).toBe(github.tipOf('main'));
  });
});

describe('problem', () => {
  it('is none where all is well, also when the task was begun before', async () => {
    const world = await newGitHubWorld();
    expect(await world.forge.problem(world.task)).toBeUndefined();
    await published(world);
    expect(await world.forge.problem(world.task)).toBeUndefined();
  });

  it.each([
    [
      'no token',
      { GH_TOKEN: ' ' },
      /no GitHub token is set: set PAWL_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN/,
    ],
    ['a bad token', { PAWL_GITHUB_TOKEN: 'ghp_wrong' }, /does not accept the token \(Bad credentials\)/],
    [
      'a host that is not known',
      { GITHUB_API_URL: undefined },
      /is no GitHub that this engine knows: set GITHUB_API_URL/,
    ],
  ])('says in one line what to do about %s', async (_, change, line) => {
    const { forge, task, environment } = await newGitHubWorld();
    Object.assign(environment, change);
    const said = await forge.problem(task);
    expect(said).toMatch(line);
    expect(said).not.toContain('\n');
    expect(said).not.toContain('ghp_');
  });

  it('names a missing right, an archive, a move, a refused merge method and a missing base', async () => {
    const { forge, task, environment, github } = await newGitHubWorld();
    const about = github.state.about;
    const withAbout = async (fields: Record<string, unknown>) => {
      Object.assign(about, fields);
      const said = await forge.problem(task);
      for (const name of Object.keys(fields)) delete about[name];
      return said;
    };
    expect(await withAbout({ archived: true })).toMatch(/is archived/);
    expect(await withAbout({ full_name: 'acme/gadgets' })).toMatch(
      /is acme\/gadgets now: run `git remote set-url`/,
    );
    expect(await withAbout({ allow_merge_commit: false })).toMatch(/does not allow the merge method merge/);
    expect(await forge.problem({ ...task, base: 'trunk' })).toMatch(/has no branch "trunk" on GitHub/);
    const elsewhere = { ...task, forge: { ...forgeOf(task), repository: 'secret' } };
    expect(await forge.problem(elsewhere)).toMatch(/does not see acme\/secret/);
    environment.GH_TOKEN = github.readToken;
    expect(await forge.problem(task)).toMatch(/may not push to acme\/widgets/);
  });

  it('names work of others on the branch, and a pull request that has ended', async () => {
    const world = await newGitHubWorld();
    const { forge, task, github, taskOf } = world;
    userGit(github.repository, 'branch', `pawl/${task.id}`, 'main');
    expect(await forge.problem(task)).toMatch(/holds work that is not of this task: rename it/);
    const closed = await published(world, taskOf());
    github.closeByHuman(closed.number);
    expect(await forge.problem(closed.task)).toMatch(/was closed without a merge: reopen it/);
    const merged = await published(world, taskOf());
    await github.mergeByHuman(merged.number);
    expect(await forge.problem(merged.task)).toMatch(/is merged: start another task/);
  });

  it('is not what it says when GitHub cannot be reached: that passes', async () => {
    const { forge, task, github } = await newGitHubWorld();
    for (const fault of ['unheard', { status: 502 }, { status: 503 }] as const) {
      github.fault = () => fault;
      await expect(forge.problem(task)).rejects.toMatchObject({ code: 'unavailable' });
    }
    // The page of a proxy, say.
    github.fault = () => ({ status: 200 });
    await expect(forge.problem(task)).rejects.toThrow(/not as GitHub describes it .*whether a proxy answers/);
  });
});

const forgeOf = ({ forge }: ReturnType<typeof newTask>) => {
  if (forge === undefined) throw new Error('expected a forge');
  return forge;
};

describe('push', () => {
  it('replaces what is of the task and refuses what is not', async () => {
    const { forge, task, github, workOn, workspaces } = await newGitHubWorld();
    const first = await workOn(task, { 'new.txt': 'n' });
    await forge.push(task, first.commit);
    await workspaces.remove(task);
    const again = await workOn(task, { 'other.txt': 'o' });
    await forge.push(task, again.commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(again.commit);
    const theirs = await github.commit(`pawl/${task.id}`, 'theirs.txt', 'mine');
    const third = await workOn(task, { 'other.txt': 'third' });
    await expect(forge.push(task, third.commit)).rejects.toMatchObject({ code: 'conflict' });
    expect(github.tipOf(`pawl/${task.id}`)).toBe(theirs);
  });

  it('settles an answer that was lost by looking, and says when git was not heard at all', async () => {
    const { forge, task, github, workOn } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    github.fault = (route) => (route === 'git-receive-pack' ? 'unheard' : undefined);
    await expect(forge.push(task, commit)).rejects.toMatchObject({ code: 'unavailable' });
    github.fault = (route) => (route === 'git-receive-pack' ? 'lost' : undefined);
    await forge.push(task, commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(commit);
  });

  it('says what a rule of the repository says', async () => {
    const { forge, task, github, workOn, environment } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    userGit(github.repository, 'config', 'receive.denyCreates', 'true');
    userGit(github.repository, 'config', 'transfer.hideRefs', 'refs/heads/pawl');
    await expect(forge.push(task, commit)).rejects.toThrow(/GitHub takes no push of pawl\/.*deny/);
    environment.GH_TOKEN = github.readToken;
    await expect(forge.push(task, commit)).rejects.toMatchObject({ code: 'precondition' });
  });
});

describe('the token', () => {
  it('is in no error, no file of the home and no address', async () => {
    const world = await newGitHubWorld();
    const { forge, task, github, places, environment, workOn } = world;
    const { merge, number } = await published(world);
    const said: string[] = [];
    const faults = [
      'unheard',
      'lost',
      { status: 500 },
      { status: 403, message: 'no' },
      { status: 429 },
      { status: 418 },
    ] as const;
    const newer = await workOn(task, { 'new.txt': 'newer' });
    for (const fault of faults) {
      github.fault = () => fault;
      const seen = { task, pullRequest: number, commit: merge.commit, seen: {}, until: 'news' } as const;
      const calls = [
        forge.problem(task),
        forge.push(task, newer.commit),
        forge.ensurePullRequest(requestFor(task, newer.commit, 'other')),
        forge.merge({ ...merge, baseCommit: newer.commit }),
        ...(fault === 'unheard' ? [forge.watch(seen, AbortSignal.timeout(5_000))] : []),
      ];
      for (const call of await Promise.allSettled(calls)) said.push(everything(call));
    }
    github.fault = () => undefined;
    environment.GH_TOKEN = 'ghp_wrong0000000000000000';
    for (const call of await Promise.allSettled([forge.push(task, newer.commit), forge.problem(task)])) {
      said.push(everything(call));
    }
    const secrets = [github.token, 'ghp_wrong0000000000000000'].flatMap((one) => [
      one,
      Buffer.from(`x-access-token:${one}`).toString('base64'),
    ]);
    expect(said.join('\n')).toContain('unavailable');
    const files = filesBelow(places.home).map((path) => readFileSync(join(places.home, path), 'latin1'));
    expect(readdirSync(places.home)).not.toEqual([]);
    for (const secret of secrets) {
      expect(said.join('\n')).not.toContain(secret);
      expect(files.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});

it.runIf(process.platform === 'linux')(
  'shows the token in no argument of a program, and uses only what the engine has set',
  async () => {
    const { forge, task, github, places, repository, workOn } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    const mirror = mirrorOf(places.mirrors, repository);
    const evil = '[http]\n\tproxy = http://127.0.0.1:1\n[url "http://127.0.0.1:1/"]\n\tinsteadOf = http://\n';
    put(mirror, { config: evil, 'hooks/pre-push': '#!/bin/sh\nexit 1\n' });
    chmodSync(join(mirror, 'hooks/pre-push'), 0o755);
    const secrets = [github.token, Buffer.from(`x-access-token:${github.token}`).toString('base64')];
    let lines: readonly string[] = [];
    github.fault = (route) => {
      if (route !== 'git-receive-pack') return undefined;
      lines = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(argumentsOf);
      return undefined;
    };
    await forge.push(task, commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(commit);
    expect(lines.some((line) => line.includes(github.url))).toBe(true);
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  },
);

/** Empty for a process that has ended meanwhile. */
function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** With causes and fields that printing an error leaves out. */
function everything(value: unknown, depth = 0): string {
  if (depth > 5 || value === null || typeof value !== 'object') return String(value);
  const names = Object.getOwnPropertyNames(value);
  return names.map((name) => `${name}: ${everything(Reflect.get(value, name), depth + 1)}`).join('\n');
}

it('one forge for all asks the one that a task has chosen', async () => {
  const { forge, task, places, repository, github } = await newGitHubWorld();
  const forges = createForges({ local: createLocalForge(places), github: forge });
  const before = github.requests.length;
  expect(await forges.problem(newTask(repository))).toBeUndefined();
  expect(github.requests).toHaveLength(before);
  expect(await forges.problem(task)).toBeUndefined();
  expect(github.requests.length).toBeGreaterThan(before);
});
