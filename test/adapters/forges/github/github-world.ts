/** A fake GitHub, a user's clone of it and a Pawl home, for the tests of the forge `github`. */
import { onTestFinished } from 'vitest';
import { createGitHubForge } from '../../../../src/adapters/forges/github/forge.ts';
import { gitHubRemotes } from '../../../../src/adapters/forges/github/hosts.ts';
import { createWorkspaces } from '../../../../src/adapters/git/workspaces.ts';
import type { TaskRef } from '../../../../src/domain/steps.ts';
import type { ForgeChoice } from '../../../../src/domain/task-spec.ts';
import { startFakeGitHub } from '../../../fixtures/github/server.ts';
import { newPlaces, newRepository, newTask, put } from '../../scratch-repository.ts';

/** The fake judges all that was said to it when the test has finished. */
export async function newGitHubWorld(options: { readonly mergeMethod?: ForgeChoice['mergeMethod'] } = {}) {
  const repository = newRepository();
  const github = await startFakeGitHub({ from: repository });
  onTestFinished(() => github.close());
  const environment: Record<string, string | undefined> = {
    GITHUB_API_URL: github.api,
    GH_TOKEN: github.token,
  };
  const { api, url, owner, name } = github;
  const { mergeMethod = 'merge' } = options;
  const forgeChoice: ForgeChoice = { name: 'github', api, url, owner, repository: name, mergeMethod };
  const places = newPlaces();
  const create = () => createGitHubForge(places, { environment: () => environment, pollMs: 20 });
  const taskOf = (): TaskRef => ({ ...newTask(repository), forge: forgeChoice });
  const workspaces = createWorkspaces(
    places,
    gitHubRemotes(() => environment),
  );
  const workOn = async (task: TaskRef, files: Readonly<Record<string, string>>) => {
    const { path, baseCommit } = await workspaces.prepare(task);
    put(path, files);
    const commit = (await workspaces.commit(task, 'work', `${task.id}/${JSON.stringify(files)}`)) ?? '';
    return { task, baseCommit, commit };
  };
  return {
    github,
    environment,
    places,
    repository,
    workspaces,
    task: taskOf(),
    taskOf,
    create,
    forge: create(),
    workOn,
  };
}
export type GitHubWorld = Awaited<ReturnType<typeof newGitHubWorld>>;

export const requestFor = (task: TaskRef, commit: string, title = 'Do it') => ({
  task,
  key: `${task.id}/1/pull-request`,
  commit,
  title,
  body: 'What and why.',
});

/** A task with a pull request. */
export async function published(world: GitHubWorld, task = world.task, file = 'new.txt') {
  const { commit, baseCommit } = await world.workOn(task, { [file]: 'new\n' });
  await world.forge.push(task, commit);
  const { number } = await world.forge.ensurePullRequest(requestFor(task, commit));
  const merge = { task, key: `${task.id}/1/merge`, number, commit, baseCommit };
  return { task, commit, number, merge };
}
