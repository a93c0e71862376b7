/** Agent-run tasks of a suite on a harness of its own, and what people do to them. */
import { afterAll, beforeAll } from 'vitest';
import type { AgentRunSpec } from '../../src/domain/task-spec.ts';
import { easy, type Steps } from './easy-steps.ts';
import { createHarness, type Harness, type Task } from './harness.ts';

export let harness: Harness;

beforeAll(async () => {
  harness = await createHarness();
});

afterAll(() => harness.close());

export const steps = (task: Task) => harness.calls(task.id).map(({ step }) => step);

export const attempts = (task: Task) =>
  harness
    .calls(task.id)
    .flatMap((call) => (call.step === 'runAttempt' ? [call.input as Parameters<Steps['runAttempt']>[0]] : []))
    .map(({ attempt }) => attempt);

export const approve = (task: Task) =>
  task.send('approve_gate', { gate: 'approval', decision: 'approve', by: 'me', via: 'cli' });

export const tell = (task: Task, text: string) => task.send('tell', { text, by: 'ann' });

export const atGate = (task: Task, attempt = 1) =>
  task.until(({ status, attempts }) => status === 'awaiting_gate' && attempts.length === attempt);

export const start = (spec: AgentRunSpec, own: Partial<Steps> = {}) => {
  harness.useSteps(spec.id, own);
  return harness.start({ spec });
};

/** An agent whose session is known by its first attempt. */
export const talks: Steps['runAttempt'] = async (input) => ({
  ...(await easy.runAttempt(input)),
  session: input.attempt.session ?? `session-${input.attempt.number}`,
});
