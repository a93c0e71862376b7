/**
 * Durable tasks of MCP as tasks of the engine. Their id is the task's own with the time when the client was given it, so
 * that whatever adapter is asked, now or after a restart, knows all there is to know.
 */
import { type CallToolResult, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { PawlError } from '../../domain/failures.ts';
import { TaskId } from '../../domain/ids.ts';
import type { Calls } from '../../domain/operations.ts';
import { isClosed, type TaskState } from '../../domain/task-state.ts';
import { briefOf, textOf } from './brief.ts';
import { type TaskResult, type Tasks, type TaskView, UnknownTask } from './durable-tasks.ts';
import { DecisionForm, openGateOf, questionKey, questionOf } from './elicitation.ts';
import { sendDecision } from './sending-decision.ts';
import { lineOf } from './waiting.ts';

const POLL_MS = 1_000;

export interface EngineTasksDeps {
  readonly engine: Calls;
  /** @throws PawlError where this caller may not */
  readonly admit: (scope: 'read' | 'operate' | 'approve') => void;
  /** Whether this caller may decide at all: one that may not is asked nothing. */
  readonly mayDecide: () => Promise<boolean>;
}

/** What a call answers that goes on as this task. */
export function taskResultOf(id: string, now: Date = new Date()): TaskResult {
  const createdAt = now.toISOString();
  return {
    resultType: 'task',
    taskId: `${id}.${now.getTime().toString(36)}`,
    status: 'working',
    createdAt,
    lastUpdatedAt: createdAt,
    ttlMs: null,
    pollIntervalMs: POLL_MS,
  };
}

export function createEngineTasks({ engine, admit, mayDecide }: EngineTasksDeps): Tasks {
  return {
    async get(taskId, { elicits }) {
      admit('read');
      const { id, createdAt } = parse(taskId);
      const state = await shown(taskId, id);
      return viewOf(state, { taskId, createdAt, elicits: elicits && (await mayDecide()) });
    },
    async answer(taskId, responses) {
      admit('approve');
      const { id } = parse(taskId);
      const gate = openGateOf(await shown(taskId, id));
      if (gate === undefined) return;
      const response = inputResponse({ ...responses }, questionKey(id, gate));
      if (response.kind !== 'elicit' || response.action !== 'accept') return;
      const form = DecisionForm.safeParse(response.content);
      if (!form.success) throw new PawlError('invalid_input', 'expected decision: approve or reject');
      await sendDecision(engine, { id, gate, decision: form.data, via: 'mcp' });
    },
    async cancel(taskId) {
      admit('operate');
      const { id } = parse(taskId);
      if (isClosed((await shown(taskId, id)).status)) return;
      await engine.cancel({ id });
    },
  };

  async function shown(taskId: string, id: TaskId): Promise<TaskState> {
    try {
      return await engine.show({ id });
    } catch (error) {
      if (error instanceof PawlError && error.code === 'not_found') throw new UnknownTask(taskId, error);
      throw error;
    }
  }
}

/** @throws UnknownTask for what `taskResultOf` never made */
function parse(taskId: string): { readonly id: TaskId; readonly createdAt: string } {
  const [, word, time = ''] = /^([^.]+)\.([0-9a-z]{1,10})$/.exec(taskId) ?? [];
  const id = TaskId.safeParse(word);
  const createdAt = new Date(Number.parseInt(time, 36));
  if (!id.success || Number.isNaN(createdAt.getTime())) throw new UnknownTask(taskId);
  return { id: id.data, createdAt: createdAt.toISOString() };
}

interface Shown {
  readonly taskId: string;
  readonly createdAt: string;
  /** Whether the client can ask its user, and may tell the answer. */
  readonly elicits: boolean;
}

function viewOf(state: TaskState, { taskId, createdAt, elicits }: Shown): TaskView {
  const { status, changedAt = createdAt } = state;
  const named = {
    taskId,
    createdAt,
    lastUpdatedAt: changedAt > createdAt ? changedAt : createdAt,
    ttlMs: null,
    pollIntervalMs: POLL_MS,
    statusMessage: lineOf(state),
  };
  if (status === 'cancelled') return { ...named, status };
  if (isClosed(status)) return { ...named, status: 'completed', result: { ...resultOf(state) } };
  const gate = openGateOf(state);
  if (gate === undefined) return { ...named, status: 'working' };
  // A client that cannot ask its user can show them what to do.
  if (!elicits) return { ...named, status: 'working', statusMessage: textOf(state) };
  const { message, form } = questionOf(state, gate);
  return {
    ...named,
    status: 'input_required',
    inputRequests: {
      [questionKey(state.id, gate)]: inputRequired.elicit({ message, requestedSchema: form }),
    },
  };
}

/** What the call would have answered, had it waited. A task that failed is a tool's error, not the protocol's. */
const resultOf = (state: TaskState): CallToolResult => ({
  ...(state.status === 'failed' && { isError: true }),
  structuredContent: briefOf(state),
  content: [{ type: 'text', text: textOf(state) }],
});
