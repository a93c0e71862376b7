/** Steps that all go well, what they can be replaced by, and specs of tasks to give to them. */

import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import type { FailureClass } from '../../src/domain/failures.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { AttemptFailureDetails } from '../../src/domain/steps.ts';
import { type AgentRunSpec, type ClientDrivenSpec, Policy } from '../../src/domain/task-spec.ts';
import { QUEUE } from './harness.ts';

export type Steps = Activities;

/** A forge where nothing happens, until the worker ends. */
export const silence = (): Promise<never> => Context.current().cancelled;

export const easy: Steps = {
  prepareWorkspace: async ({ agent, checks }) => ({
    baseCommit: 'base0',
    checks: checks ?? [{ name: 'tests', run: ['npm', 'test'] }],
    protect: [],
    agent,
    dirty: false,
  }),
  runAttempt: async ({ attempt }) => ({
    commit: `commit${attempt.number}`,
    summary: 'did it',
    files: 1,
    insertions: 2,
    deletions: 1,
  }),
  runChecks: async ({ commit, checks }) => ({
    commit,
    evidence: checks.map(({ name, run }) => evidence(name, run, commit, 0)),
  }),
  publish: async ({ commit, task }) => ({
    digest: `shown-${commit}`,
    pullRequest: {
      number: 1,
      url: 'file:///pr/1',
      branch: `pawl/${task.id}`,
      commit,
      files: 1,
      insertions: 2,
      deletions: 1,
      diff: 'sha256:00',
      flagged: [],
    },
  }),
  merge: async () => ({ kind: 'merged', commit: 'merge1' }),
  watchPullRequest: () => silence(),
  takeUp: async () => ({ kind: 'nothing' }),
  cleanUp: async () => ({}),
};

export const evidence = (name: string, command: string[], commit: string, exitCode: number) => ({
  name,
  command,
  commit,
  exitCode,
  passed: exitCode === 0,
  durationMs: 1,
  output: 'sha256:00',
  tail: exitCode === 0 ? 'ok' : 'expected 1, got 2',
});

export const fails =
  (type: FailureClass, details: AttemptFailureDetails = {}) =>
  async () => {
    throw ApplicationFailure.create({
      type,
      message: `it was ${type}`,
      nonRetryable: true,
      details: [details],
    });
  };

let counter = 0;

export const newId = (): TaskId => {
  counter += 1;
  return TaskId.parse(`t-${process.pid}-${counter}`);
};

export const clientSpec = (id = newId()): ClientDrivenSpec => ({
  kind: 'client_driven',
  id,
  title: 'A task',
  description: '',
});

export const agentSpec = (policy: Partial<Policy> = {}, id = newId()): AgentRunSpec => ({
  kind: 'agent_run',
  id,
  title: 'Fix it',
  description: 'Fix it, please',
  repository: '/repository',
  base: 'main',
  agent: { name: 'command', command: ['true'] },
  policy: Policy.parse(policy),
  host: QUEUE,
});
