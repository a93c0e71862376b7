/** The step that checks a commit, with real adapters, on a base and what an agent made of it. */
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { Running } from '../../src/activities/running.ts';
import { prepareWorkspace } from '../../src/activities/workspace.ts';
import { createArtifactStore } from '../../src/adapters/files/artifact-store.ts';
import { matching } from '../../src/adapters/files/globs.ts';
import { restoreSettings } from '../../src/adapters/files/settings-files.ts';
import { createProgramRunner } from '../../src/adapters/programs/program-runner.ts';
import { createVariables } from '../../src/adapters/programs/variables.ts';
import { parseRepositoryConfig } from '../../src/adapters/repository/pawl-yaml.ts';
import { marksOf } from '../../src/domain/marks.ts';
import { PROTECTED } from '../../src/domain/protect.ts';
import type { Prepared } from '../../src/domain/steps.ts';
import type { Command } from '../../src/domain/task-spec.ts';
import { newWorld, put, scratchFolder } from '../adapters/scratch-repository.ts';

type Files = Readonly<Record<string, string>>;

/** The adapters of the step, and nobody who reads along. */
export const checkDeps = ({ workspaces, checkSpaces, places: { home } }: ReturnType<typeof newWorld>) => ({
  workspaces,
  checkSpaces,
  endMarked: async () => undefined,
  parseConfiguration: parseRepositoryConfig,
  programs: createProgramRunner({ environment: process.env }),
  artifacts: createArtifactStore(scratchFolder('artifacts')),
  marks: marksOf(home),
  matching,
  restoreSettings,
  observer: { stepRuns() {}, waits() {}, printed() {} },
  variables: createVariables({ envFile: join(home, '.env'), token: join(home, 'token') }, process.env),
});

/** The first step of a task without checks, on a forge and with an agent of which no more is asked. */
export function prepareIn(world: ReturnType<typeof newWorld>): Promise<Prepared> {
  const deps = {
    ...checkDeps(world),
    forge: { problem: async () => undefined },
    isStartedHere: () => true,
    agents: () => ({ problem: async () => undefined }),
  } as unknown as ActivityDeps; // no more is asked of them
  const agent = { name: 'command', command: ['true'] };
  const run = { signal: new AbortController().signal } as Running;
  return prepareWorkspace(deps, { task: world.task, agent, checks: [] }, run);
}

/** What each pass of the check came to. */
export async function check(
  base: Files,
  work: Files,
  command: Command,
  { protect = PROTECTED, setup }: { protect?: readonly string[] | undefined; setup?: Command } = {},
) {
  const world = newWorld({ 'a.txt': 'a', ...base });
  const { task, workspaces } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, work);
  for (const [name, text] of Object.entries(work))
    if (text.startsWith('#!')) chmodSync(join(path, name), 0o755);
  const commit = (await workspaces.commit(task, 'work', task.id)) ?? '';
  const deps = checkDeps(world);
  const checks = [{ name: 'tests', run: command }];
  const input = { task, attempt: 1, baseCommit, commit, checks, protect: [...protect], setup: setup ?? null };
  const { evidence } = await runChecks(deps, input, { signal: new AbortController().signal });
  const left = Object.keys(work).every((name) => existsSync(join(path, name)));
  expect(left).toBe(true);
  return evidence.map(({ passed, restored }) => ({
    passed,
    ...(restored === undefined ? {} : { restored }),
  }));
}
