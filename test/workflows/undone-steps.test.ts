/** Steps after the agent's work that could not be done: a person is asked, and only that step is done again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import { createHarness, type Harness, type Task } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const steps = (task: Task) => harness.calls(task.id).map(({ step }) => step);
const decide = (task: Task, gate: string, decision: 'approve' | 'reject') =>
  task.send('approve_gate', { gate, decision, by: 'ann', via: 'cli' });
const atApproval = (task: Task) =>
  task.until(({ gates }) => gates.some(({ gate, status }) => gate === 'approval' && status === 'open'));
const asked = async (task: Task, count = 1) => {
  const state = await task.until(
    ({ status, gates }) =>
      status === 'awaiting_gate' && gates.filter(({ gate }) => gate === 'escalation').length === count,
  );
  return state.gates.at(-1)?.question;
};

/** Fails for good so often, then goes well. */
const failingFirst = <K extends 'runChecks' | 'publish' | 'merge'>(
  name: K,
  failures: number,
): Partial<Steps> => {
  let left = failures;
  const step = async (input: never) => {
    left -= 1;
    return left >= 0 ? fails('auth')() : (easy[name] as (input: never) => unknown)(input);
  };
  return { [name]: step } as Partial<Steps>;
};

const start = async (own: Partial<Steps>, settings: object = {}): Promise<Task> => {
  const spec = agentSpec();
  harness.useSteps(spec.id, own);
  return harness.start({ spec, ...settings });
};

/** Goes to the step that fails. */
const reach = async (task: Task, name: string): Promise<void> => {
  if (name !== 'merge') return;
  await atApproval(task);
  await decide(task, 'approval', 'approve');
};

describe.each([
  ['runChecks', 'the change could not be checked: it was auth'],
  ['publish', 'the change is ready and could not be offered: it was auth'],
  ['merge', 'approved, and could not be merged: it was auth'],
] as const)('%s', (name, question) => {
  it('is done again when a person lets it, as often as they do, and nothing before it', async () => {
    const task = await start(failingFirst(name, 2));
    await reach(task, name);
    expect(await asked(task)).toBe(question);
    await decide(task, 'escalation-1', 'approve');
    expect(await asked(task, 2)).toBe(question);
    await decide(task, 'escalation-2', 'approve');
    if (name !== 'merge') {
      await atApproval(task);
      await decide(task, 'approval', 'approve');
    }
    expect(await task.result()).toMatchObject({ status: 'completed', mergedCommit: 'merge1' });
    const once = ['prepareWorkspace', 'runAttempt', 'runChecks', 'publish', 'merge'];
    expect(steps(task)).toEqual(once.flatMap((step) => (step === name ? [step, step, step] : [step])));
  });

  it('is left for the agent where a person tells it what to do', async () => {
    const task = await start(failingFirst(name, 1));
    await reach(task, name);
    await asked(task);
    await task.send('tell', { text: 'put it elsewhere', by: 'ann' });
    const shown = await atApproval(task);
    expect(shown.attempts).toHaveLength(2);
    await task.cancel();
  });

  it('fails the task where a person stops it, and its workspace is closed', async () => {
    const task = await start(failingFirst(name, 1));
    await reach(task, name);
    await asked(task);
    await decide(task, 'escalation-1', 'reject');
    await expect(task.result()).rejects.toMatchObject({ cause: { message: `stopped by ann: ${question}` } });
    expect(steps(task).at(-1)).toBe('cleanUp');
  });

  it('is asked about across continue-as-new', async () => {
    const task = await start(failingFirst(name, 1), { eventsMax: 30 });
    await reach(task, name);
    await asked(task);
    for (let note = 0; note < 5; note += 1) await task.send('update', { note: `note ${note}` });
    expect((await task.describe()).runId).not.toBe(task.firstRun);
    await decide(task, 'escalation-1', 'approve');
    if (name !== 'merge') {
      await atApproval(task);
      await decide(task, 'approval', 'approve');
    }
    expect((await task.until(({ status }) => status === 'completed')).attempts).toHaveLength(1);
  });
});
