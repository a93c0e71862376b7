/** What programs of a task are told of it in their environment: set-up and checks by the steps that run them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { ProgramRequest } from '../../src/activities/ports/programs-port.ts';
import type { Running } from '../../src/activities/running.ts';
import { prepareWorkspace } from '../../src/activities/workspace.ts';
import { environmentOf } from '../../src/adapters/agents/agent-program.ts';
import { createArtifactStore } from '../../src/adapters/files/artifact-store.ts';
import { matching } from '../../src/adapters/files/globs.ts';
import { createProgramRunner } from '../../src/adapters/programs/program-runner.ts';
import { createVariables } from '../../src/adapters/programs/variables.ts';
import { marksOf } from '../../src/domain/marks.ts';
import { newWorld, scratchFolder, workOn } from '../adapters/scratch-repository.ts';

const SHOW = [
  'sh',
  '-c',
  'echo "$PAWL_TASK|$PAWL_BASE_BRANCH|$PAWL_BASE_COMMIT|$(git rev-parse "$PAWL_BASE_BRANCH")"',
];

it('set-up and checks have task and base, and the base branch is at that commit', async () => {
  const world = newWorld();
  const printed: string[] = [];
  const runner = createProgramRunner({ environment: process.env });
  const deps = {
    ...world,
    programs: {
      ...runner,
      run: async (request: ProgramRequest, signal: AbortSignal) => {
        const result = await runner.run(request, signal);
        printed.push(result.output.trim());
        return result;
      },
    },
    isStartedHere: () => true,
    endMarked: async () => undefined,
    artifacts: createArtifactStore(scratchFolder('artifacts')),
    marks: marksOf(world.places.home),
    agents: () => undefined,
    parseConfiguration: () => ({ checks: [], protect: [], agents: {} }),
    matching,
    variables: createVariables(
      { envFile: join(world.places.home, '.env'), token: join(world.places.home, 'token') },
      process.env,
    ),
  } as unknown as ActivityDeps; // no more is asked of them
  const { task, baseCommit } = world;
  const run = { signal: new AbortController().signal } as Running; // neither heard of nor noted
  await prepareWorkspace(deps, { task, agent: { name: 'none' }, setup: SHOW }, run);
  const { commit } = await workOn(world, task, { 'new.txt': 'n' });
  const checks = [{ name: 'show', run: SHOW }];
  await runChecks(deps, { task, attempt: 1, baseCommit, commit, checks, protect: [] }, run);
  const expected = `${task.id}|main|${baseCommit}|${baseCommit}`;
  expect(printed).toEqual([expected, expected]);
});

it('an agent has them as well, and what its adapter sets wins', () => {
  const request = {
    environment: { PATH: '/bin', PAWL_TASK: 'of the engine' },
    mark: 'm',
    choice: { name: 'command', env: ['PAWL_TASK'] },
    variables: { PAWL_TASK: 't', PAWL_BASE_BRANCH: 'main' },
  } as unknown as Parameters<typeof environmentOf>[0]; // no more is looked at
  expect(environmentOf(request, { sets: { PAWL_TASK_FILE: '/f' } })).toMatchObject({
    PAWL_TASK: 't',
    PAWL_BASE_BRANCH: 'main',
    PAWL_TASK_FILE: '/f',
    PAWL_PROCESS: 'm',
  });
});
