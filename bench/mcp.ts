/**
 * What an AI client waits for: each call of the toolset `orchestrator` over MCP stdio, with the real adapter in front of
 * an engine in a process of its own, among more and more tasks; and what adapter, engine and Temporal take of memory.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from 'gpt-tokenizer/model/gpt-4o';
import { PawlError } from '../src/domain/failures.ts';
import type { Calls } from '../src/domain/operations.ts';
import { createApiClient } from '../src/edge/http/api-client.ts';
import type { Endpoints } from '../src/engine/endpoints.ts';
import { tokenOf } from '../src/engine/home.ts';
import { withDetachedEngine } from './detached-engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { environmentIn } from './homes.ts';
import { measureAgainstSdk } from './mcp-against-sdk.ts';
import { type Adapter, type AdapterOptions, withAdapter } from './mcp-client.ts';
import { childMegabytes, residentMegabytes } from './memory.ts';
import { inParallel } from './parallel.ts';

export interface McpCounts {
  /** How many tasks the session has when the calls are timed, ascending. */
  readonly tasks: readonly number[];
  /** Calls of each tool that are timed. */
  readonly calls: number;
  /** Between planning many tasks and timing: Temporal writes its lists of them after it has acknowledged them. */
  readonly restSeconds: number;
  /** Starts of an adapter that are timed. */
  readonly starts: number;
}

const TOOLSETS = ['core', 'orchestrator'] as const;
const AT_ONCE = 50;
const PAGE = 100;

const progress = (line: string): boolean => process.stderr.write(`${line}\n`);

/** @param folder where the home and the working directory of the client are made */
export async function measureMcp(folder: string, counts: McpCounts): Promise<Figure[]> {
  const home = join(folder, 'home');
  const directory = join(folder, 'project');
  mkdirSync(directory);
  const env = environmentIn(home);
  return withDetachedEngine(env, async ({ endpoints }) => {
    const starts = await measureStarts({ env, directory, toolset: 'orchestrator' }, counts.starts);
    const lists = await Promise.all(TOOLSETS.map((toolset) => measureList({ env, directory, toolset })));
    const calls = await withAdapter({ env, directory, toolset: 'orchestrator' }, async (adapter) => [
      ...(await measureAgainstSdk(adapter, endpoints, counts.calls)),
      ...(await measureSession(adapter, endpoints, tokenOf(home, env), counts)),
    ]);
    return [...starts, ...lists, ...calls];
  });
}

async function measureStarts(options: AdapterOptions, starts: number): Promise<Figure[]> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const startedMs = performance.now();
    const tookMs = await withAdapter(options, async ({ client }) => {
      await client.listTools();
      return performance.now() - startedMs;
    });
    times.push(tookMs);
  }
  const group = 'MCP adapter, its engine runs already';
  return [{ group, name: `start to tool list, median of ${starts}`, value: median(times), unit: 'ms' }];
}

/** As a model reads it: each tool's name, description and schemas. */
async function measureList(options: AdapterOptions): Promise<Figure> {
  const { tools } = await withAdapter(options, ({ client }) => client.listTools());
  return {
    group: 'tool list for a model (o200k tokens)',
    name: `${options.toolset}, ${tools.length} tools`,
    value: encode(JSON.stringify(tools)).length,
    unit: 'tokens',
    ...(options.toolset === 'core' ? { aim: '≤ 2500' } : {}),
  };
}

