/** Logs of attempts: written line by line, read along, bounded. */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttemptLogs, type LogLine, readAttemptLog } from '../../../src/adapters/files/attempt-logs.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { newFolder } from '../../conformance/folders.ts';

const now = () => new Date('2026-01-02T03:04:05.678Z');
const task = { id: TaskId.parse('some-task') };
const t = '2026-01-02T03:04:05.678Z';

async function readAll(path: string, from = 0): Promise<LogLine[]> {
  const all: LogLine[] = [];
  for (let offset = from; ; ) {
    const { lines, next } = await readAttemptLog(path, offset);
    if (next === offset) return all;
    all.push(...lines);
    offset = next;
  }
}

it('gives back the lines, whatever they hold', async () => {
  const logs = createAttemptLogs(newFolder(), { now });
  const text = fc.string({ unit: 'grapheme', maxLength: 100 });
  let attempt = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ type: fc.constantFrom('log', 'ended'), text })),
      async (written) => {
        attempt += 1;
        const log = logs.open(task, attempt);
        for (const line of written) log.write(line);
        await log.close();
        expect(await readAll(log.path)).toEqual(written.map((line) => ({ t, ...line })));
      },
    ),
    { numRuns: 30 },
  );
});

it('keeps one file per attempt, for its user alone', async () => {
  const folder = newFolder();
  const logs = createAttemptLogs(folder);
  const log = logs.open(task, 3);
  log.write({ type: 'log', text: 'hello' });
  expect(log.path).toBe(join(folder, 'some-task', '3.jsonl'));
  expect(logs.pathOf(task, 3)).toBe(log.path);
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  await log.close();
  await log.close();
  expect(() => log.write({ type: 'log', text: 'late' })).toThrow('is closed');
  const outside = '../escape' as TaskId;
  expect(() => logs.pathOf({ id: outside }, 1)).toThrow();
  expect(() => logs.pathOf({ ...task, run: outside }, 1)).toThrow();
});

it('keeps the runs of a task apart, also from what was written before runs were told apart', async () => {
  const folder = newFolder();
  const logs = createAttemptLogs(folder, { now });
  const runs = [task, { ...task, run: '5e1f00c0ffee' }, { ...task, run: 'c0ffee5e1f00' }];
  for (const [index, run] of runs.entries()) {
    const log = logs.open(run, 1);
    log.write({ type: 'log', text: `run ${index}` });
    await log.close();
  }
  for (const [index, run] of runs.entries())
    expect(await readAll(logs.pathOf(run, 1))).toEqual([{ t, type: 'log', text: `run ${index}` }]);
  expect(logs.pathOf(task, 1)).toBe(join(folder, 'some-task', '1.jsonl'));
});

describe('read', () => {
  it('follows along: whole lines only, each once', async () => {
    const log = createAttemptLogs(newFolder(), { now }).open(task, 1);
    expect(await readAttemptLog(`${log.path}.none`, 0)).toEqual({ lines: [], next: 0 });
    log.write({ type: 'log', text: 'one' });
    const first = await readAttemptLog(log.path, 0);
    expect(first.lines.map(({ text }) => text)).toEqual(['one']);
    appendFileSync(log.path, '{"t":"now","type":"log","te');
    expect(await readAttemptLog(log.path, first.next)).toEqual({ lines: [], next: first.next });
    appendFileSync(log.path, 'xt":"two"}\n');
    const second = await readAttemptLog(log.path, first.next);
    expect(second.lines.map(({ text }) => text)).toEqual(['two']);
    expect((await readAttemptLog(log.path, second.next)).lines).toEqual([]);
    expect((await readAttemptLog(log.path, 1_000_000)).lines).toEqual([]);
    await log.close();
  });

  it('gives a prefix of the lines of a file cut anywhere, and the rest from there later', async () => {
    const log = createAttemptLogs(newFolder(), { now }).open(task, 1);
    for (const text of ['ä', 'b\nb', '🚲🚲', '']) log.write({ type: 'log', text });
    await log.close();
    const whole = readFileSync(log.path);
    const all = await readAll(log.path);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length }), async (size) => {
        writeFileSync(log.path, whole.subarray(0, size));
        const { lines, next } = await readAttemptLog(log.path, 0);
        expect(lines).toEqual(all.slice(0, lines.length));
        writeFileSync(log.path, whole);
        expect([...lines, ...(await readAll(log.path, next))]).toEqual(all);
      }),
    );
  });

  it('passes by damage', async () => {
    const path = join(newFolder(), 'log');
    writeFileSync(
      path,
      `${'\0'.repeat(2_500_000)}\nno json\n{"t":1}\n{"t":"1","type":"log","text":"good"}\n`,
    );
    expect(await readAll(path)).toEqual([{ t: '1', type: 'log', text: 'good' }]);
  });
});

it('goes on with a log that a kill cut off', async () => {
  const logs = createAttemptLogs(newFolder(), { now });
  const log = logs.open(task, 1);
  for (const text of ['one', 'two']) log.write({ type: 'log', text });
  await log.close();
  truncateSync(log.path, statSync(log.path).size - 5);
  const again = logs.open(task, 1);
  again.write({ type: 'log', text: 'three' });
  await again.close();
  expect((await readAll(log.path)).map(({ text }) => text)).toEqual(['one', 'three']);
});

it('is bounded, says so once, and still tells how the attempt ended', async () => {
  const bytesMax = 200_000;
  const log = createAttemptLogs(newFolder(), { bytesMax }).open(task, 1);
  for (let count = 0; count < 3_000; count += 1) log.write({ type: 'log', text: 'x'.repeat(100) });
  log.write({ type: 'log', text: 'short' });
  log.write({ type: 'ended', text: 'done' });
  for (let count = 0; count < 3_000; count += 1) log.write({ type: 'checkpoint', text: 'x'.repeat(100) });
  await log.close();
  const lines = await readAll(log.path);
  expect(statSync(log.path).size).toBeLessThanOrEqual(bytesMax);
  expect(lines.filter(({ type }) => type === 'full')).toHaveLength(1);
  expect(lines.some(({ text }) => text === 'short')).toBe(false);
  expect(lines.some(({ type }) => type === 'ended')).toBe(true);
});

it('cuts a line that is too long, however its characters are written', async () => {
  const log = createAttemptLogs(newFolder()).open(task, 1);
  log.write({ type: 'log', text: '\u0000'.repeat(1_000_000) });
  await log.close();
  const [line] = await readAll(log.path);
  expect(line?.text).toHaveLength(LIMITS.agentLineCharsMax);
});

it.runIf(process.platform === 'linux')('says what is wrong when it cannot be written', async () => {
  const folder = newFolder();
  const logs = createAttemptLogs(folder);
  mkdirSync(join(folder, 'some-task'));
  symlinkSync('/dev/full', join(folder, 'some-task', '1.jsonl'));
  const log = logs.open(task, 1);
  expect(() => log.write({ type: 'log', text: 'hello' })).toThrow(/cannot write the attempt's log: ENOSPC/);
  await log.close();
});
