/** What happens to a task whose pull request is moved on its own forge. */

import { describe, expect, it } from 'vitest';
import type { PullRequestNews } from '../../src/domain/pull-request-news.ts';
import { EDITION, type Edition } from '../../src/domain/task-record.ts';
import type { AgentRunSpec, ForgeChoice } from '../../src/domain/task-spec.ts';
import { approve, atGate, attempts, harness, start, steps, talks, tell } from './agent-tasks.ts';
import { agentSpec, fails, type Steps, silence } from './easy-steps.ts';
import type { Task } from './harness.ts';

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

  it('tells every failed check: to the agent while there are rounds, and always in its state', async () => {
    const failing = (...names: readonly string[]): PullRequestNews => ({
      kind: 'feedback',
      seen: { failedChecks: { commit: 'c', told: [...names] } },
      items: names.map((name) => ({
        kind: 'check',
        text: `${name}: failure\n${'x'.repeat(3_000)}`,
        url: '',
      })),
    });
    const task = await start(onForge({ reviewRoundsMax: 1 }), {
      runAttempt: talks,
      watchPullRequest: telling(failing('unit', 'lint'), failing('a', 'b', 'c'), failing('slow')),
    });
    const { notes } = await task.until((state) => state.notes.length === 3);
    expect(attempts(task)[1]?.feedback).toMatch(/failed\. unit: failure[\s\S]*failed\. lint: failure/);
    expect(notes[0]).toBe('checks failed on the forge: unit: failure; lint: failure');
    for (const name of ['a', 'b', 'c']) expect(notes[1]).toContain(`failed. ${name}: failure`);
    expect(notes[2]).toMatch(/not worked on[\s\S]*slow: failure/);
    const watches = harness.calls(task.id).filter(({ step }) => step === 'watchPullRequest');
    expect(watches[2]?.input).toMatchObject({ seen: { failedChecks: { told: ['a', 'b', 'c'] } } });
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

  describe('and is watched no more after the approval', () => {
    /** Approved, and the forge wants more: what each watch for that comes to, one after the other. */
    const blocked = async (watches: readonly Steps['watchPullRequest'][], edition?: Edition) => {
      const left = [...watches];
      let isBlocked = true;
      const spec = onForge();
      harness.useSteps(spec.id, {
        runAttempt: talks,
        merge: async () =>
          isBlocked ? { kind: 'pending', why: 'a review is missing' } : { kind: 'merged', commit: 'm2' },
        watchPullRequest: async (input) =>
          input.until === 'mergeable' ? (left.shift() ?? silence)(input) : silence(),
      });
      const task = await harness.start({ spec, ...(edition === undefined ? {} : { edition }) });
      await atGate(task);
      await approve(task);
      const unblock = () => {
        isBlocked = false;
      };
      return { task, unblock };
    };
    const asksAPerson = (task: Task) =>
      task.until(({ gates }) => gates.at(-1)?.gate === 'escalation' && gates.at(-1)?.status === 'open');
    const go = (task: Task, more: object = {}) =>
      task.send('approve_gate', { gate: 'escalation', decision: 'approve', by: 'retry', ...more });

    it('asks a person, and goes on with the watch as often as they say', async () => {
      const { task, unblock } = await blocked(
        [fails('git'), fails('git'), async () => ({ kind: 'mergeable' })],
        EDITION,
      );
      const state = await asksAPerson(task);
      expect(state).toMatchObject({ status: 'awaiting_gate', step: 'merge', notes: [] });
      expect(state.gates.at(-1)?.question).toMatch(/#1 .*it was git/);
      expect(state.gates.at(-1)?.next).toContain(`pawl retry ${task.id} watches the pull request again`);
      await go(task);
      await task.until(({ gates }) => gates.filter(({ gate }) => gate === 'escalation').length === 2);
      unblock();
      await go(task);
      expect(await task.result()).toMatchObject({ mergedCommit: 'm2' });
      // The approval was not asked for again, and no agent was paid.
      expect((await task.state()).gates.filter(({ gate }) => gate === 'approval')).toHaveLength(1);
      expect(attempts(task)).toHaveLength(1);
    });

    it('takes an instruction instead, which is an attempt, and a refusal, which is the end', async () => {
      const { task, unblock } = await blocked([fails('git')], EDITION);
      await asksAPerson(task);
      await tell(task, 'say please');
      await atGate(task, 2);
      expect(attempts(task)[1]).toMatchObject({ feedback: expect.stringContaining('say please') });
      unblock();
      await approve(task);
      expect(await task.result()).toMatchObject({ mergedCommit: 'm2' });
      const refused = await blocked([fails('git')], EDITION);
      await asksAPerson(refused.task);
      await go(refused.task, { decision: 'reject', reason: 'no' });
      await expect(refused.task.result()).rejects.toMatchObject({ cause: { type: 'rejected' } });
    });

    it('is only noted in a task of an older edition, whose history was made so', async () => {
      const { task } = await blocked([fails('git')], 3);
      const state = await task.until(({ notes }) => notes.length > 0);
      expect(state).toMatchObject({ status: 'blocked', notes: [expect.stringContaining('not watched')] });
      await task.cancel();
      await expect(task.result()).rejects.toThrow();
    });
  });
});
