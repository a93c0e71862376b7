/**
 * Runs that a workflow starts: the spec is made by the code that makes a client's, sealed as the engine seals, and only for what
 * the execution was started for.
 */
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRunActivities, type RunSpecInput, type SealedRun } from '../../src/activities/pinned-run.ts';
import { createProjects } from '../../src/adapters/git/projects.ts';
import { createRunSpec } from '../../src/client/run-spec.ts';
import { placesIn, readConfig } from '../../src/config.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { type CallOf, operations } from '../../src/domain/operations.ts';
import { programDigestsIn } from '../../src/domain/own-programs.ts';
import type { RunPin } from '../../src/domain/run-pin.ts';
import { makeHome } from '../../src/engine/home.ts';
import { localDeps, localRuns } from '../../src/local.ts';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';

const SECRET = 'of-the-home-a81b2c3d4e5f';
const home = makeHome(scratchFolder('home'));
const own = { ...process.env, PAWL_HOME: home };
const config = readConfig(own);
const projects = createProjects(placesIn(home));
const { createRunSpec: asked } = createRunActivities(localRuns(config, own), projects);
const deps = localDeps(config, own);
const repository = newRepository();
const execution = ExecutionId.parse('x_bugfix-7f3k');
const START = digestOf({ loop: 'bugfix', inputs: {} });

beforeAll(() => {
  put(home, { '.env': `A_TOKEN=${SECRET}\n` });
  commitFiles(repository, {
    'pawl.yaml': `checks:\n  - {name: tests, run: [${process.execPath}, -e, '0']}\nagents:\n  helper: {command: [${process.execPath}, agent.mjs]}\n`,
  });
});

const RUN = {
  id: 'bugfix-7f3k-fix-1',
  requirement: 'Find the fault and mend it',
  repository,
  base: 'main',
  agent: { name: 'command', command: [process.execPath, 'agent.mjs'] },
  checks: [{ name: 'lint', run: [process.execPath, '-e', '0'] }],
} as const satisfies CallOf<'run'>;
/** What a workflow says of it besides. */
const SKILL = { title: 'fix: a bug', skill: { execution, skill: 'fix', work: 'branch' } } as const;
const inputOf = (run: CallOf<'run'>) => operations.run.input.parse(run);
const PIN: RunPin = {
  ...{ execution, start: START, repository, base: 'main' },
  programs: [...programDigestsIn(inputOf(RUN))],
};

/** A step of the workflow of this id. */
const activityOf = (workflowId: string) =>
  new MockActivityEnvironment(
    { workflowExecution: { workflowId, runId: 'a-run' } },
    { logger: new DefaultLogger('ERROR') },
  );

/** As that workflow asks. */
function ask(more: Partial<RunSpecInput> = {}, workflowId: string = execution): Promise<SealedRun> {
  const pin = more.pin ?? PIN;
  const environment = activityOf(workflowId);
  const run = 'run' in more ? more.run && { ...SKILL, ...more.run } : { ...SKILL, ...RUN };
  return environment.run(asked, { pin, seal: deps.seals.ofPin(pin), start: START, ...more, run });
}
const unexpected = (made: SealedRun): never => expect.fail(`it was made: ${made.spec.id}`);
const refused = (message: string | RegExp) => ({
  type: 'rejected',
  nonRetryable: true,
  message: expect.stringMatching(message),
});

it('are what a client would start, under the seal by which the engine knows its own', async () => {
  const { spec, seal } = await ask();
  expect(spec).toEqual({ ...(await createRunSpec(deps, inputOf(RUN))), ...SKILL });
  expect(deps.seals.isOf(spec.id, { spec: digestOf(spec), seal })).toBe(true);
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
});

it('are the same when they are asked for again, also after the base has moved', async () => {
  const first = await ask();
  expect(await ask()).toEqual(first);
  commitFiles(repository, { 'more.txt': 'more' });
  expect(await ask()).toEqual(first);
});

it('may name what the engine and the base name without having it pinned', async () => {
  const { agent, checks, ...plain } = RUN;
  const pin = { ...PIN, programs: [] };
  const { spec } = await ask({ pin, run: { ...plain, agent: { name: 'helper' } } });
  expect(spec.agent).toEqual({ name: 'helper', command: [process.execPath, 'agent.mjs'] });
  expect(spec.checks).toBeUndefined();
});

it('carry no secret into history: not in the title, the answer or what is thrown', async () => {
  const { spec } = await ask({ run: { ...RUN, title: `Mend ${SECRET}` } });
  expect(spec.title).not.toContain(SECRET);
  const failing = ask({ pin: { ...PIN, base: SECRET }, run: { ...RUN, base: SECRET } });
  const error = await failing.then(unexpected, (thrown: Error) => thrown);
  expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain(SECRET);
});

it('keep a long requirement as an artifact', async () => {
  const requirement = 'why '.repeat(LIMITS.requirementInlineCharsMax / 2).trim();
  const { spec } = await ask({ run: { ...RUN, requirement } });
  expect(spec.description.length).toBeLessThanOrEqual(LIMITS.requirementInlineCharsMax);
  expect(String(await deps.readArtifact(spec.requirementArtifact ?? ''))).toBe(requirement);
});

