/** What of a dead worker is ended and told when several workers of a home may come to it; test/kills has the real thing. */
import { expect, it } from 'vitest';
import type { LeftOver } from '../../src/activities/ports/journal-port.ts';
import { type RecoveryDeps, recoverLeftOvers, recoverUnnoted } from '../../src/activities/recovery.ts';

const leftOverOf = (id: string, more: Partial<LeftOver> = {}): LeftOver => ({
  id,
  workflowId: id.split('.')[0] ?? '',
  runId: 'run',
  activityId: '1',
  activityType: 'runChecks',
  mark: `home/${id}`,
  owner: { pid: 1, startedAt: 'then', worker: 'dead' },
  ...more,
});

/** A journal of these records, and what is done about them in the order of its doing. */
function world(...records: LeftOver[]) {
  const done: string[] = [];
  const given: LeftOver[] = [];
  let left = records;
  const say =
    (what: string) =>
    async ({ id }: LeftOver) =>
      void done.push(`${what} ${id}`);
  const deps = {
    journal: {
      leftOvers: async (workflowId?: string) =>
        left.filter((record) => workflowId === undefined || record.workflowId === workflowId),
      discard: async (id: string) => {
        left = left.filter((record) => record.id !== id);
        done.push(`discard ${id}`);
      },
    },
    endMarked: async (mark: string) => void done.push(`end ${mark}`),
    activities: {
      ...{ resetSticky: say('reset'), complete: say('complete'), fail: say('fail') },
      givenTo: async () => given,
    },
    exclusively: async <T>(act: () => Promise<T>) => {
      done.push('turn');
      return act();
    },
  } as unknown as RecoveryDeps;
  return { deps, done, given, settleElsewhere: () => (left = []) };
}

it('ends the processes, then resets, then tells, then forgets', async () => {
  const { deps, done } = world(leftOverOf('a.1'));
  expect(await recoverLeftOvers(deps)).toBe(1);
  expect(done).toEqual(['turn', 'end home/a.1', 'reset a.1', 'fail a.1', 'discard a.1']);
});

it('waits for nobody where there is nothing', async () => {
  const { deps, done } = world(leftOverOf('a.1'));
  expect(await recoverLeftOvers(deps, 'b')).toBe(0);
  expect(done).toEqual([]);
});

it('looks again when it is its turn: another worker may have settled it', async () => {
  const { deps, done, settleElsewhere } = world(leftOverOf('a.1'));
  const exclusively: RecoveryDeps['exclusively'] = (act) => {
    settleElsewhere();
    return act();
  };
  expect(await recoverLeftOvers({ ...deps, exclusively })).toBe(0);
  expect(done).toEqual([]);
});

it('ends nothing where a step of a running worker has the same mark', async () => {
  const { deps, done } = world(leftOverOf('a.1', { markInUse: true }));
  expect(await recoverLeftOvers(deps)).toBe(1);
  expect(done).toEqual(['turn', 'reset a.1', 'fail a.1', 'discard a.1']);
});

it.each([
  [true, { neverBegun: true }],
  [false, { checkpoint: { number: 3 } }],
])('an attempt of which was noted that it waits (%s) fails with %j', async (waits, details) => {
  const checkpoint = { number: 3, attempt: 1, completed: [], next: [], createdFiles: [] };
  const input = { task: { id: 'a' }, attempt: {} };
  const { deps } = world(leftOverOf('a.1', { activityType: 'runAttempt', input, waits, checkpoint }));
  const told: unknown[] = [];
  await recoverLeftOvers({
    ...deps,
    workspaces: { ...deps.workspaces, exists: async () => false },
    activities: { ...deps.activities, fail: async (_, error) => void told.push(error) },
  });
  expect(told).toMatchObject([{ type: 'worker_lost', details: [details] }]);
  if (waits) expect(told).not.toHaveProperty('0.details.0.checkpoint');
});

it('resets and fails what a dead worker was given and had not noted, one worker at a time', async () => {
  const { deps, done, given } = world();
  expect(await recoverUnnoted(deps, ['dead'])).toBe(0);
  given.push(leftOverOf('a.1'), leftOverOf('b.1'));
  expect(await recoverUnnoted(deps, ['dead'])).toBe(2);
  expect(done).toEqual(['turn', 'turn', 'reset a.1', 'fail a.1', 'reset b.1', 'fail b.1']);
});
