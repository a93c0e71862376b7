/** The steps by which the engine looks at a project, with real adapters, called as a worker calls them. */
import { join } from 'node:path';
import { CompleteAsyncError } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { executionSteps } from '../../src/activities/execution-step.ts';
import { createLookActivities } from '../../src/activities/look-activities.ts';
import type { Answers } from '../../src/activities/running.ts';
import { createMatcher } from '../../src/adapters/files/bounded-matcher.ts';
import { createProjects } from '../../src/adapters/git/projects.ts';
import { endMarked } from '../../src/adapters/programs/processes.ts';
import { createVariables } from '../../src/adapters/programs/variables.ts';
import { digestOf } from '../../src/domain/digest.ts';
import type { EndLooksInput, LookInput } from '../../src/domain/executions/look-step.ts';
import type { Seen } from '../../src/domain/executions/looks.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { WrittenGuarantees } from '../../src/domain/loops/guarantees.ts';
import { createStartSeals } from '../../src/engine/start-seals.ts';
import { newWorld, userGit } from '../adapters/scratch-repository.ts';
import { checkDeps } from './check-rig.ts';

export const execution = ExecutionId.parse('x_fix-1');
/** What it was started with, as far as the seal is concerned. */
const SPEC = { id: execution };
const seals = createStartSeals('the secret of the home');

interface Asked extends Omit<Partial<LookInput>, 'guarantees'> {
  /** As a loop has them. */
  readonly guarantees?: readonly unknown[];
}

export function lookRig(files?: Readonly<Record<string, string>>) {
  const world = newWorld(files);
  const { repository, places } = world;
  const baseCommit = userGit(repository, 'rev-parse', 'HEAD');
  const marks: string[] = [];
  let answer: unknown;
  const deps = {
    ...checkDeps(world),
    projects: createProjects(places),
    matcher: createMatcher(),
    variables: createVariables(
      { envFile: join(places.home, '.env'), token: join(places.home, 'token'), copied: places.copied },
      process.env,
    ),
    isStartedHere: (id: string, start: LookInput['start']) => seals.isOf(id, start),
    endMarked: async (mark: string) => {
      marks.push(mark);
      await endMarked(mark, 500);
    },
    journal: { open: async () => ({ note: async () => undefined, close: async () => undefined }) },
    owner: { pid: process.pid, startedAt: 'now' },
  } as unknown as ActivityDeps; // no more is asked of them
  const answers: Answers = {
    complete: async (_, result) => {
      answer = result;
      return true;
    },
  };
  const activities = createLookActivities(deps, executionSteps(deps, answers));
  /** As a worker runs a step of this workflow; `cut` cancels it, or ends its worker, when `after` has settled. */
  async function run<I>(
    step: (input: I) => Promise<unknown>,
    input: I,
    { workflowId = execution as string, after }: { workflowId?: string; after?: Promise<unknown> } = {},
  ): Promise<unknown> {
    const info = { workflowExecution: { workflowId, runId: 'a-run' } };
    const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
    void after?.then(() => environment.cancel('CANCELLED'));
    answer = undefined;
    await environment.run(step, input).catch((error: unknown) => {
      if (!(error instanceof CompleteAsyncError)) throw error;
    });
    return answer;
  }
  const inputOf = ({ guarantees = [], ...more }: Asked): LookInput => ({
    ...{ execution, title: 'Fix it', project: repository, baseCommit },
    ...{ checks: [], deliverables: [] },
    start: { spec: digestOf(SPEC), seal: seals.of(SPEC) },
    guarantees: WrittenGuarantees.parse(guarantees),
    ...more,
  });
  return {
    ...world,
    baseCommit,
    deps,
    marks,
    look: async (asked: Asked, how?: { workflowId?: string; after?: Promise<unknown> }) =>
      (await run(activities.look, inputOf(asked), how)) as Seen, // what it completed with
    endLooks: (input: EndLooksInput = { execution, project: repository }) => run(activities.endLooks, input),
  };
}

/** Each guarantee with what is wrong. */
export const errorsIn = ({ guarantees }: Seen): Readonly<Record<string, string>> =>
  Object.fromEntries(guarantees.map(({ id, errors }) => [id, errors.join('; ')]));
