/** The engine's log of what Temporal's SDK says. */
import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { sdkText } from '../../src/engine/sdk-text.ts';

const entry = (message: string, error?: Error) => ({
  ...{ level: 'WARN' as const, timestampNanos: 1_767_225_600_000_000_000n, message },
  meta: {
    ...{ taskToken: 'CiQw', activityType: 'runAttempt', workflowId: 'fix-login', attempt: 1 },
    ...(error !== undefined && { error }),
  },
});

it('has a failure of a step in one line', () => {
  const failure = ApplicationFailure.nonRetryable('the agent exited with 1;\nlast line: no', 'unknown');
  expect(sdkText(entry('Activity failed', failure))).toBe(
    '2026-01-01T00:00:00.000Z WARN Activity failed: runAttempt of fix-login, attempt 1: unknown: the agent exited with 1; last line: no\n',
  );
});

it('has all of everything else', () => {
  const bug = sdkText(entry('Activity failed', new TypeError('a bug')));
  const caused = ApplicationFailure.create({ type: 'git', message: 'no', cause: new Error('behind it') });
  expect(bug).toMatch(/TypeError: a bug\n +at /);
  expect(sdkText(entry('Activity failed', caused))).toMatch(/Error: behind it\n +at /);
  expect(sdkText(entry('Worker state changed'))).toContain("WARN Worker state changed { taskToken: 'CiQw'");
});
