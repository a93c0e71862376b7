/**
 * A planner that loses everything three times: adapter, engine and Temporal are killed while 50 of its calls are under
 * way. What was answered is there once and in its status; what was not is called again with its key, and is there once.
 */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { isRunning, sendSignal, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { IN_FLIGHT_MAX, inFlight, inFlightMax, inSlot } from './in-flight.ts';
import { type Answer, type McpRig, startMcp } from './mcp-rig.ts';
import { AREAS, LEAVES, type Leaf, leavesOf } from './orchestrator-leaves.ts';
import { createRig, type Rig } from './rig.ts';

/** For a hang; on two cores it takes a fraction. */
const TEST_MS = 240_000;

/** The same for a task that waits for nothing any more, and for an engine that is started meanwhile. */
const FREED_MS_MAX = 60_000;

type Input = Readonly<Record<string, unknown>>;

interface Call {
  readonly name: string;
  readonly input: Input;
  readonly key: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
type Structured = any;

let rig: Rig;

let directory: string;

let adapter: Promise<McpRig>;

beforeAll(() => {
  rig = createRig();
  directory = scratchFolder('planned');
  adapter = startAdapter();
});

afterAll(async () => {
  await (await adapter).close();
  await rig.close();
});

const startAdapter = () => startMcp(rig.home, directory, ['--toolset', 'orchestrator']);

const answered: { readonly call: Call; readonly structured: Structured }[] = [];

const unanswered = new Set<string>();

/** The answer of a call with a key of its own, called again until there is one. */
async function keyed(name: string, key: string, input: Input): Promise<Structured> {
  const call = { name: `orchestrator_${name}`, input, key: `${name} ${key}` };
  const structured = await persistent(call);
  answered.push({ call, structured });
  killInTime();
  return structured;
}

async function persistent(call: Call): Promise<Structured> {
  for (;;) {
    const answer = await inSlot(() => askOnce(call));
    if (answer === undefined) {
      unanswered.add(call.key);
      continue;
    }
    if (answer.isError) throw new Error(`${call.key}: ${answer.text}`);
    return answer.structured;
  }
}

/** undefined where nobody has answered; a killed adapter is started again, which starts what else is missing. */
async function askOnce({ name, input, key }: Call): Promise<Answer | undefined> {
  const used = adapter;
  const mcp = await used;
  try {
    const answer = await mcp.call(name, { ...input, idempotency_key: key });
    return answer.structured?.code === 'unavailable' ? undefined : answer;
  } catch (error) {
    if (startTimeOf(mcp.pid) !== undefined) throw error;
    if (adapter === used) adapter = startAdapter();
    return undefined;
  }
}

const Noted = z.looseObject({ pid: z.int(), startedAt: z.string() });

const kills: { readonly moment: string; readonly inFlight: number; readonly ended: Promise<unknown> }[] = [];

/** How many answers of a tool there are when everything is killed. */
const MOMENTS = [
  { tool: 'orchestrator_plan_task', answers: 20 },
  { tool: 'orchestrator_execute_task', answers: 12 },
  { tool: 'orchestrator_complete_task', answers: 10 },
];

function killInTime(): void {
  const moment = MOMENTS[kills.length];
  if (moment === undefined) return;
  if (answered.filter(({ call }) => call.name === moment.tool).length < moment.answers) return;
  kills.push({ moment: moment.tool, inFlight, ended: killEverything() });
}

async function killEverything(): Promise<void> {
  const mcp = await adapter;
  const programs = [rig.places.endpoints, rig.places.temporalProcess].map((path) =>
    Noted.parse(JSON.parse(readFileSync(path, 'utf8'))),
  );
  const victims = [{ pid: mcp.pid, startedAt: startTimeOf(mcp.pid) ?? 'ended' }, ...programs];
  if (!victims.every(isRunning)) throw new Error('expected adapter, engine and Temporal to run when killed');
  for (const { pid } of victims) sendSignal(pid, 'SIGKILL');
  await until(() => !victims.some(isRunning));
}

const plan = async (title: string, more: Input = {}): Promise<string> =>
  (await keyed('plan_task', title, { title, description: `Do ${title}`, ...more })).task_id;

async function workOn({ title, needs, ends }: Leaf, id: string): Promise<void> {
  if (ends === 'pending' || ends === 'blocked') return;
  const taken =
    needs.length === 0 ? await keyed('execute_task', title, { task_id: id }) : await freed(title, id);
  expect(taken, title).toMatchObject({ status: 'ready_for_execution', attempt: 1 });
  await keyed('update_task', title, { task_id: id, description: `${title} is under way` });
  if (ends !== 'completed') return;
  const report = { summary: `${title} is done`, detailed_work: `All of ${title}`, next_action: 'complete' };
  const token = { attempt_token: taken.attempt_token };
  const done = await keyed('complete_task', title, { task_id: id, ...report, ...token });
  expect(done, title).toMatchObject({ task_status: 'completed', artifact_count: 1 });
}

/** Claims a task as soon as what it depends on is completed. Each try is a call of its own. */
async function freed(title: string, id: string): Promise<Structured> {
  const until = performance.now() + FREED_MS_MAX;
  for (let number = 1; performance.now() < until; number += 1) {
    const taken = await keyed('execute_task', `${title} ${number}`, { task_id: id });
    if (taken.status === 'ready_for_execution') return taken;
    await sleep(100);
  }
  throw new Error(`${title}: expected it to be ready, because all that it depends on is completed`);
}

const query = async (input: Input): Promise<Structured> =>
  (await adapter).ok('orchestrator_query_tasks', { limit: 1_000, ...input });

it('loses and doubles nothing over three kills of adapter, engine and Temporal', {
  timeout: TEST_MS,
}, async () => {
  const leaves = leavesOf();
  const root = await plan('root');
  const areas = await Promise.all(
    Array.from({ length: AREAS }, (_, at) => plan(`area ${at}`, { parent_task_id: root })),
  );
  const planned: Promise<string>[] = [];
  for (const { title, area, needs } of leaves) {
    const parts = needs.map((need) => planned[need]);
    const dependencies = Promise.all(parts);
    planned.push(dependencies.then((ids) => plan(title, { parent_task_id: areas[area], dependencies: ids })));
  }
  const worked: Promise<void>[] = [];
  for (const [at, leaf] of leaves.entries()) {
    const before = Promise.all(leaf.needs.map((need) => worked[need]));
    worked.push(Promise.all([planned[at], before]).then(([id]) => workOn(leaf, id ?? '')));
  }
  const ids = await Promise.all(planned);
  await Promise.all(worked);
  await Promise.all(kills.map(({ ended }) => ended));

  expect(kills.map(({ moment }) => moment)).toEqual(MOMENTS.map(({ tool }) => tool));
  for (const kill of kills) expect(kill.inFlight, kill.moment).toBeGreaterThan(0);
  expect(unanswered.size).toBeGreaterThan(0);
  await expectTasks(leaves, ids);
  await expectProgress(leaves, areas, root);
  await expectSameAnswers();
  await expectTasks(leaves, ids);
  expect(await liveEndpoints(rig.home)).toBeDefined();
});

async function expectTasks(leaves: readonly Leaf[], ids: readonly string[]): Promise<void> {
  const expected = new Map<string, string>([
    ['root', 'pending'],
    ...Array.from({ length: AREAS }, (_, at) => [`area ${at}`, 'pending'] as const),
    ...leaves.map(({ title, ends }) => [title, ends] as const),
  ]);
  const titles = [...expected.keys()].sort();
  // What waits becomes ready by itself, soon after what it waits for is completed.
  await expect
    .poll(async () => statusesOf((await query({})).tasks), { timeout: 30_000 })
    .toEqual(Object.fromEntries(expected));
  const found = await query({});
  expect(found.total_count).toBe(1 + AREAS + LEAVES);
  expect(found.tasks.map(({ title }: Structured) => title).sort()).toEqual(titles);
  const byId = new Map<string, Structured>(found.tasks.map((task: Structured) => [task.id, task]));
  for (const [at, { title, needs, ends }] of leaves.entries()) {
    const begun = ends === 'completed' || ends === 'in_progress';
    expect(byId.get(ids[at] ?? ''), title).toMatchObject({
      title,
      description: begun ? `${title} is under way` : `Do ${title}`,
      dependencies: needs.map((need) => ids[need]),
    });
  }
}

const statusesOf = (tasks: readonly Structured[]): Record<string, string> =>
  Object.fromEntries(tasks.map(({ title, status }) => [title, status]));

async function expectProgress(
  leaves: readonly Leaf[],
  areas: readonly string[],
  root: string,
): Promise<void> {
  for (const [at, id] of areas.entries()) {
    const parts = leaves.filter(({ area }) => area === at);
    const whole = await (await adapter).ok('orchestrator_synthesize_results', { parent_task_id: id });
    expect(whole, `area ${at}`).toMatchObject({
      total_subtasks: parts.length,
      completed_subtasks: parts.filter(({ ends }) => ends === 'completed').length,
    });
  }
  const [tree] = (await query({ search_text: 'root', include_children: true })).tasks;
  expect(tree.id).toBe(root);
  expect(tree.children.map(({ id }: Structured) => id).sort()).toEqual([...areas].sort());
  expect(tree.children.flatMap(({ children }: Structured) => children)).toHaveLength(LEAVES);
}

/** Asked once more with its key, every call is answered as it was. */
async function expectSameAnswers(): Promise<void> {
  const again = await Promise.all(answered.map(({ call }) => persistent(call)));
  expect(inFlightMax).toBe(IN_FLIGHT_MAX);
  for (const [at, { call, structured }] of answered.entries())
    expect(again[at], call.key).toEqual(structured);
}
