/**
 * Tools that are called with an idempotency key. What a tool answers is kept by the engine as a whole, so it is carried out
 * there: an adapter in a process of its own hands such a call on to the engine's `/mcp`.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { type Keyed, type KeyScope, keyIdOf, partOfKey } from '../../domain/idempotency-key.ts';
import { sessionIdOf } from '../../domain/session.ts';
import type { ReconnectableCalls, Tool, ToolContext, ToolKey } from './tool.ts';

/** `id` names what the tool makes, so it has to fit into ids of messages together with what is put behind it. */
export const ToolKeyField = z.string().min(1).max(150).optional();

/** Where the answers of tools are kept. */
export type KeepsAnswers =
  | {
      /** In this process. */
      readonly kind: 'here';
      readonly once: <T>(scope: KeyScope, asked: unknown, act: (keyed: Keyed) => Promise<T>) => Promise<T>;
      /** `holderOf` who asks. */
      readonly caller: string;
    }
  | {
      readonly kind: 'there';
      readonly callTool: CallTool;
      /** Tells the token that this process has from others: a key counts for its token. */
      readonly caller: string;
    };

/** Calls a tool of an engine in another process. @throws PawlError `unavailable` */
export type CallTool = (call: {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** For which the client speaks now. */
  readonly directory: string;
  readonly session: string;
  readonly signal: AbortSignal;
}) => Promise<CallToolResult>;

export interface KeyedCall {
  readonly row: Tool;
  readonly engine: ReconnectableCalls;
  readonly key: string;
  /** Without the key. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly context: ToolContext;
  /** In which the key counts: of the directory that the adapter was started in, whatever it speaks for now. */
  readonly session: string;
  readonly act: (context: ToolContext) => Promise<CallToolResult>;
}

/** The answer of a tool that keeps it whole. */
export async function callWhole(keeps: KeepsAnswers, call: KeyedCall): Promise<CallToolResult> {
  const { row, key, values, context, session } = call;
  const { directory, signal } = context;
  const answer =
    keeps.kind === 'there'
      ? await keeps.callTool({
          name: row.name,
          input: {
            ...((await row.handOn?.(call.engine, values, context)) ?? values),
            idempotency_key: key,
          },
          ...{ directory, session, signal },
        })
      : await keeps.once({ caller: keeps.caller, session, key }, { tool: row.name, input: values }, (keyed) =>
          actUnder(call, keyed),
        );
  if (row.speaksFor !== undefined && answer.isError !== true)
    context.speakFor(row.speaksFor(row.output.parse(answer.structuredContent)));
  return answer;
}

/**
 * As the client that made it first: one that was started again speaks for another directory until it says so once more, and what
 * was done for the one before is done for that.
 */
async function actUnder({ key, context, session, act }: KeyedCall, keyed: Keyed): Promise<CallToolResult> {
  // A client that begins again speaks for its own directory anyway: what it does for that one needs no note.
  const isOwn = keyed.notes[DIRECTORY] === undefined && sessionIdOf(context.directory) === session;
  const directory = isOwn ? context.directory : await keyed.note(DIRECTORY, async () => context.directory);
  const { id, note } = keyed;
  const part = (name: string) => partOfKey({ key, session }, name);
  return act({ ...context, directory, keyed: { id, note, context: { keyed }, part } });
}

const DIRECTORY = 'directory';

/** Of a tool that makes one changing call, which the engine keeps. */
export function keyOfCall(
  { keeps, session }: { keeps: KeepsAnswers; session: string },
  key: string,
): ToolKey {
  const asked = { key, session };
  return {
    id: keyIdOf({ caller: keeps.caller, ...asked }),
    note: (_, look) => look(),
    context: asked,
    part: (name) => partOfKey(asked, name),
  };
}
