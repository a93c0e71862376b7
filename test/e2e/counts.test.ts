/** What a task costs Temporal, in history events and bytes: promises of the README, kept here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Events and bytes of a task's history. */
async function costOf(id: string) {
  const { historyLength, historySize } = await rig.client.workflow.getHandle(id).describe();
  return { events: historyLength, bytes: historySize ?? Number.NaN };
}

/** A closed one. */
async function costOfClosed(id: string) {
  await rig.client.workflow.getHandle(id).result();
  return costOf(id);
}

describe('a client-driven task', () => {
  // One of them keeps its first workflow task apart from the next (`workflows/activations.ts`).
  it('costs at most 19 events from start over update to complete', async () => {
    const id = 'lifecycle';
    await rig.api.create({ id, title: 'A lifecycle' });
    await rig.api.update({ id, status: 'in_progress', note: 'at it' });
    await rig.api.complete({ id, summary: 'done' });
    const { events } = await costOfClosed(id);
    expect(events).toBeLessThanOrEqual(19);
  });

  it('pays nothing for updates that are refused, nor for resends', async () => {
    const id = 'refused';
    await rig.api.create({ id, title: 'Refuses' });
    await rig.api.update({ id, note: 'counts', messageId: 'm1' });
    const before = await costOf(id);
    await rig.api.update({ id, note: 'counts', messageId: 'm1' });
    await expect(rig.api.update({ id, note: 'another', messageId: 'm1' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(rig.api.approve({ id, by: 'ann' })).rejects.toMatchObject({ code: 'conflict' });
    const handle = rig.client.workflow.getHandle(id);
    for (const nonsense of [17, null, { summary: {} }, { summary: 'x'.repeat(100_000) }]) {
      await expect(handle.executeUpdate('complete', { args: [nonsense] })).rejects.toMatchObject({
        cause: { type: 'invalid_input' },
      });
    }
    await rig.api.show({ id });
    expect(await costOf(id)).toEqual(before);
    await rig.api.complete({ id, summary: 'done' });
  });
});

/** A merged run of this agent; answers what it cost. */
async function merged(...[name, ...args]: Parameters<typeof by>) {
  const id = await rig.run({ repository: newRepository(), ...by(name, ...args), checks: [check('0')] });
  await rig.until(id, atGate);
  await rig.api.approve({ id, by: 'ann' });
  const { status, attempts } = await rig.until(id, closed);
  expect(status).toBe('completed');
  return { ...(await costOfClosed(id)), attempts };
}

describe('an agent-run task', () => {
  it('costs at most 50 events and 20 KB, however much its agent prints', async () => {
    const little = await merged('prints', '1000');
    const much = await merged('prints', '10000000');
    expect(little.events).toBeLessThanOrEqual(50);
    expect(little.bytes).toBeLessThanOrEqual(20 * 1024);
    expect(much.events).toBe(little.events);
    // Paths, durations and ids differ by some digits.
    expect(Math.abs(much.bytes - little.bytes)).toBeLessThanOrEqual(64);
  });

  it('costs at most 8 more for each kill of its agent', async () => {
    const counts = await Promise.all(['0', '1', '3'].map((kills) => merged('dies-at-first', kills)));
    const [none, one, three] = counts;
    expect(three?.attempts.map(({ reason, resumedFrom }) => ({ reason, resumedFrom }))).toMatchObject([
      { reason: 'first' },
      { reason: 'resume', resumedFrom: expect.stringMatching(/^1\./) },
      { reason: 'resume', resumedFrom: expect.stringMatching(/^2\./) },
      { reason: 'resume', resumedFrom: expect.stringMatching(/^3\./) },
    ]);
    expect((one?.events ?? 0) - (none?.events ?? 0)).toBeLessThanOrEqual(8);
    expect((three?.events ?? 0) - (none?.events ?? 0)).toBeLessThanOrEqual(3 * 8);
  });
});
