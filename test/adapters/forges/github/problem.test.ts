import { describe, expect, it } from 'vitest';
import { type newTask, userGit } from '../../scratch-repository.ts';
import { newGitHubWorld, published } from './github-world.ts';

const forgeOf = ({ forge }: ReturnType<typeof newTask>) => {
  if (forge === undefined) throw new Error('expected a forge');
  return forge;
};

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
    const branch = `pawl/${task.id}`;
    userGit(github.repository, 'branch', branch, 'main');
    expect(await forge.problem(task)).toBeUndefined();
    const theirs = userGit(github.repository, 'commit-tree', '-m', 'theirs', 'main^{tree}');
    userGit(github.repository, 'update-ref', `refs/heads/${branch}`, theirs);
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
