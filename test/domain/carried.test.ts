/** What carries an approval over to a base that has moved. The other reasons against it: `test/workflows/carried-approvals.test.ts`. */
import { describe, expect, it } from 'vitest';
import { carriedApproval, checkFailureOn } from '../../src/domain/carried.ts';
import type { Remark } from '../../src/domain/remarks.ts';
import type { Published } from '../../src/domain/steps.ts';
import type { Gate } from '../../src/domain/task-state.ts';
import { evidence } from '../workflows/easy-steps.ts';

const shown = (commit: string, remarks: readonly Remark[]): Published => ({
  digest: `shown-${commit}`,
  change: 'sha256:same',
  pullRequest: {
    number: 1,
    url: 'file:///pr/1',
    branch: 'pawl/t-1',
    commit,
    files: 1,
    insertions: 2,
    deletions: 1,
    diff: 'sha256:00',
    flagged: [],
    remarks: [...remarks],
  },
});
const passed = (commit: string) => [evidence('tests', ['true'], commit, 0)];
const GATES: readonly Gate[] = [
  { gate: 'check', commit: 'commit1', status: 'stale', evidence: passed('commit1') },
  { gate: 'approval', commit: 'commit1', status: 'stale', by: 'me', via: 'cli' },
];

/** Of a change of which this was to be looked at when it was approved, and is now. */
const carried = (then: Remark, now: Remark) =>
  carriedApproval(GATES, shown('commit1', [then]), {
    published: shown('joined1', [now]),
    evidence: passed('joined1'),
  });

describe('what there was to look at when it was approved', () => {
  const secretIn = (line: number) => ({
    path: 'a.ts',
    why: `seems to hold a secret in line ${line} (GitHub token): once merged it stays in the history`,
  });

  it('is the same in another line, and at another size', () => {
    expect(carried(secretIn(15), secretIn(240))).toMatchObject({ status: 'approved', by: 'me' });
    const large = (size: string) => ({
      path: 'a.ts',
      why: `is large (${size}), and no secrets are looked for in what is that large`,
    });
    expect(carried(large('9.5 MiB'), large('10.0 MiB'))).toMatchObject({ carriedFrom: 'approval-1' });
  });

  it('is not the same in another file, or of another kind', () => {
    expect(carried(secretIn(15), { ...secretIn(15), path: 'b.ts' })).toBeUndefined();
    expect(carried(secretIn(15), { path: 'a.ts', why: 'is a submodule' })).toBeUndefined();
  });
});

describe('a check that fails', () => {
  const failed = [evidence('tests', ['true'], 'joined1', 1)];
  const run = { base: 'main', baseCommit: '0123456789abcdef', commit: 'joined1' };

  it('where only the base has moved under an approved change says so', () => {
    expect(checkFailureOn({ ...run, moved: 'joined1' }, failed).message).toBe(
      'check failed: tests exited with 1 (main has moved to 0123456 since this change was approved; on the base before it passed)',
    );
  });

  it('says nothing of the kind of any other commit', () => {
    const message = 'check failed: tests exited with 1';
    expect(checkFailureOn(run, failed).message).toBe(message);
    expect(checkFailureOn({ ...run, moved: 'joined0' }, failed).message).toBe(message);
  });
});
