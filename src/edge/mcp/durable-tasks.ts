/**
 * Durable tasks of MCP (extension `io.modelcontextprotocol/tasks`, revision 2026-07-28): a call answers a task id at once
 * and the client asks how it is, also after this adapter was started anew. Where a task is kept is not known here.
 */
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { publicErrorOf } from '../http/refusals.ts';
import { elicits, keepsTasks, TASKS_EXTENSION } from './client-abilities.ts';

interface Named {
  readonly taskId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** null: it is kept for good. */
  readonly ttlMs: number | null;
  readonly pollIntervalMs: number;
  /** For people. */
  readonly statusMessage?: string;
}
type Result = Readonly<Record<string, unknown>>;

export type TaskView = Named &
  (
    | { readonly status: 'working' | 'cancelled' }
    | { readonly status: 'input_required'; readonly inputRequests: Result }
    | { readonly status: 'completed'; readonly result: Result }
    | { readonly status: 'failed'; readonly error: { readonly code: number; readonly message: string } }
  );

/** What a call answers whose work goes on as a task: nothing of its state but the status. */
export type TaskResult = Named & {
  readonly resultType: 'task';
  readonly status: 'working';
  readonly [key: string]: unknown;
};

/** Each is @throws UnknownTask for an id that names no task. */
export interface Tasks {
  get(taskId: string, client: { readonly elicits: boolean }): Promise<TaskView>;
  /** Answers to questions; keys that nobody asked, or that were answered, are passed over. */
  answer(taskId: string, responses: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks the task to end; one that has ended stays as it is. */
  cancel(taskId: string): Promise<void>;
}

export class UnknownTask extends Error {
  constructor(taskId: string, cause?: unknown) {
    super(`there is no task ${taskId}`, { cause });
    this.name = 'UnknownTask';
  }
}

/** @throws ProtocolError -32021 where the client does not keep tasks */
export function needTasks(context: ServerContext): void {
  if (keepsTasks(context)) return;
  throw new ProtocolError(
    ProtocolErrorCode.MissingRequiredClientCapability,
    `expected a client with the extension ${TASKS_EXTENSION}`,
    { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } },
  );
}

const SCHEMAS = { params: z.looseObject({ taskId: z.string() }), result: z.looseObject({}) };

export interface ServedTasks {
  readonly tasks: Tasks;
  readonly onBug: (error: Error) => void;
}

export function serveTasks(mcp: McpServer, { tasks, onBug }: ServedTasks): void {
  const { server } = mcp;
  server.setRequestHandler('tasks/get', SCHEMAS, ({ taskId }, context) =>
    ofTask(context, async () => ({
      resultType: 'complete',
      ...(await tasks.get(taskId, { elicits: elicits(context, mcp) })),
    })),
  );
  server.setRequestHandler('tasks/update', SCHEMAS, ({ taskId }, context) =>
    ofTask(context, async () => {
      // The SDK takes them out of the parameters.
      await tasks.answer(taskId, context.mcpReq.inputResponses ?? {});
      return { resultType: 'complete' };
    }),
  );
  server.setRequestHandler('tasks/cancel', SCHEMAS, ({ taskId }, context) =>
    ofTask(context, async () => {
      await tasks.cancel(taskId);
      return { resultType: 'complete' };
    }),
  );

  async function ofTask<T>(context: ServerContext, act: () => Promise<T>): Promise<T> {
    needTasks(context);
    try {
      return await act();
    } catch (error) {
      throw protocolErrorOf(error, onBug);
    }
  }
}

/** Requests other than calls of tools have only the protocol's own errors; the code of ours is in their data. */
export function protocolErrorOf(error: unknown, onBug: (error: Error) => void): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof UnknownTask) return new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  const { code, message, details } = publicErrorOf(error, onBug);
  const callers = error instanceof PawlError && (code === 'invalid_input' || code === 'not_found');
  return new ProtocolError(
    callers ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
    message,
    { code, ...(details !== undefined && { details }) },
  );
}
