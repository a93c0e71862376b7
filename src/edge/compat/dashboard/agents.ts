/** The agents of this engine, and how the tasks went that were given to each. */
import { z } from 'zod';
import { AGENT_NAMES } from '../../../domain/agent-names.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { isAtWork } from './board-tally.ts';
import { route } from './route.ts';
import { inProgress } from './tallies.ts';

/** What each is for: all of them read and change code; `command` does what its program does. */
const CODES = ['analyze', 'implement', 'fix', 'test', 'review'];

const AgentShown = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().describe('coder, or program for a program of the user'),
  status: z
    .enum(['working', 'ready', 'unavailable'])
    .describe('unavailable: it cannot run here, problem says why; working: it works on a task now'),
  capabilities: z.array(z.string()),
  current_task: z.string().nullable().describe('the one that was begun last of those under way'),
  current_tasks: z.array(z.string()),
  performance_score: z
    .number()
    .nullable()
    .describe('success_rate in percent; null before a task of it has ended'),
  counts: z
    .object({ working: z.int(), queued: z.int(), waiting: z.int(), done: z.int(), failed: z.int() })
    .describe('tasks that were given to it; queued: for a slot; waiting: at a gate, for a person'),
  success_rate: z.number().nullable().describe('done of done and failed, 0 to 1; null before one has ended'),
  tokens: z.int().describe('of attempts that have ended'),
  cost_usd: z.number(),
  problem: z.string().nullable(),
});
export type AgentShown = z.infer<typeof AgentShown>;

export const agents = route({
  name: 'agents',
  summary: 'List the agents of this engine: whether each can run, what it works on, how its tasks went',
  method: 'GET',
  path: '/api/agents',
  scope: 'read',
  input: z.strictObject({}),
  output: z.object({ agents: z.array(AgentShown) }),
  async answer({ host }) {
    const [here, rows] = await Promise.all([host.agents(), host.rows()]);
    return { agents: agentsShown(here, rows) };
  },
});

type Here = readonly { readonly name: string; readonly problem?: string }[];

/** Those that the engine knows, then those that a repository has given a name of its own. Pure. */
export function agentsShown(here: Here, rows: readonly TaskRow[]): AgentShown[] {
  const known = new Set(here.map(({ name }) => name));
  const given = Map.groupBy(rows, ({ agent }) => agent);
  const named = [...given.keys()].filter((name) => name !== undefined && !known.has(name)) as string[];
  return [...here, ...named.sort().map((name) => ({ name }))].map((agent) =>
    shownOf(agent, given.get(agent.name) ?? []),
  );
}

function shownOf({ name, problem }: Here[number], rows: readonly TaskRow[]): AgentShown {
  const of = (status: TaskRow['status']) => rows.filter((row) => row.status === status).length;
  const [done, failed] = [of('completed'), of('failed')];
  const open = rows.filter(inProgress).toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  const working = open.filter(isAtWork).map(({ id }) => id);
  const waiting = open.filter((row) => row.status === 'awaiting_gate').length;
  const success = done + failed === 0 ? null : done / (done + failed);
  const isProgram = name === 'command' || !AGENT_NAMES.some((known) => known === name);
  return {
    ...{ id: name, name, type: isProgram ? 'program' : 'coder', problem: problem ?? null },
    status: working.length > 0 ? 'working' : problem === undefined ? 'ready' : 'unavailable',
    capabilities: isProgram ? ['what its program does'] : CODES,
    ...{ current_task: working[0] ?? null, current_tasks: working },
    performance_score: success === null ? null : Math.round(success * 100),
    counts: {
      ...{ working: working.length, queued: open.length - working.length - waiting },
      ...{ waiting, done, failed },
    },
    success_rate: success,
    tokens: rows.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0),
    cost_usd: Number(rows.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0).toFixed(6)),
  };
}
