/** What waits for a person's decision, of tasks and executions: what holds up most comes first, then what has waited longest. */
import { z } from 'zod';
import type { ExecutionState, GateView } from '../../../domain/executions/execution-state.ts';
import { openGatesIn, skillsIn } from '../../../domain/executions/state-parts.ts';
import { PawlError } from '../../../domain/failures.ts';
import { ExecutionId, TaskId } from '../../../domain/ids.ts';
import type { OutputOf } from '../../../domain/operations.ts';
import { factsOf } from '../../../domain/row-facts.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import { countBehind, dependantsIn } from '../../../domain/tasks-behind.ts';
import { type Asked, route } from './route.ts';

/** More than anybody decides in one sitting; those that are left out cost least. */
const DECISIONS_SHOWN_MAX = 200;

const Open = z.object({
  signal_id: z.string().describe('what POST /api/decisions takes'),
  kind: z.enum(['task', 'execution']),
  id: z.string(),
  gate: z.string(),
  gate_kind: z.string().describe('approval, or escalation where recovery ran out'),
  title: z.string(),
  question: z.string().nullable(),
  repository: z.string().nullable(),
  agent: z.string().nullable(),
  waiting_since: z.iso.datetime().nullable().describe('null where the gate is from before it was kept'),
  waiting_seconds: z.number(),
  blocks: z
    .int()
    .describe(
      'open tasks that wait for this one, directly or through others; of an execution its skills that have not begun yet',
    ),
  digest: z.string().nullable().describe('of what is shown: a decision that names it counts for that alone'),
  cost_usd: z.number().nullable().describe('so far; null where no agent told any'),
  tokens: z.int().nullable(),
  next: z.string().nullable(),
});
export type Open = z.infer<typeof Open>;

export const decisions = route({
  name: 'openDecisions',
  summary:
    'List what waits for a person, of tasks and executions: first what holds up most, then what has waited longest',
  method: 'GET',
  path: '/api/decisions',
  scope: 'read',
  input: z.strictObject({}),
  output: z.object({
    decisions: z.array(Open).describe('ranked by how many tasks each blocks, then by how long it has waited'),
    count: z.int().describe('how many there are, also where fewer are listed'),
  }),
  async answer(asked) {
    const open = await openDecisions(asked);
    return { decisions: open.slice(0, DECISIONS_SHOWN_MAX), count: open.length };
  },
});

/** All that are open, ranked. */
export async function openDecisions({ calls, host, now }: Asked): Promise<readonly Open[]> {
  const [{ gates }, rows] = await Promise.all([calls.gates({}), host.rows()]);
  const dependants = dependantsIn(rows);
  const executions = new Set(gates.flatMap(({ id }) => ExecutionId.safeParse(id).data ?? []));
  const [tasks, states] = await Promise.all([
    Promise.all(gates.map((open) => ofTask(calls, open, { now, blocks: countBehind(open.id, dependants) }))),
    Promise.all([...executions].map((id) => unlessGone(calls.execution({ id })))),
  ]);
  const ofExecutions = states.flatMap((state) => (state === undefined ? [] : decisionsOf(state, now)));
  return ranked([...tasks.flat(), ...ofExecutions]);
}

async function ofTask(
  calls: Asked['calls'],
  { id, gate }: OutputOf<'gates'>['gates'][number],
  seen: Seen,
): Promise<Open[]> {
  const task = TaskId.safeParse(id).data;
  const state = task && (await unlessGone(calls.show({ id: task })));
  return state === undefined ? [] : [taskDecision(state, gate, seen)];
}

/** One that was removed since it was listed is not waiting any more. */
const unlessGone = <T>(read: Promise<T>): Promise<T | undefined> =>
  read.catch((error: unknown) => {
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  });

interface Seen {
  readonly now: Date;
  readonly blocks: number;
}

/** Pure. */
export function taskDecision(
  state: TaskState,
  gate: TaskState['gates'][number],
  { now, blocks }: Seen,
): Open {
  const { id, title, repository = null, agent = null } = state;
  const { usage } = factsOf(state);
  const name = gate.id ?? gate.gate;
  return {
    ...{ signal_id: `${id}/${name}`, kind: 'task', id, gate: name, gate_kind: gate.gate },
    ...{ title, repository, agent, blocks },
    ...since(gate.openedAt, now),
    question: gate.question ?? null,
    digest: gate.digest ?? null,
    cost_usd: usage?.costUsd ?? null,
    tokens: usage?.tokens ?? null,
    next: gate.next ?? null,
  };
}

/** Those of one execution. Pure. */
export const decisionsOf = (state: ExecutionState, now: Date): Open[] =>
  openGatesIn(state).map((gate) => executionDecision(state, gate, now));

function executionDecision(state: ExecutionState, gate: GateView, now: Date): Open {
  const { id, title, project, spent, blockedBy = null } = state;
  return {
    ...{ signal_id: `${id}/${gate.id}`, kind: 'execution', id, gate: gate.id, gate_kind: gate.kind },
    ...{ title, repository: project, agent: null, next: blockedBy, tokens: null },
    ...since(gate.openedAt, now),
    blocks: skillsIn(state).filter((skill) => skill.state === 'pending').length,
    question: gate.title ?? null,
    digest: gate.digest ?? null,
    cost_usd: spent?.usd ?? null,
  };
}

const since = (openedAt: string | undefined, now: Date) => ({
  waiting_since: openedAt ?? null,
  waiting_seconds:
    openedAt === undefined ? 0 : Math.max(0, Math.round((now.getTime() - Date.parse(openedAt)) / 1_000)),
});

/** Pure. */
export const ranked = (open: readonly Open[]): readonly Open[] =>
  open.toSorted(
    (one, other) =>
      other.blocks - one.blocks ||
      other.waiting_seconds - one.waiting_seconds ||
      (one.signal_id < other.signal_id ? -1 : 1),
  );
