/** States of tasks as the engine would answer them, for the tests of the CLI. */
import { TaskId } from '../../../src/domain/ids.ts';
import type { Attempt, Evidence, Gate, PullRequest, TaskState } from '../../../src/domain/task-state.ts';

export const BASE = 'a'.repeat(40);
export const COMMIT = '9d01c2e'.padEnd(40, '0');
export const MERGED = '77aa0c1'.padEnd(40, '0');
export const DIGEST = `sha256:${'d'.repeat(64)}`;

export const state = (parts: Partial<TaskState> = {}): TaskState => ({
  id: TaskId.parse('fix-login'),
  kind: 'agent_run',
  title: 'Fix the login',
  description: 'Fix the login',
  status: 'pending',
  notes: [],
  artifacts: [],
  repository: '/home/ann/shop',
  base: 'main',
  agent: 'command',
  attempts: [],
  gates: [],
  pullRequest: null,
  mergedCommit: null,
  failure: null,
  ignoredMessages: 0,
  ...parts,
});

export const attempt = (parts: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  reason: 'first',
  agent: 'command',
  outcome: 'done',
  commit: COMMIT,
  summary: 'linter --write: 3 files changed',
  ...parts,
});

export const evidence = (parts: Partial<Evidence> = {}): Evidence => ({
  name: 'npm test',
  command: ['npm', 'test'],
  commit: COMMIT,
  exitCode: 0,
  passed: true,
  durationMs: 1100,
  output: DIGEST,
  tail: '# tests 12\n# pass 12\n# fail 0\n',
  ...parts,
});

export const check = (parts: Partial<Gate> = {}): Gate => ({
  id: 'check-1',
  gate: 'check',
  status: 'passed',
  commit: COMMIT,
  evidence: [evidence()],
  ...parts,
});

export const approval = (parts: Partial<Gate> = {}): Gate => ({
  id: 'approval-1',
  gate: 'approval',
  status: 'open',
  commit: COMMIT,
  digest: DIGEST,
  question: 'evidence 1 of 1 for 9d01c2e',
  ...parts,
});

export const pullRequest = (parts: Partial<PullRequest> = {}): PullRequest => ({
  number: 1,
  url: 'pawl://pull-requests/1',
  branch: 'pawl/fix-login',
  commit: COMMIT,
  files: 3,
  insertions: 14,
  deletions: 9,
  diff: DIGEST,
  flagged: [],
  ...parts,
});

const begun = { step: 'attempt', baseCommit: BASE, unverified: false } as const;

/** A run without a hitch, in the states that a reader may see. */
export const HAPPY = {
  pending: state(),
  working: state({ ...begun, status: 'in_progress', attempts: [attempt({ outcome: 'running' })] }),
  checking: state({ ...begun, status: 'in_progress', step: 'check', attempts: [attempt()] }),
  waiting: state({
    ...begun,
    status: 'awaiting_gate',
    step: 'approval',
    attempts: [attempt()],
    pullRequest: pullRequest(),
    gates: [check(), approval()],
  }),
  merged: state({
    ...begun,
    status: 'completed',
    step: 'merge',
    attempts: [attempt()],
    pullRequest: pullRequest(),
    gates: [check(), approval({ status: 'approved', by: 'ann', via: 'cli' })],
    mergedCommit: MERGED,
    summary: 'linter --write: 3 files changed',
  }),
};

export const FAILED = state({
  ...begun,
  status: 'failed',
  step: 'check',
  attempts: [
    attempt(),
    attempt({
      number: 2,
      reason: 'fix',
      outcome: 'failed',
      failure: { class: 'no_change', message: 'no change' },
    }),
  ],
  gates: [
    check({ status: 'failed', evidence: [evidence({ passed: false, exitCode: 1, tail: 'not ok 1' })] }),
  ],
  failure: {
    class: 'check_failed',
    message: 'check failed: npm test exited with 1',
    output: 'not ok 1 - \u001b[31msums\u001b[0m\u0007',
  },
});
