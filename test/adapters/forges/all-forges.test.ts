import { expect, it } from 'vitest';
import { createForges } from '../../../src/adapters/forges/all-forges.ts';
import { createLocalForge } from '../../../src/adapters/forges/local/forge.ts';
import { newTask } from '../scratch-repository.ts';
import { newGitHubWorld } from './github/github-world.ts';

it('one forge for all asks the one that a task has chosen', async () => {
  const { forge, task, places, repository, github } = await newGitHubWorld();
  const forges = createForges({ local: createLocalForge(places), github: forge });
  const before = github.requests.length;
  expect(await forges.problem(newTask(repository))).toBeUndefined();
  expect(github.requests).toHaveLength(before);
  expect(await forges.problem(task)).toBeUndefined();
  expect(github.requests.length).toBeGreaterThan(before);
});