async function measureSession(
  adapter: Adapter,
  endpoints: Endpoints,
  token: string,
  { tasks, calls, restSeconds }: McpCounts,
): Promise<Figure[]> {
  const engine = createApiClient({ api: endpoints.api, token });
  const { session_id: session } = await adapter.call('orchestrator_initialize_session');
  // The first of each fills caches and compiles code.
  await timeCalls(adapter, calls);
  const fills: Figure[] = [];
  const figures: Figure[] = [];
  let planned = 0;
  const fillTo = async (count: number) => {
    progress(`  MCP: ${count} tasks …`);
    const { total_count: already } = await adapter.call('orchestrator_query_tasks', { limit: 1 });
    const startedMs = performance.now();
    const missing = count - Number(already);
    await inParallel(missing, AT_ONCE, async () => {
      planned += 1;
      const words = { title: `Fill the list ${planned}`, description: 'One of many' };
      await engine.create({ id: `fill-${planned}`, ...words, session: String(session) });
    });
    const seconds = (performance.now() - startedMs) / 1_000;
    await untilBegun(engine, `fill-${planned}`);
    const group = `plans through the operations, ${AT_ONCE} at once`;
    fills.push({ group, name: `${missing} tasks`, value: missing / seconds, unit: '/s' });
  };
  for (const count of tasks) {
    await fillTo(count);
    await sleep(restSeconds * 1_000);
    figures.push(...(await measureCalls(adapter, calls, count)));
  }
  const group = `memory with ${tasks.at(-1)} tasks open (RSS)`;
  const { pid } = endpoints;
  return [
    ...figures,
    ...fills,
    { group, name: 'MCP adapter', value: await residentMegabytes(adapter.pid), unit: 'MB', aim: '< 120' },
    { group, name: 'engine', value: await residentMegabytes(pid), unit: 'MB', aim: '< 512' },
    { group, name: 'Temporal', value: await childMegabytes(pid, 'temporal'), unit: 'MB', aim: '< 512' },
  ];
}

/** Tasks that are planned faster than the worker begins them wait in Temporal's queue, and one that is planned then after them. */
async function untilBegun(engine: Calls, id: string): Promise<void> {
  for (;;) {
    try {
      await engine.show({ id });
      return;
    } catch (error) {
      if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
    }
  }
}

const AIMS = { plan: 10, update: undefined, complete: 15, query: 15, get_status: 20 } as const;
type Call = keyof typeof AIMS;

async function measureCalls(adapter: Adapter, calls: number, tasks: number): Promise<Figure[]> {
  const group = `one call over MCP stdio, ${tasks} tasks in the session`;
  const times = await timeCalls(adapter, calls);
  const names: Readonly<Record<Call, string>> = {
    plan: 'plan',
    update: 'update',
    complete: 'complete',
    query: `query of ${PAGE}`,
    get_status: 'get_status',
  };
  return [
    ...(Object.keys(AIMS) as Call[]).flatMap((call): Figure[] => {
      const aim = AIMS[call] === undefined ? {} : { aim: `< ${AIMS[call]}` };
      return [
        { group, name: `${names[call]} p50`, value: median(times[call]), unit: 'ms', ...aim },
        { group, name: `${names[call]} p95`, value: quantile(times[call], 0.95), unit: 'ms' },
      ];
    }),
    { group, name: `${AT_ONCE} plans at once, all`, value: await timePlansAtOnce(adapter), unit: 'ms' },
  ];
}

/** Leaves no task open, so that the session does not grow much by being measured. */
async function timeCalls({ call }: Adapter, count: number): Promise<Record<Call, number[]>> {
  const times: Record<Call, number[]> = { plan: [], update: [], complete: [], query: [], get_status: [] };
  const timed = async (name: Call, tool: string, input?: Record<string, unknown>) => {
    const startedMs = performance.now();
    const answer = await call(tool, input);
    times[name].push(performance.now() - startedMs);
    return answer;
  };
  for (let number = 0; number < count; number += 1) {
    const words = { title: `Measure a call ${number}`, description: 'Plan it, work on it, report it' };
    const { task_id: id } = await timed('plan', 'orchestrator_plan_task', words);
    await timed('update', 'orchestrator_update_task', { task_id: id, status: 'in_progress' });
    const report = { summary: 'measured', detailed_work: 'It took a moment.', next_action: 'complete' };
    await timed('complete', 'orchestrator_complete_task', { task_id: id, ...report });
    await timed('query', 'orchestrator_query_tasks', { limit: PAGE });
    await timed('get_status', 'orchestrator_get_status');
  }
  return times;
}

async function timePlansAtOnce({ call }: Adapter): Promise<number> {
  const startedMs = performance.now();
  await inParallel(AT_ONCE, AT_ONCE, (number) =>
    call('orchestrator_plan_task', { title: `At once ${number}`, description: 'Beside the others' }),
  );
  return performance.now() - startedMs;
}
