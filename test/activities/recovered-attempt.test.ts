/** What a killed worker had heard of an attempt comes to its task all the same: real journal, real git. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentReport } from '../../src/activities/ports/agent-port.ts';
import type { JournalFacts } from '../../src/activities/ports/journal-port.ts';
import { recoverLeftOvers } from '../../src/activities/recovery.ts';
import { createJournal } from '../../src/adapters/files/journal.ts';
import { newWorld, put } from '../adapters/scratch-repository.ts';
import { endedOwner, headerOf } from '../conformance/journal.ts';

const usage = { inputTokens: 12, cachedInputTokens: 3, outputTokens: 4, costUsd: 0.5, turns: 2 };
const done: AgentReport = { status: 'done', summary: 'did it', session: 's-1', usage };

/** An attempt that has changed a file, whose worker died after it had noted these facts; answers what recovery told. */
async function recovered(...noted: readonly JournalFacts[]) {
  const { places, task, workspaces } = newWorld();
  const { baseCommit, path } = await workspaces.prepare(task);
  put(path, { 'new.txt': 'new' });
  const journal = createJournal(join(places.home, 'journal'));
  const input = { task, baseCommit, attempt: { number: 1, token: 't', reason: 'first' } };
  const entry = await journal.open({ ...headerOf(`${task.id}.run.1.1`, await endedOwner()), input });
  for (const facts of noted) await entry.note(facts);
  const told: unknown[] = [];
  const tell = async (_: unknown, what: unknown) => void told.push(what);
  const activities = {
    ...{ resetSticky: async () => undefined, complete: tell, fail: tell },
    givenTo: async () => [],
  };
  const exclusively = <T>(act: () => Promise<T>) => act();
  await recoverLeftOvers({ workspaces, journal, activities, exclusively, endMarked: async () => undefined });
  expect(await journal.leftOvers()).toEqual([]);
  return told;
}

it('of one that had ended well, with its session and usage', async () => {
  expect(await recovered({ report: done })).toMatchObject([
    { summary: 'did it', files: 1, session: 's-1', usage },
  ]);
});

it('of one that was blocked', async () => {
  expect(await recovered({ report: { ...done, status: 'blocked' } })).toMatchObject([
    { type: 'blocked', details: [{ session: 's-1', usage }] },
  ]);
});

it('of one that was still at work: its checkpoint, and what it had used', async () => {
  const checkpoint = {
    number: 3,
    attempt: 1,
    agentSession: 's-1',
    completed: ['a'],
    next: [],
    createdFiles: [],
  };
  expect(await recovered({ checkpoint }, { usage })).toMatchObject([
    {
      type: 'worker_lost',
      details: [{ usage, checkpoint: { number: 4, agentSession: 's-1', createdFiles: ['new.txt'] } }],
    },
  ]);
});
