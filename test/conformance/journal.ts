/** What every journal does: it tells what a killed worker was at. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { Journal, JournalHeader } from '../../src/activities/ports/journal-port.ts';
import { startTimeOf, thisProcess } from '../../src/adapters/programs/processes.ts';

/** A worker that has ended: its process was real, so its pid may come back with another start time. */
export async function endedOwner(): Promise<JournalHeader['owner']> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const { pid } = child;
  if (pid === undefined) throw new Error('node did not start');
  const startedAt = startTimeOf(pid) ?? 'unknown';
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { pid, startedAt };
}

export const headerOf = (id: string, owner: JournalHeader['owner']): JournalHeader => ({
  id,
  workflowId: 'some-task',
  runId: 'run-1',
  activityId: '7',
  activityType: 'runAttempt',
  mark: 'some-task/attempt-1',
  input: { task: { id: 'some-task' }, odd: 'ä\n🚲\u0000' },
  owner,
});

export function testJournal(create: () => Journal): void {
  it('has nothing to tell at first', async () => {
    expect(await create().leftOvers()).toEqual([]);
  });

  it('tells what an ended worker had noted, later values winning', async () => {
    const journal = create();
    const header = headerOf('some-task.run-1.7.1', await endedOwner());
    const entry = await journal.open(header);
    const checkpoint = { number: 1, attempt: 1, completed: ['a'], next: [], createdFiles: ['b.txt'] };
    await entry.note({ checkpoint });
    await entry.note({ checkpoint: { ...checkpoint, number: 2, tree: 'f00' } });
    const usage = { inputTokens: 3, outputTokens: 2, costUsd: 0.5 };
    await entry.note({ usage });
    const report = { status: 'done', summary: 'all\nof it', session: 's-1', usage } as const;
    await entry.note({ report });
    await entry.note({ waits: true });
    await entry.note({ waits: false });
    expect(await journal.leftOvers()).toEqual([
      {
        ...header,
        checkpoint: { ...checkpoint, number: 2, tree: 'f00' },
        usage,
        report,
        waits: false,
      },
    ]);
  });

  it('leaves the entries of a running worker alone', async () => {
    const journal = create();
    const entry = await journal.open(headerOf('mine', thisProcess()));
    await journal.open(headerOf('theirs', await endedOwner()));
    await journal.open(headerOf('reused-pid', { pid: process.pid, startedAt: 'another time' }));
    const ids = (await journal.leftOvers()).map(({ id }) => id).sort();
    expect(ids).toEqual(['reused-pid', 'theirs']);
    await entry.close();
  });

  it('forgets what ended, and what is discarded, any number of times', async () => {
    const journal = create();
    const owner = await endedOwner();
    const entry = await journal.open(headerOf('one', owner));
    await journal.open(headerOf('two', owner));
    await entry.close();
    await entry.close();
    expect((await journal.leftOvers()).map(({ id }) => id)).toEqual(['two']);
    await journal.discard('two');
    await journal.discard('two');
    await journal.discard('never-there');
    expect(await journal.leftOvers()).toEqual([]);
  });

  it('keeps the order of what is noted at the same time', async () => {
    const journal = create();
    const entry = await journal.open(headerOf('one', await endedOwner()));
    const at = (number: number) => ({ number, attempt: 1, completed: [], next: [], createdFiles: [] });
    await Promise.all(Array.from({ length: 20 }, (_, number) => entry.note({ checkpoint: at(number) })));
    const [record] = await journal.leftOvers();
    expect(record?.checkpoint?.number).toBe(19);
  });

  it('starts an entry of the same id anew', async () => {
    const journal = create();
    const owner = await endedOwner();
    await (await journal.open(headerOf('one', owner))).note({
      report: { status: 'done', summary: 'before' },
    });
    await journal.open(headerOf('one', owner));
    expect(await journal.leftOvers()).toEqual([headerOf('one', owner)]);
  });

  it.each(['', '../escape', 'a/b', '.hidden', 'a\0b', 'x'.repeat(300)])('takes no id like %j', async (id) => {
    const journal = create();
    await expect(journal.open(headerOf(id, thisProcess()))).rejects.toThrow();
    await expect(journal.discard(id)).rejects.toThrow();
  });
}
