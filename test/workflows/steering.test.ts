/** What moves a task from outside while its agent works or waits: instructions, permissions, its pull request's forge. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullRequestNews } from '../../src/domain/steps.ts';
import type { AgentRunSpec, ForgeChoice } from '../../src/domain/task-spec.ts';
import {
  agentSpec,
  createHarness,
  easy,
  fails,
  type Harness,
  type Steps,
  silence,
  type Task,
} from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const steps = (task: Task) => harness.calls(task.id).map(({ step }) => step);
const attempts = (task: Task) =>
  harness
    .calls(task.id)
    .flatMap((call) => (call.step === 'runAttempt' ? [call.input as Parameters<Steps['runAttempt']>[0]] : []))
    .map(({ attempt }) => attempt);
const approve = (task: Task) =>
  task.send('approve_gate', { gate: 'approval', decision: 'approve', by: 'me', via: 'cli' });
const tell = (task: Task, text: string) => task.send('tell', { text, by: 'ann' });
const atGate = (task: Task, attempt = 1) =>
  task.until(({ status, attempts }) => status === 'awaiting_gate' && attempts.length === attempt);
const start = (spec: AgentRunSpec, own: Partial<Steps> = {}) => {
  harness.useSteps(spec.id, own);
  return harness.start({ spec });
};
/** An agent whose session is known by its first attempt. */
const talks: Steps['runAttempt'] = async (input) => ({
  ...(await easy.runAttempt(input)),
  session: input.attempt.session ?? `session-${input.attempt.number}`,
});

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

describe('a pull request on a forge that has a life of its own', () => {
  const forge: ForgeChoice = {
    name: 'github',
    api: 'https://api.github.com',
    url: 'https://github.com/o/r.git',
    owner: 'o',
    repository: 'r',
    mergeMethod: 'merge',
  };
  const onForge = (policy: Partial<AgentRunSpec['policy']> = {}) => ({ ...agentSpec(policy), forge });
  /** Tells these news one after the other, then nothing any more. */
  const telling = (...news: PullRequestNews[]): Steps['watchPullRequest'] => {
    const left = [...news];
    return () => {
      const next = left.shift();
      return next === undefined ? silence() : Promise.resolve(next);
    };
  };
  const comment = (text: string, id: number): PullRequestNews => ({
    kind: 'feedback',
    seen: { comment: id },
    items: [
      { kind: 'comment', text, author: 'bea', path: 'a.ts', line: 7, url: 'https://github.com/o/r/pull/1#1' },
    ],
  });

  it('wakes the same session with a comment, and shows what came of it anew', async () => {
    const task = await start(onForge(), {
      runAttempt: talks,
      watchPullRequest: telling(comment('rename it', 5)),
    });
    const state = await atGate(task, 2);
    expect(attempts(task)[1]).toMatchObject({
      reason: 'review',
      session: 'session-1',
      feedback: expect.stringMatching(/bea wrote on a\.ts:7:\nrename it/),
    });
    expect(state.gates.map(({ status }) => status)).toEqual(['passed', 'stale', 'passed', 'open']);
    await task.until(() => steps(task).filter((step) => step === 'watchPullRequest').length === 2);
    expect(harness.calls(task.id).at(-1)?.input).toMatchObject({ seen: { comment: 5 }, commit: 'commit2' });
    await approve(task);
    expect(await task.result()).toMatchObject({ mergedCommit: 'merge1' });
  });

  it('is worked on in so many rounds and then left to a person', async () => {
    const task = await start(onForge({ reviewRoundsMax: 1 }), {
      runAttempt: talks,
      watchPullRequest: telling(comment('a', 1), comment('b', 2)),
    });
    const state = await task.until(({ notes }) => notes.length > 0);
    expect(state.notes[0]).toMatch(/not worked on[\s\S]*b$/);
    await atGate(task, 2);
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it('is merged by a person: the task is done', async () => {
    const task = await start(onForge(), {
      watchPullRequest: telling({ kind: 'merged', commit: 'm', by: 'bea' }),
    });
    expect(await task.result()).toMatchObject({ status: 'completed', mergedCommit: 'merge1' });
    expect((await task.state()).gates.at(-1)).toMatchObject({ status: 'approved', by: 'bea', via: 'forge' });
  });

  it('is closed by a person: the task has failed and its work is kept', async () => {
    const task = await start(onForge(), { watchPullRequest: telling({ kind: 'closed', by: 'bea' }) });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'rejected', message: /bea/ } });
    expect(steps(task).at(-1)).toBe('cleanUp');
  });

  it('that cannot be watched is decided on all the same', async () => {
    const task = await start(onForge(), { watchPullRequest: fails('git') });
    const state = await task.until(({ notes }) => notes.length > 0);
    expect(state).toMatchObject({ status: 'awaiting_gate', notes: [expect.stringContaining('not watched')] });
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it('waits after the approval for what the forge still wants', async () => {
    let asked = 0;
    const task = await start(onForge(), {
      merge: async () => {
        asked += 1;
        return asked === 1
          ? { kind: 'pending', why: 'required checks run' }
          : { kind: 'merged', commit: 'm2' };
      },
      watchPullRequest: async ({ until }) => (until === 'mergeable' ? { kind: 'mergeable' } : silence()),
    });
    await atGate(task);
    await approve(task);
    expect(await task.result()).toMatchObject({ mergedCommit: 'm2' });
    expect(asked).toBe(2);
  });
});
