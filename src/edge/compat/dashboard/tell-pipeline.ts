/** The feed in the messages of the pipeline. What they say beyond the feed is read while somebody is told them, and only then. */
import type { FeedEvent, Printed } from '../../../domain/events.ts';
import { gatesIn } from '../../../domain/executions/state-parts.ts';
import { PawlError } from '../../../domain/failures.ts';
import { ExecutionId, TaskId } from '../../../domain/ids.ts';
import { clip } from '../../../domain/limits.ts';
import type { LogLine } from '../../../domain/operation-schemas.ts';
import type { EngineApi } from '../../../domain/operations.ts';
import type { MessageOf, PipelineMessage } from './pipeline-message.ts';
import { agentOf, type ClosedGate, createSeen, type Seen, translate } from './translate-event.ts';

type Engine = Pick<EngineApi, 'events' | 'logs' | 'show' | 'execution'>;

/** Of a log that is there already, for the first look. */
const FIRST_BYTES = 8 * 1024;
/** An agent that prints faster than its lines are told: what is further back is passed by, and stands in its log. */
const BEHIND_BYTES_MAX = 256 * 1024;
const LINES_MAX = 200;
const LINE_CHARS_MAX = 2_000;

/** Until `signal` aborts; always begun with where everything stands. @throws PawlError as `events` */
export async function* tellPipeline(engine: Engine, signal: AbortSignal): AsyncGenerator<PipelineMessage> {
  yield { type: 'connection', status: 'connected' };
  const seen = createSeen();
  const offsets = new Map<string, Place>();
  for await (const { event } of engine.events(undefined, signal)) {
    const { messages, closed } = translate(seen, event);
    for (const gate of closed) {
      const made = await unlessAway(decisionAt(engine, gate));
      if (made !== undefined) yield made;
    }
    yield* messages;
    const output = outputIn(event, offsets);
    if (output !== undefined) yield* (await unlessAway(linesOf(engine, seen, offsets, output))) ?? [];
    forgetOver(offsets, event);
  }
}

interface Place {
  readonly attempt: number;
  readonly offset: number;
}

async function linesOf(
  engine: Engine,
  { tasks }: Seen,
  offsets: Map<string, Place>,
  { id, attempt, bytes }: Printed,
): Promise<readonly MessageOf<'agent_log'>[]> {
  const known = offsets.get(id);
  const from = known?.attempt === attempt ? known.offset : Math.max(0, bytes - FIRST_BYTES);
  const read = await engine.logs({ id, attempt, offset: Math.max(from, bytes - BEHIND_BYTES_MAX) });
  offsets.set(id, { attempt, offset: read.offset });
  const row = tasks.get(id);
  const agent = row === undefined ? 'agent' : agentOf(row);
  return read.lines.slice(-LINES_MAX).map((line) => ({
    type: 'agent_log',
    data: {
      level: levelOf(line),
      message: clip(line.text, LINE_CHARS_MAX),
      agent,
      task_id: id,
      timestamp: line.t.slice(11, 19),
    },
  }));
}

/** What the engine itself says in the log; everything else the agent has printed. */
export function levelOf({
  type,
  text,
}: Pick<LogLine, 'type' | 'text'>): MessageOf<'agent_log'>['data']['level'] {
  if (type === 'full') return 'warning';
  if (type !== 'ended') return 'info';
  return text.startsWith('done') ? 'success' : 'error';
}

/** Of a task that is over the last lines may not have been told: nobody says any more that they are there. */
function outputIn(event: FeedEvent, offsets: ReadonlyMap<string, Place>): Printed | undefined {
  if (event.type === 'output') return event;
  const place =
    event.type === 'row' && event.row.closedAt !== undefined ? offsets.get(event.row.id) : undefined;
  if (event.type !== 'row' || place === undefined) return undefined;
  return { type: 'output', id: event.row.id, attempt: place.attempt, bytes: place.offset };
}

function forgetOver(offsets: Map<string, Place>, event: FeedEvent): void {
  if (event.type === 'gone') offsets.delete(event.id);
  if (event.type === 'row' && event.row.closedAt !== undefined) offsets.delete(event.row.id);
}

/** undefined where nobody has decided: the gate became stale, or whatever it is of was cancelled. */
async function decisionAt(
  engine: Engine,
  closed: ClosedGate,
): Promise<MessageOf<'decision_made'> | undefined> {
  const { status, by, reason } = (await gateAt(engine, closed)) ?? {};
  if (status !== 'approved' && status !== 'rejected') return undefined;
  const decision = status === 'approved' ? 'approve' : 'reject';
  const signal_id = `${closed.id}/${closed.gate}`;
  return {
    type: 'decision_made',
    data: { signal_id, decision, by: by ?? null, rationale: reason ?? null },
  };
}

interface Decided {
  readonly status: string;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

async function gateAt(engine: Engine, { id, gate }: ClosedGate): Promise<Decided | undefined> {
  const execution = ExecutionId.safeParse(id);
  if (!execution.success) {
    const { gates } = await engine.show({ id: TaskId.parse(id) });
    return gates.find((one) => (one.id ?? one.gate) === gate);
  }
  const found = gatesIn(await engine.execution({ id: execution.data })).find((one) => one.id === gate);
  if (found === undefined) return undefined;
  const last = found.approvals.at(-1);
  return { status: found.status, by: found.by ?? last?.by, reason: found.why ?? last?.reason };
}

/** What was removed meanwhile, or cannot be read now, is left out: the feed goes on. */
const unlessAway = <T>(read: Promise<T>): Promise<T | undefined> =>
  read.catch((error: unknown) => {
    if (error instanceof PawlError) return undefined;
    throw error;
  });
