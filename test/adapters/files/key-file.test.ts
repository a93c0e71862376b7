/** The file of calls under a key against a Map: whatever is put, torn, begun anew and forgotten, they agree. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyFile, type KeyFileOptions } from '../../../src/adapters/files/key-file.ts';
import type { KeptCall } from '../../../src/domain/kept-call.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { scratchFolder } from '../scratch-repository.ts';

const KEPT_MS = LIMITS.answerDaysKept * 86_400_000;
const idOf = (digit: string) => digit.repeat(64);
const place = () => join(scratchFolder('keys'), 'kept-calls.jsonl');
type Put = Omit<KeptCall, 'at'>;

const ids = ['a', 'b', 'c', 'd', 'e'].map(idOf);
const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)));
const put: fc.Arbitrary<Put> = fc
  .record({
    id: fc.constantFrom(...ids),
    request: fc.constantFrom('one', 'other'),
    what: fc.oneof(
      fc.record({ answer: value }),
      fc.record({ note: fc.dictionary(fc.string(), value) }),
      fc.constant({}),
    ),
  })
  .map(({ what, ...call }) => JSON.parse(JSON.stringify({ ...call, ...what })));
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      puts: fc.array(put, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('torn' as const),
      put,
      left: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('anew' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('later' as const), ms: fc.integer({ min: 0, max: KEPT_MS }) }),
  },
);

/** What a crash leaves of the line that is put: a part of it, as large as `left`. */
async function tearLast(path: string, left: number, put: () => Promise<void>): Promise<void> {
  const before = existsSync(path) ? statSync(path).size : 0;
  await put();
  const { size } = statSync(path);
  truncateSync(path, before + Math.floor((size - before) * left));
}

it('agrees with a Map', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const path = place();
      let nowMs = 1_000_000;
      const open = () => createKeyFile({ path, now: () => nowMs });
      let file = open();
      const model = new Map<string, { at: number; call: Put }>();
      const apply = (call: Put) => {
        if (call.answer === undefined && call.note === undefined) model.delete(call.id);
        else model.set(call.id, { at: nowMs, call });
      };
      const expectSame = async () => {
        for (const id of ids) {
          const known = model.get(id);
          const expected = known === undefined || nowMs - known.at > KEPT_MS ? undefined : known;
          const found = await file.find(id);
          expect(found).toEqual(expected && { ...expected.call, at: expected.at });
        }
      };
      for (const one of steps) {
        if (one.kind === 'put') {
          // All at once: they are one write, in the order in which they came.
          await Promise.all(one.puts.map((call) => file.put(call, 'flushed')));
          one.puts.forEach(apply);
        } else if (one.kind === 'torn') {
          await file.find(idOf('a'));
          await tearLast(path, one.left, () => file.put(one.put, 'written'));
          file = open();
        } else if (one.kind === 'later') nowMs += one.ms;
        else file = open();
        await expectSame();
      }
      file = open();
      await expectSame();
    }),
    { numRuns: 60 },
  );
});

const answer = (digit: string, text = digit): Put => ({ id: idOf(digit), request: 'r', answer: { text } });

async function rig(more: Partial<KeyFileOptions> = {}, path = place()) {
  const open = () => createKeyFile({ path, ...more });
  return { path, open, file: open() };
}

it('is for its owner alone, and one line a call', async () => {
  const { path, file } = await rig();
  await file.put(answer('a'), 'flushed');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([answer('a')]);
});

it('keeps every key of what was noted', async () => {
  const { file, open } = await rig();
  const note = JSON.parse('{ "__proto__": "own", "constructor": 1, "": 2 }');
  await file.put({ id: idOf('a'), request: 'r', note }, 'flushed');
  for (const one of [file, open()])
    expect(JSON.stringify((await one.find(idOf('a')))?.note)).toBe(JSON.stringify(note));
});

it('leaves out what does not count any more when it is read again', async () => {
  const { path, file, open } = await rig();
  for (const text of ['first', 'second']) await file.put(answer('a', text), 'flushed');
  await file.put(answer('b'), 'flushed');
  await file.put({ id: idOf('b'), request: 'r' }, 'written');
  appendFileSync(path, 'what a crash has left of a line');
  expect(await open().find(idOf('a'))).toMatchObject(answer('a', 'second'));
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([answer('a', 'second')]);
});

it.each([
  ['calls', { callsMax: 2 }],
  ['bytes', { bytesMax: 2 * 140 }],
])('forgets the oldest where there are too many %s', async (_, bound) => {
  const { file, open } = await rig(bound);
  for (const digit of ['a', 'b', 'c']) await file.put(answer(digit), 'flushed');
  for (const one of [file, open()]) {
    const found = await Promise.all(['a', 'b', 'c'].map((digit) => one.find(idOf(digit))));
    expect(found.map((call) => call !== undefined)).toEqual([false, true, true]);
  }
});

it('is written anew while it is used, so that its size is bounded', async () => {
  const { path, file } = await rig();
  const long = 'x'.repeat(200_000);
  for (let round = 0; round < 30; round += 1) await file.put(answer('a', `${round}${long}`), 'written');
  expect(statSync(path).size).toBeLessThan(2_000_000);
  expect(await file.find(idOf('a'))).toMatchObject(answer('a', `29${long}`));
});

it('says what to do where it cannot be written, and goes on once it can', async () => {
  const path = place();
  mkdirSync(path);
  const { file } = await rig({}, path);
  await expect(file.put(answer('a'), 'flushed')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/kept-calls\.jsonl cannot be used \(EISDIR.*make the same call again/),
  });
  rmdirSync(path);
  await file.put(answer('a'), 'flushed');
  expect(await file.find(idOf('a'))).toMatchObject(answer('a'));
});
