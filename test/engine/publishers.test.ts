/** When all is told, and when not: each session from its beginning to its end, without a gap. */
import { afterEach, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import type { WorkerNews } from '../../src/domain/worker-news.ts';
import { state } from '../edge/cli/states.ts';
import { type ToldEngine, toldEngine } from '../worker/told-engine.ts';

const AT = '2026-01-02T03:04:05.000Z';
const stateOf = (id: string) => ({
  state: state({ id: TaskId.parse(id) }),
  startedAt: AT,
  moment: { run: AT, events: 3 },
});

const open: AbortController[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

/** A worker that answers what it is asked only when a test says so. */
async function begin({ publishers }: ToldEngine, worker: string) {
  const leave = new AbortController();
  open.push(leave);
  const questions = publishers.listen(worker, leave.signal);
  const first = (await questions.next()).value;
  const session = first?.type === 'begun' ? first.session : '';
  let number = 0;
  return {
    session,
    questions,
    leave,
    tell(news: Partial<WorkerNews> = {}) {
      number += 1;
      publishers.take(worker, {
        session,
        number,
        states: [],
        executions: [],
        outputs: [],
        steps: [],
        ...news,
      });
    },
    async answer() {
      const asked = (await questions.next()).value;
      if (asked?.type === 'asks') this.tell({ answers: asked.number });
    },
  };
}

it('is up to now once the worker has answered, one question for all who ask meanwhile', async () => {
  const engine = toldEngine(['w']);
  expect(await engine.publishers.upToNow()).toBe(false);
  const worker = await begin(engine, 'w');
  let settled = 0;
  const readers = Array.from({ length: 3 }, async () => {
    const isTold = await engine.publishers.upToNow();
    settled += 1;
    return isTold;
  });
  await worker.questions.next();
  const late = engine.publishers.upToNow();
  const next = worker.questions.next();
  worker.tell({ states: [stateOf('one')] });
  expect(settled).toBe(0);
  worker.tell({ answers: 1 });
  expect(await Promise.all(readers)).toEqual([true, true, true]);
  // Whoever came while it was on its way is not answered by it.
  expect(await Promise.race([late, Promise.resolve('asks still')])).toBe('asks still');
  expect((await next).value).toEqual({ type: 'asks', number: 2 });
  worker.tell({ answers: 2 });
  expect(await late).toBe(true);
  expect(engine.told).toEqual(['anew', 'one']);
});

it('knows nothing as long as one worker of the home does not tell, and begins anew when all do', async () => {
  const engine = toldEngine(['w']);
  const worker = await begin(engine, 'w');
  engine.running.add('silent');
  expect(await engine.publishers.upToNow()).toBe(false);
  worker.tell({ states: [stateOf('unheard')] });
  engine.running.delete('silent');
  const told = engine.publishers.upToNow();
  await worker.answer();
  expect(await told).toBe(true);
  worker.tell({ states: [stateOf('heard')] });
  expect(engine.told).toEqual(['anew', 'anew', 'anew', 'heard']);
});

it('says of several which one tells, and begins anew with each that comes and goes', async () => {
  const engine = toldEngine(['v', 'w']);
  const v = await begin(engine, 'v');
  v.tell({ states: [stateOf('unheard')] });
  const w = await begin(engine, 'w');
  v.tell({ states: [stateOf('one')] });
  w.tell({ states: [stateOf('one')] });
  const told = engine.publishers.upToNow();
  await Promise.all([v.answer(), w.answer()]);
  expect(await told).toBe(true);
  w.leave.abort();
  await w.questions.next();
  expect(engine.publishers.isComplete()).toBe(false);
  engine.running.delete('w');
  const left = engine.publishers.upToNow();
  await v.answer();
  expect(await left).toBe(true);
  v.tell({ states: [stateOf('two')] });
  expect(engine.told).toEqual(['anew', 'one by v', 'one by w', 'anew', 'anew', 'two']);
});

it('ends the session of a worker that does not answer, and what it is told by it afterwards is refused', async () => {
  const engine = toldEngine(['w'], { answersWithinMs: 10 });
  const worker = await begin(engine, 'w');
  worker.tell({ steps: [{ id: TaskId.parse('one'), runs: 1, waitsFor: 'a slot' }] });
  expect(await engine.publishers.upToNow()).toBe(false);
  expect(engine.told).toEqual([
    'anew',
    'one runs',
    'one waits for a slot',
    'one ran',
    'one waits for nothing',
    'anew',
  ]);
  expect(() => worker.tell({ states: [stateOf('late')] })).toThrow('begin anew');
  expect((await worker.questions.next()).done).toBe(true);
  await begin(engine, 'w');
  expect(engine.told.at(-1)).toBe('anew');
});

it('ends a session of which something is missing, or that another one replaces', async () => {
  const engine = toldEngine(['w']);
  const first = await begin(engine, 'w');
  first.tell();
  expect(() => first.tell({ number: 7, states: [stateOf('skipped')] })).toThrow('expected number 2, got 7');
  expect(engine.publishers.isComplete()).toBe(false);
  const second = await begin(engine, 'w');
  const third = await begin(engine, 'w');
  expect(() => second.tell()).toThrow('expected a session that goes on');
  third.tell({ states: [stateOf('one')] });
  expect(engine.told.filter((line) => line !== 'anew')).toEqual(['one']);
  expect(engine.publishers.isComplete()).toBe(true);
});

it('takes no worker that does not run in the home', async () => {
  const engine = toldEngine(['w']);
  await expect(begin(engine, 'v')).rejects.toMatchObject({ code: 'precondition' });
  expect(() =>
    engine.publishers.take('v', {
      session: 's',
      number: 1,
      states: [],
      executions: [],
      outputs: [],
      steps: [],
    }),
  ).toThrow('begin anew');
  expect(engine.told).toEqual([]);
});
