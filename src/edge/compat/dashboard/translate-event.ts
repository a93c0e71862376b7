/** Events of the feed in the messages of the pipeline. Pure, but for `Seen`, which a reader keeps. */
import type { FeedEvent, Snapshot, Warned } from '../../../domain/events.ts';
import type { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { countGates, countTask, createTally, statusOf, type Tally } from './board-tally.ts';
import type { MessageOf, PipelineMessage } from './pipeline-message.ts';

/** What a reader was told so far. */
export interface Seen {
  readonly tasks: Map<string, TaskRow>;
  readonly executions: Map<string, ExecutionRow>;
  readonly tally: Tally;
  /** The last status, as JSON; undefined before the first snapshot. */
  status: string | undefined;
}

/** A gate that is not open any more: its task or execution knows what was decided. */
export interface ClosedGate {
  readonly id: string;
  readonly gate: string;
}

export interface Translated {
  readonly messages: readonly PipelineMessage[];
  readonly closed: readonly ClosedGate[];
}

export const createSeen = (): Seen => ({
  tasks: new Map(),
  executions: new Map(),
  tally: createTally(),
  status: undefined,
});

/** Brings `seen` up to the event. Of output there is nothing to say here: its lines are in the log. */
export function translate(seen: Seen, event: FeedEvent): Translated {
  const isFirst = seen.status === undefined;
  const changes = changesOf(seen, event);
  const told = changes.map((change) => apply(seen, change, isFirst));
  const messages = told.flatMap((one) => one.messages);
  const status = statusOf(seen.tally);
  const text = JSON.stringify(status);
  if (text !== seen.status) messages.push({ type: 'status_update', data: status });
  seen.status = text;
  if (event.type === 'warnings') messages.push(healthOf(event));
  return { messages, closed: told.flatMap((one) => one.closed) };
}

interface Change {
  readonly before: TaskRow | ExecutionRow | undefined;
  readonly after: TaskRow | ExecutionRow | undefined;
}

function changesOf(seen: Seen, event: FeedEvent): readonly Change[] {
  switch (event.type) {
    case 'snapshot':
      return sinceSnapshot(seen, event);
    case 'row':
      return [{ before: seen.tasks.get(event.row.id), after: event.row }];
    case 'execution':
      return [{ before: seen.executions.get(event.row.id), after: event.row }];
    case 'gone':
      return [{ before: seen.tasks.get(event.id), after: undefined }];
    case 'output':
    case 'warnings':
      return [];
    default:
      return event satisfies never;
  }
}

/** A reader that was too far behind gets the whole again: what is not in it is gone. */
function sinceSnapshot({ tasks, executions }: Seen, { rows, executions: runs }: Snapshot): readonly Change[] {
  const there = new Set<string>([...rows, ...runs].map(({ id }) => id));
  const gone = [...tasks.values(), ...executions.values()].filter(({ id }) => !there.has(id));
  return [
    ...gone.map((before) => ({ before, after: undefined })),
    ...rows.map((after) => ({ before: tasks.get(after.id), after })),
    ...runs.map((after) => ({ before: executions.get(after.id), after })),
  ].filter(({ before, after }) => before !== after);
}

const isTask = (row: TaskRow | ExecutionRow): row is TaskRow => 'kind' in row;

function apply(seen: Seen, { before, after }: Change, isFirst: boolean): Translated {
  for (const [row, by] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (row === undefined) continue;
    if (isTask(row)) countTask(seen.tally, row, by, agentOf(row));
    countGates(seen.tally, row, by);
    const known: Map<string, TaskRow | ExecutionRow> = isTask(row) ? seen.tasks : seen.executions;
    if (by === 1) known.set(row.id, row);
    else known.delete(row.id);
  }
  const open = new Map(
    (after === undefined ? [] : decisionsOf(after)).map((one) => [one.data.signal_id, one]),
  );
  const were = before === undefined ? [] : decisionsOf(before).map(({ data }) => data);
  const needed = [...open.values()].filter(
    ({ data }) => !were.some((one) => one.signal_id === data.signal_id),
  );
  const closed = were.filter(({ signal_id }) => !open.has(signal_id)).map(({ id, gate }) => ({ id, gate }));
  const moved = isFirst ? [] : movesOf(before, after);
  return { messages: [...moved, ...needed], closed: after === undefined ? [] : closed };
}

/** Of a task: an execution is told by the tasks of its skills and by its gates. */
function movesOf(before: Change['before'], after: Change['after']): readonly PipelineMessage[] {
  const was = before !== undefined && isTask(before) ? before : undefined;
  if (after === undefined) return was === undefined ? [] : [updateOf(was, 'removed')];
  return isTask(after) ? movesOfTask(was, after) : [];
}

function movesOfTask(was: TaskRow | undefined, row: TaskRow): readonly PipelineMessage[] {
  const { id, title, description, status, kind, summary = '', priority = 'normal' } = row;
  const messages: PipelineMessage[] = [];
  if (was === undefined && kind === 'agent_run') {
    const data = { id, content: description ?? title, priority };
    messages.push({ type: 'requirement_submitted', data });
  }
  messages.push(...activityOf(was, row), updateOf(row, status));
  if (status === 'completed' && was?.status !== status)
    messages.push({ type: 'task_completed', data: { task_id: id, agent: agentOf(row), output: summary } });
  return messages;
}

function activityOf(was: TaskRow | undefined, row: TaskRow): readonly MessageOf<'agent_activity'>[] {
  const { id, title, status, attempt = 1 } = row;
  const agent_id = agentOf(row);
  if (status === 'in_progress') {
    if (was?.status === status && was.attempt === row.attempt) return [];
    const activity = `attempt ${attempt} of ${id}: ${title}`;
    return [{ type: 'agent_activity', data: { agent_id, status: 'working', activity } }];
  }
  if (was?.status !== 'in_progress') return [];
  return [{ type: 'agent_activity', data: { agent_id, status: 'ready', activity: `${id} is ${status}` } }];
}

function healthOf({ warnings }: Warned): MessageOf<'system_health'> {
  return {
    type: 'system_health',
    data: { status: warnings.length === 0 ? 'healthy' : 'degraded', warnings },
  };
}

function updateOf(row: TaskRow, status: MessageOf<'task_update'>['data']['status']): PipelineMessage {
  const { id, title, summary = null } = row;
  const isOn = status === 'in_progress' || status === 'awaiting_gate';
  const progress = status === 'completed' ? 100 : isOn ? 50 : 0;
  const data = {
    task_id: id,
    description: title,
    status,
    assigned_to: agentOf(row),
    progress,
    output: summary,
  };
  return { type: 'task_update', data };
}

function decisionsOf(row: TaskRow | ExecutionRow): readonly MessageOf<'decision_needed'>[] {
  const { id, title, gates = [] } = row;
  return gates.map((gate) => {
    const one = typeof gate === 'string' ? { gate } : { gate: gate.id ?? gate.gate, openedAt: gate.openedAt };
    const data = { signal_id: `${id}/${one.gate}`, id, gate: one.gate, title };
    return { type: 'decision_needed', data: { ...data, waiting_since: one.openedAt ?? null } };
  });
}

/** Who works on it: the agent that was chosen for it, or the specialist that it was planned for. */
export const agentOf = ({ agent, plan }: TaskRow): string => agent ?? plan?.specialist ?? 'agent';
