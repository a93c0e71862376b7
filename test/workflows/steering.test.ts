/** What moves a task from outside while its agent works or waits: instructions and permissions. */

import { describe, expect, it } from 'vitest';
import { approve, atGate, attempts, harness, start, talks, tell } from './agent-tasks.ts';
import { agentSpec, fails, type Steps } from './easy-steps.ts';
import type { Task } from './harness.ts';

describe('an instruction', () => {
  it('at the approval reopens the work in the same session, and what was shown is stale', async () => {
    const task = await start(agentSpec(), { runAttempt: talks });
    await atGate(task);
    await tell(task, 'keep the old route');
    const state = await atGate(task, 2);
    expect(attempts(task)[1]).toMatchObject({
      reason: 'told',
      session: 'session-1',
      feedback: 'ann says: keep the old route',
    });
    expect(state.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
      'check passed',
      'approval stale',
      'check passed',
      'approval open',
    ]);
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it('comes to a working agent at once, several in the order they were given', async () => {
    const { promise: told, resolve: wasTold } = Promise.withResolvers<void>();
    const task = await start(agentSpec(), {
      // The stand-in hears of no cancellation; the second attempt is the one that has what was said.
      runAttempt: async (input) => {
        if (input.attempt.number === 1) await told;
        return talks(input);
      },
    });
    await task.until(({ attempts }) => attempts.length === 1);
    await tell(task, 'first');
    await tell(task, 'second');
    wasTold();
    await atGate(task, 2);
    expect(attempts(task)[1]?.feedback).toBe('ann says: first\n\nann says: second');
    await task.terminate();
  });

  it('is not lost with an attempt that ends before it is done', async () => {
    const task = await start(agentSpec(), {
      runAttempt: (input) => (input.attempt.number === 2 ? fails('interrupted')() : talks(input)),
    });
    await atGate(task);
    await tell(task, 'mind the gap');
    await atGate(task, 3);
    expect(attempts(task)[2]).toMatchObject({ reason: 'resume', feedback: 'ann says: mind the gap' });
    await task.terminate();
  });

  it('answers an escalation', async () => {
    const task = await start(agentSpec(), {
      runAttempt: (input) => (input.attempt.number === 1 ? fails('blocked')() : talks(input)),
    });
    await atGate(task);
    await tell(task, 'use postgres');
    const state = await atGate(task, 2);
    expect(attempts(task)[1]).toMatchObject({ reason: 'retry', feedback: 'ann says: use postgres' });
    expect(state.gates[0]).toMatchObject({ gate: 'escalation', status: 'approved', by: 'ann', via: 'tell' });
    await task.terminate();
  });

  describe('of somebody who may not decide', () => {
    const say = (task: Task, text: string) => task.send('tell', { text, by: 'ci', mayDecide: false });

    it('answers no escalation, and waits for nobody where it is refused', async () => {
      const task = await start(agentSpec(), {
        runAttempt: (input) => (input.attempt.number === 1 ? fails('blocked')() : talks(input)),
      });
      await atGate(task);
      await expect(say(task, 'go on')).rejects.toMatchObject({
        cause: { message: expect.stringContaining('may not decide') },
      });
      expect((await task.state()).gates).toMatchObject([{ gate: 'escalation', status: 'open' }]);
      await tell(task, 'use postgres');
      await atGate(task, 2);
      expect(attempts(task)[1]).toMatchObject({ feedback: 'ann says: use postgres' });
      // Where a change waits, it counts as any other.
      await say(task, 'and tabs');
      await atGate(task, 3);
      expect(attempts(task)[2]?.feedback).toContain('ci says: and tabs');
      await task.terminate();
    });

    it('answers none that comes after it: the agent has it once somebody else has answered', async () => {
      const { promise: told, resolve: wasTold } = Promise.withResolvers<void>();
      const task = await start(agentSpec(), {
        runAttempt: async (input) => {
          if (input.attempt.number > 1) return talks(input);
          await told;
          return fails('blocked')();
        },
      });
      await task.until(({ attempts }) => attempts.length === 1);
      await say(task, 'go on');
      wasTold();
      const state = await atGate(task);
      expect(state.gates).toMatchObject([{ gate: 'escalation', status: 'open' }]);
      await task.send('approve_gate', { gate: 'escalation', decision: 'approve', by: 'ann' });
      await atGate(task, 2);
      expect(attempts(task)[1]).toMatchObject({ reason: 'retry', feedback: 'ci says: go on' });
      await task.terminate();
    });
  });

  it('is refused where no agent of the engine works, and after the end', async () => {
    const task = await start(agentSpec());
    await atGate(task);
    await approve(task);
    await task.result();
    await expect(tell(task, 'too late')).rejects.toThrow();
    const mine = await harness.start({
      spec: { kind: 'client_driven', id: agentSpec().id, title: 't', description: '' },
    });
    await expect(tell(mine, 'who?')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('client-driven') },
    });
    await mine.terminate();
  });

  it('does not count against the attempts of the policy', async () => {
    const task = await start(agentSpec({ attemptsMax: 1 }), { runAttempt: talks });
    await atGate(task);
    for (const number of [2, 3, 4]) {
      await tell(task, `once more ${number}`);
      await atGate(task, number);
    }
    await task.terminate();
  });
});

describe('a permission that the agent asks for', () => {
  const permission = { id: 'bash:rm', title: 'run rm -rf build' };
  const asks: Steps['runAttempt'] = (input) =>
    input.attempt.granted?.includes(permission.id)
      ? talks(input)
      : fails('permission', { permission, session: 's-1' })();

  it('becomes an approval gate, and the session goes on with the grant', async () => {
    const task = await start(agentSpec(), { runAttempt: asks });
    const waiting = await atGate(task);
    expect(waiting.gates).toMatchObject([
      { gate: 'approval', status: 'open', permission, digest: permission.id },
    ]);
    await approve(task);
    await atGate(task, 2);
    expect(attempts(task)[1]).toMatchObject({
      reason: 'permission',
      session: 's-1',
      granted: [permission.id],
    });
    await approve(task);
    expect(await task.result()).toMatchObject({ mergedCommit: 'merge1' });
  });

  it('is refused once: an agent that asks again for the same escalates', async () => {
    const task = await start(agentSpec(), { runAttempt: asks });
    await atGate(task);
    await task.send('approve_gate', { gate: 'approval', decision: 'reject', by: 'me', reason: 'never' });
    const state = await atGate(task, 2);
    expect(attempts(task)[1]).toMatchObject({
      feedback: expect.stringMatching(/me refuses.*rm -rf build.*never/),
    });
    expect(state.gates.at(-1)).toMatchObject({ gate: 'escalation', status: 'open' });
    await task.terminate();
  });
});

it('what people said before the run reaches its first attempts until one is done, and its readers', async () => {
  const spec = agentSpec({ onReject: 'fail' });
  harness.useSteps(spec.id, {
    runAttempt: (input) => (input.attempt.number < 3 ? fails('unknown')() : talks(input)),
  });
  const task = await harness.start({
    spec: { ...spec, policy: { ...spec.policy, attemptsMax: 5 } },
    said: 'ann says: no tabs',
  });
  await task.until(({ status }) => status === 'failed' || status === 'awaiting_gate');
  for (const { feedback } of attempts(task)) expect(feedback).toContain('ann says: no tabs');
  expect(await task.state()).toMatchObject({ said: 'ann says: no tabs' });
  await task.terminate().catch(() => undefined);
});
