/** Tasks that do the skills of an execution: when they begin and end, what is cancelled, and what outlives a new run. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BranchInput } from '../../src/activities/branch-activities.ts';
import type { RunSpecInput, SealedRun } from '../../src/activities/pinned-run.ts';
import { queryTask } from '../../src/client/querying.ts';
import type { ExecutionSpec } from '../../src/domain/executions/execution-spec.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { ExecutionId, TaskId } from '../../src/domain/ids.ts';
import { parseLoop } from '../../src/domain/loops/parse-loop.ts';
import { PinnedRun } from '../../src/domain/run-pin.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { Policy } from '../../src/domain/task-spec.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import type { ExecutionInput } from '../../src/workflows/execution.ts';
import { approval, phase } from '../domain/executions/written-loops.ts';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import { createHarness, type Harness, QUEUE } from './harness.ts';

type Plan = (run: PinnedRun) => Partial<Steps>;

let harness: Harness;
const plans = new Map<string, Plan>();
const branches: (readonly [act: 'open' | 'open with its spec' | 'close', input: BranchInput])[] = [];
const made = new Map<string, SealedRun['spec'][]>();
beforeAll(async () => {
  harness = await createHarness({
    look: async () => ({ commit: 'c1', guarantees: [], evidence: [] }),
    endLooks: async () => undefined,
    openBranch: async (input: BranchInput) => void branches.push(['open', input]),
    closeBranch: async (input: BranchInput) => {
      branches.push(['close', input]);
      return {};
    },
    createRunSpec: async ({ run: asked, pin, branchFrom }: RunSpecInput): Promise<SealedRun> => {
      const { execution, repository: project } = pin;
      if (branchFrom !== undefined) branches.push(['open with its spec', { execution, project }]);
      const { title, skill, base = '', agent, checks, ...run } = PinnedRun.parse(asked);
      const spec = {
        ...agentSpec({}, run.id),
        policy: Policy.parse(run.policy ?? {}),
        ...{ title, description: run.requirement, base, skill, agent: agent ?? { name: 'claude' } },
        ...(checks !== undefined && { checks }),
      };
      harness.useSteps(run.id, plans.get(pin.execution)?.(PinnedRun.parse(asked)) ?? {});
      harness.replayed(run.id);
      made.set(pin.execution, [...(made.get(pin.execution) ?? []), spec]);
      return { spec, seal: 'seal' };
    },
  });
});
afterAll(async () => {
  await harness.close();
});

async function start(phases: readonly object[], plan: Plan = () => ({}), more: Partial<ExecutionInput> = {}) {
  const read = parseLoop({ loop: 'x', phases });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const id = ExecutionId.parse(`x_${randomUUID().slice(0, 8)}`);
  plans.set(id, plan);
  const spec: ExecutionSpec = {
    ...{ id, title: 'Test', loop: read.loop, digest: 'sha256:0', source: { source: 'home', file: 'x' } },
    ...{
      inputs: {},
      requester: 'ann',
      project: '/repo',
      baseCommit: '0'.repeat(40),
      base: 'main',
      autonomy: 'full',
    },
    ...{ checks: [], host: QUEUE, startedAt: '2026-01-01T00:00:00.000Z' },
  };
  harness.replayed(id);
  const pin = { execution: id, start: '0', repository: '/repo', base: 'main', programs: [] };
  const handle = await harness.client.workflow.start('execution', {
    workflowId: id,
    taskQueue: QUEUE,
    memo: { edition: EDITION, execution: { title: 'Test', loop: 'x', requester: 'ann' } },
    args: [{ spec, edition: EDITION, seal: 'seal', pinned: { pin, seal: 'pin' }, ...more }],
  });
  const state = () => queryTask<ExecutionState, []>(harness.client, handle, 'state');
  return {
    ...{ id, handle, state },
    tell: (name: string, message: object) =>
      handle.executeUpdate(name, { args: [{ by: 'bob', messageId: randomUUID(), ...message }] }),
    skills: () => (made.get(id) ?? []).map(({ skill }) => [skill?.skill, skill?.work]),
    async until(when: (state: ExecutionState) => boolean): Promise<ExecutionState> {
      for (let turn = 0; turn < 500; turn += 1) {
        const now = await state();
        if (when(now)) return now;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`it never got there: ${JSON.stringify(await state())}`);
    },
  };
}

const stepsOf = (id: string) => harness.calls(TaskId.parse(id)).map(({ step }) => step);
const branchesOf = ({ id }: { readonly id: string }) =>
  branches.filter(([, { execution }]) => execution === id).map(([act]) => act);
const byAgent = (id: string, more: object = {}) => ({ id, agent: 'claude', ...more });

it('works on its branch, discards what is only read, and delivers in the end', async () => {
  const one = await start(
    [
      phase('p', [
        byAgent('plan', { writes: 'none', returns: { n: 'number' } }),
        byAgent('build', { brief: 'Do {{ plan.n }}.', settings: 'own' }),
      ]),
      phase('q', [{ id: 'ship', deliver: 'pull_request' }]),
    ],
    ({ skill: { skill, work } }) => ({
      ...(skill === 'plan' && {
        runAttempt: async (input) => ({ ...(await easy.runAttempt(input)), outputs: { n: 7 } }),
      }),
      ...(work === 'delivery' && {
        prepareWorkspace: async (input) => ({
          ...(await easy.prepareWorkspace(input)),
          resumed: { kind: 'resumed', commit: 'all' },
        }),
      }),
    }),
  );
  const at = await one.until(({ phases }) => phases[1]?.skills[0]?.task !== undefined);
  const [plan, build] = at.phases[0]?.skills ?? [];
  const ship = at.phases[1]?.skills[0]?.task ?? '';
  expect(stepsOf(plan?.task ?? '')).toEqual(['prepareWorkspace', 'runAttempt', 'cleanUp']);
  expect(harness.calls(TaskId.parse(plan?.task)).at(-1)?.input).toMatchObject({ discards: true });
  expect(stepsOf(build?.task ?? '')).toEqual([
    'prepareWorkspace',
    'runAttempt',
    'runChecks',
    'publish',
    'merge',
  ]);
  const inputs = [plan, build].map((skill) => Object(harness.calls(TaskId.parse(skill?.task))[1]?.input));
  // What a person has set up for themselves reaches an agent only where the loop says so.
  expect(inputs.map(({ declaredOnly }) => declaredOnly)).toEqual([true, undefined]);
  expect(made.get(one.id)?.[1]).toMatchObject({ description: 'Do 7.', base: `pawl/${one.id}` });
  const shipping = harness.client.workflow.getHandle(ship);
  await expect
    .poll(async () => (await queryTask<TaskState, []>(harness.client, shipping, 'state')).status)
    .toBe('awaiting_gate');
  await shipping.executeUpdate('approve_gate', {
    args: [{ gate: 'approval', decision: 'approve', by: 'me', via: 'cli' }],
  });
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
  // No attempt of an agent: what is on the branch is its work.
  expect(stepsOf(ship)).toEqual(['prepareWorkspace', 'runChecks', 'publish', 'merge']);
  expect(harness.calls(TaskId.parse(ship))[0]?.input).toMatchObject({ from: `pawl/${one.id}`, goesOn: true });
  const opened = 'open with its spec';
  expect(branchesOf(one)).toEqual([opened, opened, opened, 'close']);
});

it('has its branch opened by a step apart where it was begun before the fifth edition', async () => {
  const one = await start([phase('p', [byAgent('a')])], undefined, { edition: 4 });
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
  expect(branchesOf(one)).toEqual(['open', 'close']);
});

it('has nothing to merge where nothing changed', async () => {
  const one = await start([phase('p', [byAgent('a')])], () => ({
    runAttempt: async (input) => ({ ...(await easy.runAttempt(input)), commit: input.baseCommit }),
  }));
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
  const task = made.get(one.id)?.[0]?.id ?? '';
  expect(harness.calls(TaskId.parse(task))[1]?.input).toMatchObject({ mayChangeNothing: true });
  expect(stepsOf(task)).toEqual(['prepareWorkspace', 'runAttempt', 'runChecks', 'cleanUp']);
});

it('goes to the next agent where one fails, and is blocked where none is left', async () => {
  const one = await start([phase('p', [byAgent('a', { agent: ['claude', 'codex'] })])], ({ agent }) => ({
    runAttempt: fails(agent?.name === 'claude' ? 'rate_limited' : 'no_change'),
  }));
  const { blockedBy, spent } = await one.until(({ status }) => status === 'blocked');
  expect(blockedBy).toContain('failed (no_change): it was no_change');
  expect(made.get(one.id)?.map(({ agent }) => agent.name)).toEqual(['claude', 'codex']);
  expect(spent).toMatchObject({ attempts: 2 });
  await one.tell('steer', { steer: { act: 'abort' } });
  await expect(one.handle.result()).rejects.toMatchObject({ cause: { type: 'aborted' } });
});

/** Works until it is cancelled. */
const endless: Partial<Steps> = {
  runAttempt: async () => {
    const { Context } = await import('@temporalio/activity');
    const { heartbeat, cancelled } = Context.current();
    const beat = setInterval(() => heartbeat(), 50).unref();
    return cancelled.finally(() => clearInterval(beat));
  },
};

