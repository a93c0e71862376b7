/** Calls that wait for the engine in a folder: none is lost and none is made twice, whatever dies at which moment. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSpoolFolder } from '../../../src/adapters/files/spool-folder.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import type { Delivery, SpooledCall } from '../../../src/domain/spooled-call.ts';
import { scratchFolder } from '../scratch-repository.ts';

const SESSION = 's_shop';
const callOf = (number: number, session = SESSION): SpooledCall => ({
  tool: 'complete_skill',
  input: { number },
  key: `key-${number}`,
  directory: '/home/ann/shop',
  session,
});
const deliveryOf = ({ tool, session, key }: SpooledCall): Delivery => ({
  tool,
  session,
  taken: true,
  text: key,
});
const { signal } = new AbortController();
const newFolder = () => join(scratchFolder('home'), 'spool', 'one');
class Died extends Error {}

/** Where the adapter dies while it sends: `answered` before that is on disk, `settled` before the call is removed. */
const MOMENTS = ['before', 'acted', 'answered', 'settled'] as const;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ act: 'add' } as const) },
  fc.record({ act: fc.constant('die' as const), after: fc.nat(3), moment: fc.constantFrom(...MOMENTS) }),
  fc.record({ act: fc.constant('tear' as const), bytes: fc.nat(40) }),
  fc.constant({ act: 'away' } as const),
  fc.constant({ act: 'deliver' } as const),
  fc.constant({ act: 'tell' } as const),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An engine that makes a call once under its key. */
function world() {
  const folder = newFolder();
  const made: string[] = [];
  const told: string[] = [];
  let added = 0;
  // Each death is followed by another adapter.
  const spool = () => createSpoolFolder(folder);
  const make = async (call: SpooledCall): Promise<Delivery> => {
    if (!made.includes(call.key)) made.push(call.key);
    return deliveryOf(call);
  };
  const filesNow = () =>
    new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => [name, readFileSync(join(folder, name))]),
    );
  async function die(after: number, moment: (typeof MOMENTS)[number]): Promise<void> {
    let sent = 0;
    let before: ReturnType<typeof filesNow> | undefined;
    const died = spool().deliver(async (call) => {
      if (before !== undefined) throw new Died();
      sent += 1;
      if (sent <= after) return make(call);
      if (moment === 'before') throw new Died();
      const delivery = await make(call);
      if (moment === 'acted') throw new Died();
      before = filesNow();
      return delivery;
    }, signal);
    await died.catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    if (before === undefined) return;
    // As the disk was at that moment.
    for (const name of filesNow().keys())
      if (moment === 'answered' && !before.has(name)) rmSync(join(folder, name));
    for (const [name, bytes] of before) writeFileSync(join(folder, name), bytes);
  }
  async function act(one: Step): Promise<void> {
    switch (one.act) {
      case 'add':
        added += 1;
        await spool().add(callOf(added));
        break;
      case 'die':
        await die(one.after, one.moment);
        break;
      case 'tear': {
        mkdirSync(folder, { recursive: true });
        const text = JSON.stringify(callOf(0)).slice(0, one.bytes);
        writeFileSync(join(folder, `000000000000001-00000000.json.${crypto.randomUUID()}`), text);
        break;
      }
      case 'away':
        await expect(
          spool()
            .deliver(() => Promise.reject(new Died()), signal)
            .then(() => Promise.reject(new Died())),
        ).rejects.toThrow(Died);
        break;
      case 'deliver':
        await spool().deliver(make, signal);
        break;
      case 'tell':
        told.push(...(await spool().takeDeliveries(SESSION)).map(({ text }) => text));
    }
  }
  return { act, made, told, folder, all: () => Array.from({ length: added }, (_, at) => `key-${at + 1}`) };
}

/** Dead between the two steps of settling, and then told of. */
const TOLD_BEFORE_REMOVED: Step[] = [
  { act: 'add' },
  { act: 'die', after: 0, moment: 'settled' },
  { act: 'tell' },
];

it('makes each call once, in order, and tells of each once, whatever dies at which moment', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const { act, made, told, folder, all } = world();
      for (const one of steps) await act(one);
      await act({ act: 'deliver' });
      await act({ act: 'tell' });
      expect(made).toEqual(all());
      expect(told).toEqual(all());
      if (existsSync(folder))
        expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
    }),
    { numRuns: 40, examples: [[TOLD_BEFORE_REMOVED]] },
  );
});

it('answers the place of each, and sends in that order, also where the clock is set back', async () => {
  const folder = newFolder();
  const spool = createSpoolFolder(folder);
  expect(await spool.add(callOf(1))).toBe(1);
  const ahead = '999999999999990-00000000.json';
  writeFileSync(join(folder, ahead), JSON.stringify(callOf(2)));
  expect(await spool.add(callOf(3))).toBe(3);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder))
    if (name !== ahead) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const sent: string[] = [];
  await spool.deliver(async (call) => {
    sent.push(call.key);
    return deliveryOf(call);
  }, signal);
  expect(sent).toEqual(['key-1', 'key-2', 'key-3']);
});

it('is sent by one of several adapters, one call at a time', async () => {
  const folder = newFolder();
  for (const number of [1, 2, 3, 4]) await createSpoolFolder(folder).add(callOf(number));
  const sent: string[] = [];
  let atOnce = 0;
  const send = async (call: SpooledCall) => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    sent.push(call.key);
    return deliveryOf(call);
  };
  await Promise.all([1, 2, 3].map(() => createSpoolFolder(folder).deliver(send, signal)));
  expect(sent).toEqual(['key-1', 'key-2', 'key-3', 'key-4']);
});

it('tells each session of its own calls', async () => {
  const spool = createSpoolFolder(newFolder());
  await spool.add(callOf(1));
  await spool.add(callOf(2, 's_other'));
  await spool.deliver(async (call) => deliveryOf(call), signal);
  expect(await spool.takeDeliveries(SESSION)).toMatchObject([{ text: 'key-1' }]);
  expect(await spool.takeDeliveries(SESSION)).toEqual([]);
  expect(await spool.takeDeliveries('s_other')).toMatchObject([{ text: 'key-2' }]);
});

it('keeps no more than its bound, and makes no folder for nothing', async () => {
  const folder = newFolder();
  const spool = createSpoolFolder(folder);
  await spool.deliver(async (call) => deliveryOf(call), signal);
  expect(await spool.takeDeliveries(SESSION)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  const huge = { ...callOf(1), input: { text: 'x'.repeat(LIMITS.spooledBytesMax) } };
  await expect(spool.add(huge)).rejects.toMatchObject({ code: 'unavailable' });
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < LIMITS.spooledCallsMax; number += 1)
    writeFileSync(join(folder, `${String(number).padStart(15, '0')}-00000000.json`), '{}');
  await expect(spool.add(callOf(1))).rejects.toMatchObject({
    message: expect.stringMatching(/1000 calls wait .* this one was not/),
  });
});

it('stops at a file that is damaged, and says which', async () => {
  const folder = newFolder();
  const spool = createSpoolFolder(folder);
  await spool.add(callOf(1));
  const [name = ''] = readdirSync(folder);
  writeFileSync(join(folder, name), '{"tool":');
  await expect(spool.deliver(async (call) => deliveryOf(call), signal)).rejects.toMatchObject({
    code: 'precondition',
    message: expect.stringContaining(name),
  });
});
