/** A task that is cancelled while its agent works: the attempt is heard out, then cleaned up after. */
import { CancelledFailure, Context } from '@temporalio/activity';
import { expect, it } from 'vitest';
import type { AttemptFailureDetails } from '../../src/domain/steps.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { attempts, harness, steps, talks, tell } from './agent-tasks.ts';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import type { Task } from './harness.ts';

const usage = { inputTokens: 7, outputTokens: 3 };
const checkpoint = { number: 2, attempt: 1, completed: ['half'], next: [], createdFiles: [] };
const reached: AttemptFailureDetails = { checkpoint, session: 's-1', usage };

/** Works, with heartbeats, until it hears that it is cancelled, and then for a while more. */
async function untilStopped(): Promise<void> {
  const context = Context.current();
  const beats = setInterval(() => context.heartbeat(), 20);
  await context.cancelled.catch(() => undefined);
  // As long as a stubborn agent may take to end.
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(beats);
}

/** An agent-run task of today whose attempt ends as it is told; notes when that was. */
async function start(end: Steps['runAttempt']) {
  const story: string[] = [];
  const spec = agentSpec();
  harness.useSteps(spec.id, {
    async runAttempt(input) {
      if (input.attempt.number > 1) return talks(input);
      await untilStopped();
      story.push('attempt ended');
      return end(input);
    },
    async cleanUp() {
      story.push('cleaned up');
      return {};
    },
  });
  const task = await harness.start({ spec, edition: EDITION });
  await task.until(() => steps(task).includes('runAttempt'));
  return { task, story };
}

const cancelled = async (task: Task) => {
  await task.cancel();
  await expect(task.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  return task.state();
};

it('waits for the end of the attempt, and keeps what it had reached, before it cleans up', async () => {
  const { task, story } = await start(async () => {
    throw new CancelledFailure('the attempt was cancelled', [reached]);
  });
  expect(await cancelled(task)).toMatchObject({
    status: 'cancelled',
    attempts: [{ outcome: 'cancelled', session: 's-1', usage }],
  });
  expect(story).toEqual(['attempt ended', 'cleaned up']);
});

it.each([
  ['well', easy.runAttempt, { outcome: 'done', commit: 'commit1' }],
  ['in a failure', fails('interrupted', reached), { outcome: 'cancelled', session: 's-1', usage }],
] as const)('goes no further when the attempt ends %s all the same', async (_, end, attempt) => {
  const { task, story } = await start(end);
  expect(await cancelled(task)).toMatchObject({ status: 'cancelled', failure: null, attempts: [attempt] });
  expect(story).toEqual(['attempt ended', 'cleaned up']);
  expect(steps(task)).toEqual(['prepareWorkspace', 'runAttempt', 'cleanUp']);
});

it('is cancelled also where the step that was cut short ends in a failure', async () => {
  const spec = agentSpec();
  harness.useSteps(spec.id, {
    async runChecks() {
      await untilStopped();
      return fails('worker_lost')();
    },
  });
  const task = await harness.start({ spec, edition: EDITION });
  await task.until(() => steps(task).includes('runChecks'));
  expect(await cancelled(task)).toMatchObject({ status: 'cancelled', failure: null });
  expect(steps(task)).toEqual(['prepareWorkspace', 'runAttempt', 'runChecks', 'cleanUp']);
});

it('keeps session and usage of an attempt that an instruction cuts short', async () => {
  const { task } = await start(async () => {
    throw new CancelledFailure('the attempt was cancelled', [reached]);
  });
  await tell(task, 'mind the gap');
  const state = await task.until(({ status }) => status === 'awaiting_gate');
  expect(state.attempts).toMatchObject([
    { outcome: 'cancelled', session: 's-1', usage },
    { reason: 'told', outcome: 'done', resumedFrom: '1.2' },
  ]);
  expect(attempts(task)[1]).toMatchObject({ session: 's-1', checkpoint, feedback: 'ann says: mind the gap' });
  await task.terminate();
});
