/**
 * A client calls through `pawl mcp` while the engine is killed and brought back, and the adapter too: what was answered is done,
 * once and in order. `PAWL_KILLS=all` kills a hundred times.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRunning, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { attach, createRig, type Rig } from './rig.ts';

const ALL = process.env.PAWL_KILLS === 'all';
/** Of each moment. */
const ROUNDS = ALL ? 25 : 1;
/** For a hang; each engine that is killed is started again, which takes seconds. */
const TEST_MS = ALL ? 3_600_000 : 300_000;
/** A call takes about as long. */
const CALL_MS = 40;

let rig: Rig;
const here = scratchFolder('here');
beforeAll(async () => {
  rig = createRig();
  await up('0');
}, TEST_MS);
afterAll(() => rig.close(), TEST_MS);

async function up(port: string): Promise<void> {
  expect(await rig.pawl(['up', '-d', '--port', port])).toMatchObject({ code: 0 });
}

async function kill(pid: number): Promise<void> {
  const startedAt = startTimeOf(pid);
  if (startedAt === undefined) return;
  process.kill(pid, 'SIGKILL');
  await until(() => !isRunning({ pid, startedAt }));
}

async function killEngine(): Promise<void> {
  const engine = await liveEndpoints(rig.home);
  if (engine !== undefined) await kill(engine.pid);
}

const someTime = (): Promise<void> => sleep(Math.random() * CALL_MS);

/** Titles in the order in which their tasks were made. */
async function titlesMade(prefix: string): Promise<readonly string[]> {
  const { api, leave } = await attach(rig);
  const { tasks } = await api.list({ limit: LIMITS.listPageMax });
  await leave();
  return tasks
    .filter(({ title }) => title.startsWith(prefix))
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    .map(({ title }) => title);
}

it(
  'brings the engine of its home back by itself, and does each call once, without a key of the client’s',
  async () => {
    const adapter = await startMcp(rig.home, here);
    const titles: string[] = [];
    const create = (): Promise<unknown> => {
      titles.push(`near ${titles.length}`);
      return adapter.ok('create', { title: titles.at(-1) });
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      await killEngine();
      await create();
      const [, made] = [await create(), create()];
      await someTime();
      await killEngine();
      await made;
    }
    // The engine may have died after the last answer: whoever calls next brings it back.
    await adapter.ok('list');
    await adapter.close();
    expect(await titlesMade('near ')).toEqual(titles);
  },
  TEST_MS,
);

/** In front of an engine elsewhere, which it cannot start; its user skips what does not reach it. */
async function farAdapter(api: string): Promise<McpRig> {
  const settings = { PAWL_URL: api, PAWL_TOKEN: tokenOf(rig.home, {}), PAWL_MCP_RETRY_SECONDS: '0' };
  return startMcp(scratchHome, here, [], settings, () => ({ choice: 'skip' }));
}
const scratchHome = scratchFolder('adapters-home');

it(
  'loses and repeats nothing that was kept while the engine was away, whoever is killed when',
  async () => {
    const { api } = (await liveEndpoints(rig.home)) ?? expect.fail('no engine runs');
    const port = new URL(api).port;
    let adapter = await farAdapter(api);
    let count = 0;
    /** What was answered as kept; of the others nobody was told anything. */
    const kept: string[] = [];
    const skip = async (): Promise<void> => {
      const title = `far ${String(count++).padStart(4, '0')}`;
      const { structured } = await adapter.call('create', { title });
      expect(structured).toMatchObject({ code: 'queued', place: expect.any(Number) });
      kept.push(title);
    };
    const again = async (): Promise<void> => {
      await kill(adapter.pid);
      await adapter.close();
      adapter = await farAdapter(api);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      await killEngine();
      await skip();
      await skip();
      // The adapter dies while it writes, or while it still tries.
      const dies = skip().catch(() => undefined);
      await someTime();
      await again();
      await dies;
      await skip();
      await up(port);
      // While what was kept is sent, the adapter dies, and the engine.
      const tells = adapter.call('list').catch(() => undefined);
      await someTime();
      await (round % 2 === 0 ? again() : killEngine());
      await tells;
      const more = adapter.call('list').catch(() => undefined);
      await someTime();
      await killEngine();
      await more;
      await up(port);
      expect(await adapter.call('list')).toMatchObject({ isError: false });
      const made = await titlesMade('far ');
      expect(made.filter((title) => kept.includes(title))).toEqual(kept);
      expect(new Set(made).size).toBe(made.length);
    }
    // It was told what became of a call, and only of that one.
    await killEngine();
    await skip();
    await up(port);
    const { content } = await adapter.client.callTool({ name: 'list', arguments: {} });
    expect(JSON.stringify(content)).toMatch(/have been made:\\n1\. create: taken: /);
    expect((await adapter.client.callTool({ name: 'list', arguments: {} })).content).toHaveLength(1);
    await adapter.close();
  },
  TEST_MS,
);
