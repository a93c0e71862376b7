/** What a worker tells its engine over HTTP: in order, the latest of each task, and never more than is bounded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Failing } from '../../src/domain/engine-vitals.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { HttpServer } from '../../src/engine/http-server.ts';
import { createPendingNews } from '../../src/worker/pending-news.ts';
import { publish } from '../../src/worker/publisher.ts';
import { state } from '../edge/cli/states.ts';
import { TOKEN } from '../edge/http/call.ts';
import { until } from '../engine/engine-rig.ts';
import { type ToldEngine, toldEngine } from './told-engine.ts';

const STARTED = '2026-01-02T03:04:05.000Z';
const W = crypto.randomUUID();
const moment = { run: STARTED, events: 3 };
const task = (id: string, ...notes: string[]) => state({ id: TaskId.parse(id), notes });

const leaving: AbortController[] = [];
const servers: HttpServer[] = [];
afterEach(async () => {
  for (const one of leaving.splice(0)) one.abort();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function startPublishing(worker: string, failing: () => readonly Failing[] = () => []) {
  const leave = new AbortController();
  leaving.push(leave);
  const notices: string[] = [];
  const place = { api: undefined as string | undefined };
  const observer = publish({
    worker,
    find: async () => (place.api === undefined ? undefined : { api: place.api, token: TOKEN }),
    failing,
    onNotice: (line) => notices.push(line),
    signal: leave.signal,
  });
  const changed = (id: string, ...notes: string[]) => observer.changed(task(id, ...notes), STARTED, moment);
  return { observer, changed, notices, place, leave };
}

async function serve(engine: ToldEngine): Promise<HttpServer> {
  const server = await engine.serve();
  servers.push(server);
  return server;
}

it('has told all that happened before, when it is asked', async () => {
  const engine = toldEngine([W]);
  const { observer, changed, place } = startPublishing(W);
  changed('nobody-hears');
  place.api = (await serve(engine)).url;
  await until(() => engine.publishers.upToNow());
  expect(engine.told).toEqual(['anew']);
  changed('one', 'first');
  changed('two');
  observer.stepRuns('one', true);
  observer.waits('one', 'a slot');
  changed('one', 'last');
  observer.printed({ type: 'output', id: TaskId.parse('one'), attempt: 1, bytes: 7 });
  expect(await engine.publishers.upToNow()).toBe(true);
  expect(engine.told.slice(1)).toEqual([
    'two',
    'one last',
    'one runs',
    'one waits for a slot',
    'one printed 7',
  ]);
  observer.waits('one', undefined);
  observer.stepRuns('one', false);
  for (let count = 1; count <= 3 * LIMITS.newsPerMessageMax; count += 1) changed(`many-${count}`);
  expect(await engine.publishers.upToNow()).toBe(true);
  const rest = engine.told.slice(6);
  expect(rest.filter((line) => line.startsWith('many'))).toEqual(
    Array.from({ length: 3 * LIMITS.newsPerMessageMax }, (_, index) => `many-${index + 1}`),
  );
  expect(rest).toEqual(expect.arrayContaining(['one waits for nothing', 'one ran']));
});

it('tells the next engine of what runs, and of nothing that it did not hear', async () => {
  const first = toldEngine([W]);
  const second = toldEngine([W]);
  const { observer, changed, place, notices } = startPublishing(W);
  const server = await serve(first);
  place.api = server.url;
  await until(() => first.publishers.upToNow());
  observer.stepRuns('one', true);
  observer.waits('one', 'its turn');
  expect(await first.publishers.upToNow()).toBe(true);
  await server.close();
  await until(async () => !(await first.publishers.upToNow()));
  expect(first.told.slice(-3).toSorted()).toEqual(['anew', 'one ran', 'one waits for nothing']);
  await until(() => sleep(600).then(() => true));
  changed('lost');
  place.api = (await serve(second)).url;
  await until(() => second.publishers.upToNow());
  changed('one', 'heard');
  expect(await second.publishers.upToNow()).toBe(true);
  expect(second.told).toEqual(['anew', 'one runs', 'one waits for its turn', 'one heard']);
  expect(notices).toEqual([]);
});

it('tells which tasks fail, and no more once they do not', async () => {
  const engine = toldEngine([W]);
  const failing: Failing[] = [{ id: 'one', since: STARTED, problem: 'it throws', remedy: 'none' }];
  const { place } = startPublishing(W, () => failing);
  place.api = (await serve(engine)).url;
  await until(() => engine.publishers.upToNow());
  expect(engine.publishers.failing()).toEqual(failing);
  failing.pop();
  await engine.publishers.upToNow();
  expect(engine.publishers.failing()).toEqual([]);
});

it('says once why an engine does not take it, and tries again', async () => {
  const engine = toldEngine([]);
  const { place, notices } = startPublishing(W);
  place.api = (await serve(engine)).url;
  await until(() => notices.length > 0);
  engine.running.add(W);
  await until(() => engine.publishers.upToNow());
  expect(notices).toEqual([expect.stringMatching(/asks Temporal: expected the id of a worker that runs/)]);
});

it('leaves when its worker does', async () => {
  const engine = toldEngine([W]);
  const { place, leave } = startPublishing(W);
  place.api = (await serve(engine)).url;
  await until(() => engine.publishers.upToNow());
  leave.abort();
  await until(async () => !(await engine.publishers.upToNow()));
});

it('keeps no more than is bounded, and nothing where nobody is told', () => {
  let overflows = 0;
  const pending = createPendingNews(
    () => [],
    () => {
      overflows += 1;
    },
  );
  const change = (count: number) => pending.observer.changed(task(`task-${count}`), STARTED, moment);
  for (let count = 0; count <= LIMITS.newsWaitingMax; count += 1) change(count);
  expect([overflows, pending.take()]).toEqual([0, undefined]);
  pending.begin();
  for (let again = 0; again < 3; again += 1)
    for (let count = 0; count < LIMITS.newsWaitingMax; count += 1) change(count);
  expect(overflows).toBe(0);
  change(LIMITS.newsWaitingMax);
  expect(overflows).toBe(1);
  expect(pending.take()?.states).toHaveLength(LIMITS.newsPerMessageMax);
  pending.end();
  expect(pending.take()).toBeUndefined();
});
