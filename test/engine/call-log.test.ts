/** Errors of calls: kept for a day, bounded, and known to the next engine of the home. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { createCallLog } from '../../src/engine/call-log.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { fakeEngine } from '../edge/cli/fake-engine.ts';

const HOUR_MS = 3_600_000;

function world() {
  const path = join(scratchFolder('home'), 'call-errors.jsonl');
  let nowMs = Date.UTC(2026, 0, 1);
  const notices: string[] = [];
  const open = () => {
    const log = createCallLog({ path, onNotice: (line) => notices.push(line), now: () => nowMs });
    const fail = async (message: string) => {
      const engine = fakeEngine({}, { sessions: () => Promise.reject(new PawlError('conflict', message)) });
      await expect(log.watch(engine).sessions({})).rejects.toThrow(message.slice(0, 10));
    };
    return { fail, errors: () => log.read().errors };
  };
  return { path, notices, open, wait: (hours: number) => (nowMs += hours * HOUR_MS) };
}

it('tells the next engine what was refused before, but not after a day', async () => {
  const { path, open, wait } = world();
  await open().fail('the first');
  wait(20);
  // A kill may have torn the line that was being written.
  appendFileSync(path, '{"at":"2026');
  appendFileSync(path, '\n');
  const next = open();
  await next.fail('the second');
  expect(next.errors()).toMatchObject([
    { operation: 'sessions', code: 'conflict', message: 'the first' },
    { message: 'the second' },
  ]);
  expect(open().errors()).toHaveLength(2);
  wait(5);
  expect(open().errors()).toMatchObject([{ message: 'the second' }]);
});

it('stays small, however many and long the errors are', async () => {
  const { path, open } = world();
  const log = open();
  for (let count = 0; count < 3_000; count += 1) await log.fail(`error ${count} ${'x'.repeat(5_000)}`);
  expect(log.errors()).toHaveLength(100);
  expect(log.errors().at(-1)?.message).toMatch(/^error 2999 x+…$/);
  expect(statSync(path).size).toBeLessThan(2 * 1024 * 1024);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(
    open()
      .errors()
      .map(({ message }) => message),
  ).toEqual(log.errors().map(({ message }) => message));
  expect(existsSync(`${path}.new`)).toBe(false);
});

it('goes on where the file cannot be written, and says so once', async () => {
  const { path, notices, open } = world();
  mkdirSync(path);
  const log = open();
  await log.fail('the first');
  await log.fail('the second');
  expect(log.errors()).toHaveLength(2);
  expect(notices).toEqual([expect.stringContaining('call-errors.jsonl')]);
  expect(() => readFileSync(path)).toThrow('EISDIR');
});