it.each([
  [
    'it is aborted',
    (one: Awaited<ReturnType<typeof start>>) => one.tell('steer', { steer: { act: 'abort' } }),
  ],
  ['it is cancelled in Temporal', (one: Awaited<ReturnType<typeof start>>) => one.handle.cancel()],
])('ends its tasks before itself where %s', async (_, act) => {
  const one = await start([phase('p', [byAgent('a')])], () => endless);
  const at = await one.until(({ phases }) => phases[0]?.skills[0]?.task !== undefined);
  const task = at.phases[0]?.skills[0]?.task ?? '';
  await expect.poll(() => stepsOf(task)).toContain('runAttempt');
  await act(one);
  await expect(one.handle.result()).rejects.toThrow();
  expect(stepsOf(task)).toEqual(['prepareWorkspace', 'runAttempt', 'cleanUp']);
  expect((await harness.client.workflow.getHandle(task).describe()).status.name).toBe('CANCELLED');
  // What it has spent until then counts.
  expect((await one.state()).spent).toMatchObject({ attempts: 1 });
});

it('ends a task that nobody wants any more, and hears of one that a person has ended', async () => {
  const one = await start([phase('p', [byAgent('a'), byAgent('b')])], () => endless);
  const first = await one.until(({ phases }) => phases[0]?.skills[0]?.task !== undefined);
  await one.tell('complete', { skill: 'a', outcome: 'skipped', summary: 'not needed' });
  const second = await one.until(({ phases }) => phases[0]?.skills[1]?.task !== undefined);
  const [a, b] = [first.phases[0]?.skills[0]?.task ?? '', second.phases[0]?.skills[1]?.task ?? ''];
  await expect
    .poll(async () => (await harness.client.workflow.getHandle(a).describe()).status.name)
    .toBe('CANCELLED');
  await harness.client.workflow.getHandle(b).cancel();
  const { blockedBy, spent } = await one.until(({ status }) => status === 'blocked');
  expect(blockedBy).toContain(`the task ${b} was cancelled`);
  expect(spent).toMatchObject({ attempts: 2 });
  await one.tell('steer', { steer: { act: 'abort' } });
});

it('hands over between its tasks, with what they came to', async () => {
  const skills = ['a', 'b', 'c', 'd'].map((id) => byAgent(id));
  const one = await start([phase('p', skills, [approval('g')])], undefined, { eventsMax: 30 });
  await one.until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
  const { runId } = await one.handle.describe();
  expect(runId).not.toBe(one.handle.firstExecutionRunId);
  expect((await one.state()).phases[0]?.skills.map(({ by, via }) => [by, via])).toEqual(
    skills.map(() => ['claude', 'task']),
  );
  expect(one.skills()).toHaveLength(4);
  await one.tell('approve_gate', { gate: 'g', decision: 'approve' });
});

it('begins none while it is paused', async () => {
  const one = await start([phase('p', [{ id: 'm', manual: true }, byAgent('a')])]);
  await one.tell('update', { status: 'paused' });
  await one.tell('update', { status: 'active' });
  await one.tell('complete', { skill: 'm' });
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
  expect(one.skills()).toEqual([['a', 'branch']]);
});