describe('are refused', () => {
  it.each<[string, Partial<RunSpecInput>, RegExp]>([
    ['without a seal', { seal: '' }, /^execution x_bugfix-7f3k was not started by the engine of this home/],
    [
      'under the seal of another pin',
      { seal: deps.seals.ofPin({ ...PIN, base: 'other' }) },
      /was not started by/,
    ],
    [
      'of a workflow that runs something else',
      { start: digestOf({ loop: 'another' }) },
      /not with what it runs now/,
    ],
    [
      'with another agent command',
      { run: { ...RUN, agent: { name: 'command', command: ['sh'] } } },
      /^agent\.command: /,
    ],
    ['with the same command as set-up', { run: { ...RUN, setup: RUN.agent.command } }, /^setup: /],
    ['with no checks in the place of those of the base', { run: { ...RUN, checks: [] } }, /^checks: /],
    [
      'with a variable that was not pinned',
      { run: { ...RUN, agent: { ...RUN.agent, env: ['A_TOKEN'] } } },
      /^agent\.env: /,
    ],
    ['with files of the checkout', { run: { ...RUN, copy: ['.env'] } }, /^copy: /],
    [
      'with all permissions',
      { run: { ...RUN, policy: { permissions: 'allow' } } },
      /^policy\.permissions: allow: /,
    ],
    [
      'with an agent that is not there',
      { run: { ...RUN, agent: { name: 'nobody' } }, pin: { ...PIN } },
      /^unknown agent nobody/,
    ],
    [
      'with an id that no task has',
      { run: { ...RUN, id: 'x_child' } },
      /id: x_child is an execution, not a task/,
    ],
    ['with a field that nobody knows', { run: { ...RUN, shell: 'sh' } }, /shell/],
    [
      'with a requirement that history should not hold',
      { run: { ...RUN, requirement: 'w'.repeat(65 * 1024) } },
      /^requirement: /,
    ],
    [
      'for a skill of another execution',
      { run: { ...RUN, skill: { ...SKILL.skill, execution: 'x_another' } } },
      /^execution x_another was not started by/,
    ],
    [
      'with a variable that is none of a loop',
      { run: { ...RUN, skill: { ...SKILL.skill, variables: { PATH: '/tmp' } } } },
      /skill\.variables/,
    ],
    [
      'with another branch as the one from which it began',
      { run: { ...RUN, skill: { ...SKILL.skill, trunk: { branch: 'other', commit: '1'.repeat(40) } } } },
      /^expected a run in .* on main or pawl\/x_bugfix-7f3k, .* on other$/,
    ],
    [
      'with a commit that is none',
      { run: { ...RUN, skill: { ...SKILL.skill, trunk: { branch: 'main', commit: 'HEAD' } } } },
      /skill\.trunk\.commit/,
    ],
    ['with nothing', { run: undefined }, /^run: /],
  ])('%s', async (_, more, message) => {
    await expect(ask(more)).rejects.toMatchObject(refused(message));
  });

  it('to another execution that has the pin and seal of this one', async () => {
    await expect(ask({}, 'x_another')).rejects.toMatchObject(refused(/was not started by/));
  });

  it('but not on the branch of the execution itself', async () => {
    commitFiles(repository, { 'on-branch.txt': 'x' });
    userGit(repository, 'branch', `pawl/${execution}`);
    const { spec } = await ask({ run: { ...RUN, base: `pawl/${execution}` } });
    expect(spec.base).toBe(`pawl/${execution}`);
  });

  it('in another repository or on another branch, before anything of it is read', async () => {
    const other = newRepository();
    const elsewhere = ask({ run: { ...RUN, repository: other } });
    await expect(elsewhere).rejects.toMatchObject(
      refused(/^expected a run in .* for which x_bugfix-7f3k was started, got/),
    );
    const unpinned = { ...PIN, base: 'release' };
    await expect(ask({ pin: unpinned })).rejects.toMatchObject(refused(/got .* on main$/));
  });

  it('for good where the pin is none', async () => {
    const error = await ask({ pin: { execution } as RunPin, seal: 'none' }).then(
      unexpected,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject(refused(/repository: /));
  });
});

it('are made on the branch of their execution, which is opened where it is not there', async () => {
  const id = ExecutionId.parse('x_opens-2k4m');
  const pin = { ...PIN, execution: id };
  const branchFrom = userGit(repository, 'rev-parse', 'main');
  const skill = { ...SKILL.skill, execution: id };
  const on = (more: Partial<RunSpecInput> = {}) =>
    ask({ pin, branchFrom, run: { ...RUN, base: `pawl/${id}`, skill }, ...more }, id);
  await expect(on({ seal: 'none' })).rejects.toMatchObject(refused(/was not started by/));
  expect(userGit(repository, 'branch', '--list', `pawl/${id}`)).toBe('');
  expect((await on()).spec.base).toBe(`pawl/${id}`);
  expect(userGit(repository, 'rev-parse', `pawl/${id}`)).toBe(branchFrom);
  commitFiles(repository, { 'later.txt': 'later' });
  expect(await on()).toEqual(await on());
  expect(userGit(repository, 'rev-parse', `pawl/${id}`)).toBe(branchFrom);
});

it('are tried again where a fault may pass', async () => {
  const passing = new Error('the disk is busy');
  const runs = { ...localRuns(config, own), specOf: () => Promise.reject(passing) };
  const environment = activityOf(execution);
  const { createRunSpec: failing } = createRunActivities(runs, projects);
  const given = { pin: PIN, seal: deps.seals.ofPin(PIN), start: START, run: { ...SKILL, ...RUN } };
  await expect(environment.run(failing, given)).rejects.toBe(passing);
});
