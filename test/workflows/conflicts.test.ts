/** What happens to a task whose change conflicts with its base when it is to be merged. */
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { approve, atGate, attempts, start } from './agent-tasks.ts';
import { agentSpec, easy } from './easy-steps.ts';

describe('a conflict with the base', () => {
  it('lets the agent solve a conflict, then asks a person', async () => {
    const spec = agentSpec({ fixAttemptsMax: 1 });
    const task = await start(spec, {
      merge: async () => ({ kind: 'conflict', baseCommit: 'base1', files: ['a.js'] }),
    });
    await atGate(task);
    await approve(task);
    await task.until(({ attempts: all, status }) => all.length === 2 && status === 'awaiting_gate');
    expect(attempts(task)[1]).toMatchObject({
      reason: 'conflict',
      feedback: expect.stringContaining('a.js'),
    });
    await approve(task);
    const asked = await task.until(({ gates }) => gates.at(-1)?.gate === 'escalation');
    expect(asked.gates.at(-1)).toMatchObject({ status: 'open', question: expect.stringContaining('a.js') });
    await task.send('approve_gate', {
      gate: 'escalation',
      decision: 'approve',
      by: 'me',
      reason: 'take theirs',
    });
    await task.until(({ attempts: all, status }) => all.length === 3 && status === 'awaiting_gate');
    const { reason, feedback } = attempts(task)[2] ?? {};
    expect({ reason, feedback }).toMatchObject({
      reason: 'retry',
      feedback: expect.stringContaining('a.js'),
    });
    expect(feedback).toContain('solve the conflict markers');
    expect(feedback).toContain('take theirs');
    await task.send('complete', { summary: 'enough', outcome: 'failed' });
    await expect(task.result()).rejects.toMatchObject({ cause: { message: 'enough' } });
  });

  it('says which driver of the clone was not run', async () => {
    const files = ['a.js', 'b.js'];
    const drivers = [{ path: 'b.js', driver: 'npm' }];
    const task = await start(agentSpec({ fixAttemptsMax: 1 }), {
      merge: async () => ({ kind: 'conflict', baseCommit: 'base1', files, drivers }),
    });
    await atGate(task);
    await approve(task);
    await task.until(({ attempts: all, status }) => all.length === 2 && status === 'awaiting_gate');
    expect(attempts(task)[1]?.feedback).toContain(
      'in a.js, b.js; Pawl does not run the merge driver that .gitattributes names, which may have merged b.js (npm): solve',
    );
    await task.send('complete', { summary: 'enough', outcome: 'failed' });
    await expect(task.result()).rejects.toMatchObject({ cause: { message: 'enough' } });
  });

  it('gives a conflict that was not solved to the agent again, by the names of its files, then to a person', async () => {
    const spec = agentSpec({ fixAttemptsMax: 2 });
    const message = 'the agent has not solved the conflicts with main in a.js, b.js';
    const task = await start(spec, {
      merge: async () => ({ kind: 'conflict', baseCommit: 'base1', files: ['a.js', 'b.js'] }),
      runAttempt: async (input) => {
        if (input.attempt.reason !== 'conflict') return easy.runAttempt(input);
        throw ApplicationFailure.create({ type: 'conflict', message, nonRetryable: true, details: [{}] });
      },
    });
    await atGate(task);
    await approve(task);
    const asked = await task.until(({ gates }) => gates.at(-1)?.gate === 'escalation');
    expect(attempts(task).map(({ reason }) => reason)).toEqual(['first', 'conflict', 'conflict']);
    expect(attempts(task)[2]?.feedback).toContain('a.js, b.js: solve the conflict markers');
    expect(asked.gates.at(-1)).toMatchObject({ question: expect.stringContaining('a.js, b.js') });
    expect(asked.attempts[2]).toMatchObject({ outcome: 'failed', failure: { class: 'conflict' } });
    await task.send('approve_gate', { gate: 'escalation', decision: 'approve', by: 'me' });
    await task.until(({ attempts: all, status }) => all.length === 4 && status === 'awaiting_gate');
    await task.send('complete', { summary: 'enough', outcome: 'failed' });
    await expect(task.result()).rejects.toMatchObject({ cause: { message: 'enough' } });
  });
});
