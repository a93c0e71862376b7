/** What the engine sweeps: answers that were kept for long, by the clock, in a real folder, while others use it. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { isAnswerExpired } from '../../src/domain/retention.ts';
import { startSweeper, sweepAnswers } from '../../src/engine/sweeper.ts';
import { startEngine } from '../../src/server.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { configOf, startOptions, temporaryHome } from './engine-rig.ts';

const NOW_MS = Date.now();
const DAY_MS = 86_400_000;
const KEPT_MS = LIMITS.answerDaysKept * DAY_MS;
/** No folder of mirrors. */
const NONE = '/nowhere/mirrors';
const clock = () => NOW_MS;
const REQUEST = `sha256:${'b'.repeat(64)}`;
const keyOf = (digit: string) => digit.repeat(64);

afterEach(() => void vi.useRealTimers());

it.each([
  [0, false],
  [KEPT_MS - 1, false],
  [KEPT_MS, false],
  [KEPT_MS + 1, true],
  [10 * KEPT_MS, true],
  // The clock was set back.
  [-DAY_MS, false],
])('an answer %i ms old is swept: %s', (ageMs, swept) => {
  expect(isAnswerExpired(NOW_MS - ageMs, NOW_MS)).toBe(swept);
});

/** A real folder of answers as engines before this one kept them, each so many days ago. */
async function keptAnswers(
  days: Readonly<Record<string, number>>,
  folder = join(scratchFolder('swept'), 'answers'),
) {
  mkdirSync(folder, { recursive: true });
  for (const [digit, age] of Object.entries(days)) {
    const path = join(folder, `${keyOf(digit)}.json`);
    writeFileSync(path, `{"caller":"","request":"${REQUEST}","answer":"1"}\n`);
    makeOld(path, age);
  }
  return { folder };
}
const makeOld = (path: string, days: number) => {
  const seconds = (NOW_MS - days * DAY_MS) / 1_000;
  utimesSync(path, seconds, seconds);
};

it('removes what was kept for longer than is said, and no other answer', async () => {
  const { folder } = await keptAnswers({ a: 31, b: 29, c: 0, d: 400 });
  expect(await sweepAnswers(folder, clock)).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(['b', 'c'].map((digit) => `${keyOf(digit)}.json`));
  expect(await sweepAnswers(folder, clock)).toBe(0);
});

it('sweeps half-written answers of who died over it, and leaves those being written', async () => {
  const { folder } = await keptAnswers({});
  const [left, writing] = [`${keyOf('a')}.json.left`, `${keyOf('b')}.json.writing`];
  for (const name of [left, writing]) writeFileSync(join(folder, name), '{"request":');
  makeOld(join(folder, left), 31);
  makeOld(join(folder, writing), 0);
  expect(await sweepAnswers(folder, clock)).toBe(1);
  expect(readdirSync(folder)).toEqual([writing]);
});

it('touches nothing that is no file, and what links lead to least of all', async () => {
  const { folder } = await keptAnswers({ a: 29 });
  const outside = join(scratchFolder('outside'), 'precious');
  writeFileSync(outside, 'x');
  makeOld(outside, 400);
  symlinkSync(outside, join(folder, 'link.json'));
  mkdirSync(join(folder, 'folder.json'));
  makeOld(join(folder, 'folder.json'), 400);
  expect(await sweepAnswers(folder, clock)).toBe(0);
  expect(readdirSync(folder)).toHaveLength(3);
  expect(existsSync(outside)).toBe(true);
});

it('finds nothing to do where no answer was ever kept', async () => {
  expect(await sweepAnswers(join(scratchFolder('empty'), 'answers'), clock)).toBe(0);
});

it('sweeps at its start and every day until it is stopped, and says what it did', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: NOW_MS });
  const { folder } = await keptAnswers({ a: 31, b: 29.5, c: 5 });
  const notices: string[] = [];
  const sweeper = startSweeper({ answers: folder, mirrors: NONE }, (line) => notices.push(line));
  await expect.poll(() => notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^1 answers/);
  vi.advanceTimersByTime(DAY_MS);
  await expect.poll(() => notices).toHaveLength(2);
  expect(readdirSync(folder)).toEqual([`${keyOf('c')}.json`]);
  await sweeper.stop();
  vi.advanceTimersByTime(40 * DAY_MS);
  await sweeper.stop();
  expect(vi.getTimerCount()).toBe(0);
  expect(statSync(join(folder, `${keyOf('c')}.json`)).size).toBeGreaterThan(0);
  expect(notices).toHaveLength(2);
});

it('says so when a folder cannot be swept, and tries again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: NOW_MS });
  const file = join(scratchFolder('odd'), 'answers');
  writeFileSync(file, 'no folder');
  const notices: string[] = [];
  const sweeper = startSweeper({ answers: file, mirrors: NONE }, (line) => notices.push(line));
  await expect.poll(() => notices).toEqual([expect.stringMatching(/cannot be swept \(ENOTDIR.*tried again/)]);
  vi.advanceTimersByTime(DAY_MS);
  await expect.poll(() => notices).toHaveLength(2);
  await sweeper.stop();
});

it('finishes removals too, and says where it cannot', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: NOW_MS });
  const { folder } = await keptAnswers({ a: 31 });
  const notices: string[] = [];
  let tried = 0;
  const sweeper = startSweeper(
    { answers: folder, mirrors: NONE },
    (line) => notices.push(line),
    async () => {
      tried += 1;
      if (tried === 1) throw new Error('Temporal is away');
    },
  );
  const cannot = 'what is left of removed tasks cannot be swept (Temporal is away): tried again tomorrow';
  await expect.poll(() => notices.toSorted()).toEqual([expect.stringMatching(/^1 answers/), cannot]);
  vi.advanceTimersByTime(DAY_MS);
  await sweeper.stop();
  expect(tried).toBe(2);
  expect(notices).toHaveLength(2);
});

it('is done by an engine once it is up', async () => {
  const { home, remove } = temporaryHome();
  const { answers } = placesIn(home);
  await keptAnswers({ a: 31, b: 1 }, answers);
  const notices: string[] = [];
  const engine = await startEngine(configOf(home), startOptions({ onNotice: (line) => notices.push(line) }));
  await expect.poll(() => readdirSync(answers), { timeout: 20_000 }).toEqual([`${keyOf('b')}.json`]);
  await engine.stop();
  expect(notices.filter((line) => line.includes('did not end'))).toEqual([]);
  remove();
});
