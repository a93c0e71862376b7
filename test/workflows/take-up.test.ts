/** What people put on a task's branch while its change waits: checked, shown and approved like any other, or asked about. */
import { expect, it } from 'vitest';
import type { TakenUp } from '../../src/domain/by-hand.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { approve, atGate, attempts, harness, start, steps, tell } from './agent-tasks.ts';
import { agentSpec, easy, type Steps } from './easy-steps.ts';
import type { Task } from './harness.ts';

const taken: TakenUp = { kind: 'taken', commit: 'theirs', by: 'Bob', summary: 'Say it better' };
const refused: TakenUp = { kind: 'refused', why: 'branch pawl/x was worked on, and it was rewritten' };

/** Answers one after the other, the last for ever. */
const inTurn = <T>(first: T, ...later: readonly T[]) => {
  const answers = [first, ...later];
  return async (): Promise<T> => (answers.length > 1 ? answers.shift() : undefined) ?? answers[0] ?? first;
};

const WORKED_ON = { kind: 'worked_on' } as const;
const MERGED = { kind: 'merged', commit: 'merge1' } as const;
const mergesSecondly = () => inTurn<Awaited<ReturnType<Steps['merge']>>>(WORKED_ON, MERGED);

const reject = (task: Task, reason: string) =>
  task.send('approve_gate', { gate: 'approval', decision: 'reject', by: 'me', via: 'cli', reason });
const retry = (task: Task) =>
  task.send('approve_gate', { gate: 'escalation', decision: 'approve', by: 'me' });
const gatesOf = ({ gates }: TaskState) => gates.map(({ gate, status }) => `${gate} ${status}`);
const inputs = <N extends keyof Steps>(task: Task, name: N) =>
  harness
    .calls(task.id)
    .flatMap(({ step, input }) => (step === name ? [input as Parameters<Steps[N]>[0]] : []));

it('is compared with the base that they have merged, and asked about once', async () => {
  const task = await start(agentSpec({ attemptsMax: 1 }), {
    merge: mergesSecondly(),
    takeUp: inTurn<TakenUp>({
      ...taken,
      baseCommit: 'base1',
      configuration: { kind: 'problem', problem: 'no YAML' },
    }),
  });
  await atGate(task);
  await approve(task);
  expect(await atGate(task, 2)).toMatchObject({
    baseCommit: 'base1',
    notes: expect.arrayContaining([expect.stringContaining('no YAML')]),
  });
  for (const step of ['runChecks', 'publish'] as const)
    expect(inputs(task, step).at(-1)).toMatchObject({ commit: 'theirs', baseCommit: 'base1' });
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
  expect(inputs(task, 'merge').at(-1)).toMatchObject({ commit: 'theirs', baseCommit: 'base1' });
});

it('is an attempt of theirs when the change is approved: checked, shown and approved anew', async () => {
  const task = await start(agentSpec({ attemptsMax: 1 }), {
    merge: mergesSecondly(),
    takeUp: inTurn<TakenUp>(taken),
  });
  await atGate(task);
  await approve(task);
  const again = await atGate(task, 2);
  expect(again.attempts[1]).toEqual({
    number: 2,
    reason: 'by_hand',
    agent: 'Bob',
    outcome: 'done',
    commit: 'theirs',
    summary: 'Say it better',
  });
  expect(gatesOf(again)).toEqual(['check stale', 'approval stale', 'check passed', 'approval open']);
  expect(again.gates[1]).toMatchObject({
    by: 'me',
    reason: expect.stringContaining('Bob has changed the work'),
  });
  expect(inputs(task, 'runChecks').at(-1)).toMatchObject({ commit: 'theirs', attempt: 2 });
  expect(inputs(task, 'publish').at(-1)).toMatchObject({ commit: 'theirs', summary: 'Say it better' });
  expect(inputs(task, 'takeUp')).toMatchObject([
    { commit: 'commit1', shown: 'commit1', baseCommit: 'base0' },
  ]);
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
  expect(inputs(task, 'merge').at(-1)).toMatchObject({ commit: 'theirs' });
});

it.each([
  ['rejected', (task: Task) => reject(task, 'say please')],
  ['talked about', (task: Task) => tell(task, 'say please')],
] as const)('is there for the agent when the change is %s, and uses up no attempt', async (_, move) => {
  const task = await start(agentSpec({ attemptsMax: 2 }), {
    takeUp: inTurn<TakenUp>(taken, { kind: 'nothing' }),
  });
  await atGate(task);
  await move(task);
  const again = await atGate(task, 3);
  expect(again.attempts.map(({ agent }) => agent)).toEqual(['command', 'Bob', 'command']);
  // Who said no, and why, is not forgotten.
  const approvals = again.gates.filter(({ gate }) => gate === 'approval');
  if (_ === 'rejected')
    expect(approvals[0]).toMatchObject({ status: 'rejected', by: 'me', reason: 'say please' });
  const { number, feedback } = attempts(task)[1] ?? {};
  expect(number).toBe(3);
  expect(feedback).toMatch(/say please/);
  expect(feedback).toMatch(/Bob has changed the work .*Say it better.*in your workspace/);
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
});

it('is taken up where it came while the agent worked, before anything is shown', async () => {
  const task = await start(agentSpec(), {
    publish: async (input) => (input.commit === 'theirs' ? easy.publish(input) : WORKED_ON),
    takeUp: inTurn<TakenUp>(taken),
  });
  const state = await atGate(task, 2);
  expect(gatesOf(state)).toEqual(['check stale', 'check passed', 'approval open']);
  expect(state.pullRequest).toMatchObject({ commit: 'theirs' });
  await task.terminate();
});

it('that cannot be taken up is asked about before an agent is paid, and no word is lost', async () => {
  const task = await start(agentSpec({ attemptsMax: 2 }), {
    takeUp: inTurn<TakenUp>(refused, refused, { kind: 'nothing' }),
  });
  await atGate(task);
  await reject(task, 'say please');
  const asked = await task.until(({ gates }) => gates.at(-1)?.gate === 'escalation');
  expect(asked.gates.at(-1)).toMatchObject({
    question: expect.stringContaining('it was rewritten'),
    next: expect.stringContaining('looks at the branch again'),
  });
  await retry(task);
  await task.until(({ gates }) => gates.filter(({ gate }) => gate === 'escalation').length === 2);
  expect(attempts(task)).toHaveLength(1);
  await retry(task);
  await atGate(task, 2);
  expect(attempts(task)[1]).toMatchObject({ reason: 'fix', feedback: 'rejected by me: say please' });
  await approve(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
});

it('that is gone by the time it is looked for does not change what was approved', async () => {
  const task = await start(agentSpec(), {
    merge: mergesSecondly(),
    takeUp: inTurn<TakenUp>(refused, { kind: 'nothing' }),
  });
  await atGate(task);
  await approve(task);
  await task.until(({ gates }) => gates.at(-1)?.gate === 'escalation');
  await retry(task);
  expect(await task.result()).toMatchObject({ status: 'completed' });
  expect(steps(task)).toEqual([
    'prepareWorkspace',
    'runAttempt',
    'runChecks',
    'publish',
    'merge',
    'takeUp',
    'takeUp',
    'merge',
  ]);
  expect(gatesOf(await task.state())).toEqual(['check passed', 'approval approved', 'escalation approved']);
});
