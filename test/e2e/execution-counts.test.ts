/** What an execution costs Temporal and its readers: events and bytes of its history, and bytes of its state. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { agent, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Begins one of so many phases, each of one skill that is done like this. */
async function begin(id: string, phases: number, doer: object, driver: 'client' | 'engine'): Promise<string> {
  const loop = {
    loop: 'counted',
    phases: Array.from({ length: phases }, (_, at) => ({
      id: `phase-${at}`,
      skills: [{ id: `skill-${at}`, ...doer }],
    })),
  };
  const project = newRepository({
    'pawl.yaml': 'checks: []\n',
    '.pawl/loops/counted.yaml': JSON.stringify(loop),
  });
  await rig.api.startExecution({ id, loop: 'counted', project, driver });
  return id;
}

async function costOf(id: string) {
  const { historyLength, historySize } = await rig.client.workflow.getHandle(id).describe();
  return { events: historyLength, bytes: historySize ?? Number.NaN };
}

/** As whoever reads it is told. */
const stateBytesOf = async (id: string): Promise<number> =>
  Buffer.byteLength(JSON.stringify(await rig.api.execution({ id })));

/** What it costs once it has ended. */
async function costOfEnded(id: string) {
  await rig.client.workflow.getHandle(id).result();
  return { ...(await costOf(id)), stateBytes: await stateBytesOf(id) };
}

/** What each phase costs, without what the execution costs by itself. */
async function costOfPhase(costOf: (phases: number) => ReturnType<typeof costOfEnded>) {
  const [one, three] = [await costOf(1), await costOf(3)];
  return { events: (three.events - one.events) / 2, bytes: (three.bytes - one.bytes) / 2 };
}

describe('an execution that the engine drives', () => {
  const prints = (bytes: number) => ({ run: agent('prints', String(bytes)) });

  it('costs at most 17 events and 6 KB for a phase of one skill', async () => {
    const { events, bytes } = await costOfPhase(async (phases) =>
      costOfEnded(await begin(`x_phases-${phases}`, phases, prints(1_000), 'engine')),
    );
    expect(events).toBeLessThanOrEqual(17);
    expect(bytes).toBeLessThanOrEqual(6 * 1024);
  });

  it('costs the same however much its agents print', async () => {
    const little = await costOfEnded(await begin('x_little', 2, prints(1_000), 'engine'));
    const much = await costOfEnded(await begin('x_plenty', 2, prints(10_000_000), 'engine'));
    expect(much.events).toBe(little.events);
    // Numbers of bytes, durations and ids differ by some digits.
    expect(Math.abs(much.bytes - little.bytes)).toBeLessThanOrEqual(128);
    expect(Math.abs(much.stateBytes - little.stateBytes)).toBeLessThanOrEqual(64);
  });

  it('keeps of what an agent says in the end no more than its summary may have', async () => {
    const says = (chars: number) => ({
      run: [
        process.execPath,
        '-e',
        `console.log(JSON.stringify({ type: 'result', status: 'done', summary: 'a'.repeat(${chars}) }))`,
      ],
    });
    const brief = await costOfEnded(await begin('x_brief', 1, says(10), 'engine'));
    const wordy = await costOfEnded(await begin('x_wordy', 1, says(60_000), 'engine'));
    expect(wordy.events).toBe(brief.events);
    expect(wordy.stateBytes - brief.stateBytes).toBeLessThanOrEqual(LIMITS.summaryCharsMax);
    // Once in the result of its task, and no more.
    expect(wordy.bytes - brief.bytes).toBeLessThanOrEqual(LIMITS.summaryCharsMax + 128);
  });
});

describe('an execution that a client drives', () => {
  it('costs at most 6 events and 2 KB for a phase of one skill', async () => {
    const { events, bytes } = await costOfPhase(async (phases) => {
      const id = await begin(`x_by-hand-${phases}`, phases, { manual: true }, 'client');
      for (let at = 0; at < phases; at += 1) await rig.api.completeSkill({ id, skill: `skill-${at}` });
      return costOfEnded(id);
    });
    expect(events).toBeLessThanOrEqual(6);
    expect(bytes).toBeLessThanOrEqual(2 * 1024);
  });

  it('pays nothing for messages that are refused, nor for resends', async () => {
    const id = await begin('x_refuses', 1, { manual: true }, 'client');
    await rig.api.updateExecution({ id, note: 'counts', messageId: 'm1' });
    const before = await costOf(id);
    await rig.api.updateExecution({ id, note: 'counts', messageId: 'm1' });
    await expect(rig.api.completeSkill({ id, skill: 'another' })).rejects.toThrow('another');
    await rig.api.execution({ id });
    expect(await costOf(id)).toEqual(before);
    await rig.api.completeSkill({ id, skill: 'skill-0' });
  });

  it('has a state of bounded size whatever its skills return', async () => {
    const [skills, text] = [40, 'a'.repeat(LIMITS.valueCharsMax)];
    const returns = { a: 'string', b: 'string', c: 'string' };
    const id = await begin('x_returns', skills, { manual: true, returns }, 'client');
    const report = (at: number, value: string) =>
      rig.api.completeSkill({ id, skill: `skill-${at}`, outputs: { a: value, b: value, c: value } });
    let refused = 0;
    for (let at = 0; at < skills; at += 1)
      await report(at, text).catch((error: Error) => {
        expect(error.message).toContain('outputs: an execution keeps at most');
        refused += 1;
        return report(at, '');
      });
    expect(refused).toBeGreaterThan(0);
    expect((await costOfEnded(id)).stateBytes).toBeLessThanOrEqual(LIMITS.outputsOfAllCharsMax + 64 * 1024);
    // What Temporal takes in one answer.
    expect(await rig.client.workflow.getHandle(id).query('state')).toMatchObject({ status: 'completed' });
  });

  it('has a state of the same size however often it is told something', async () => {
    const id = await begin('x_told', 1, { manual: true }, 'client');
    const note = 'a'.repeat(LIMITS.noteCharsMax);
    const tell = async () => {
      for (let told = 0; told < LIMITS.notesKeptMax; told += 1)
        await rig.api.updateExecution({ id, note, checkpoint: { data: { note } } });
      return stateBytesOf(id);
    };
    const once = await tell();
    expect(once).toBeLessThanOrEqual(LIMITS.notesKeptMax * (LIMITS.noteCharsMax + 16) + 16 * 1024);
    expect(await tell()).toBe(once);
    await rig.api.completeSkill({ id, skill: 'skill-0' });
  });
});
