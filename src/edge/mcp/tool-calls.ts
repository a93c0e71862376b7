/**
 * Tools for an adapter, which itself speaks the protocol with its client: one request a call, without the protocol's messages,
 * sessions and servers between the two.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { HonoRequest } from 'hono';
import { clientOf } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import { holderOf } from '../../domain/idempotency-key.ts';
import { parseInput } from '../../domain/parse-input.ts';
import { type CallerOf, callerOfRequest } from '../http/authentication.ts';
import { readBody } from '../http/json.ts';
import { unlessLeft } from '../http/unless-left.ts';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { eachAdmitted, type McpEngine, running } from './own-engine.ts';
import { callRow, contextFor, errorResult, needTool } from './row-call.ts';
import { ToolRequest, toolPath } from './tool-request.ts';
import { TOOLSET_NAMES, toolsOf } from './toolsets.ts';

export interface ToolCallsDeps {
  /** Undefined while the engine starts. */
  readonly engine: () => McpEngine | undefined;
  readonly callerOf: CallerOf;
  readonly onBug: (error: Error) => void;
}

/** @throws Refusal; PawlError for a request that calls no tool. What the tool refuses is its answer */
export type AnswerToolCall = (request: HonoRequest, name: string) => Promise<CallToolResult>;

export function createToolCalls({ engine, callerOf, onBug }: ToolCallsDeps): AnswerToolCall {
  const rows = new Map(toolsOf(TOOLSET_NAMES.join()).map((row) => [row.name, row]));
  return async (request, name) => {
    const callerNow = () => callerOfRequest((header) => request.header(header), callerOf);
    const row = rows.get(name) ?? noTool(name);
    needTool(await callerNow(), row);
    const body = await readBody(request, MESSAGE_BYTES_MAX);
    const { directory, session, input } = parseInput(toolPath(name), ToolRequest, body);
    const { signal } = request.raw;
    await unlessLeft(signal);
    // A body may take minutes to come, and the token may be revoked meanwhile.
    const caller = await callerNow();
    const own = running(engine);
    try {
      return await callRow(
        row,
        {
          engine: clientOf(caller, eachAdmitted(own, callerNow)),
          keeps: { kind: 'here', once: own.once, caller: holderOf(caller) },
          session,
          admit: async (called) => needTool(caller, called),
          onBug,
        },
        { input, context: contextFor({ speaker: { directory } }, { signal }) },
      );
    } catch (error) {
      // Nobody waits for an answer any more, so nothing is wrong either.
      if (signal.aborted) throw error;
      return errorResult(error, onBug);
    }
  };
}

function noTool(name: string): never {
  throw new PawlError('not_found', `there is no tool ${name}`);
}
