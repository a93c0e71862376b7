/** A row of a toolset as a tool that is served: what comes in is checked by its schema, what goes out has one form. */
import {
  type CallToolResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { parseInput } from '../../domain/parse-input.ts';
import { publicErrorOf } from '../http/refusals.ts';
import { elicits, keepsTasks } from './client-abilities.ts';
import type { TaskResult } from './durable-tasks.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { callWhole, type KeepsAnswers, keyOfCall, ToolKeyField } from './keyed-tools.ts';
import { createProgress } from './progress-notifications.ts';
import type { Listing, Outcome, ServedTool } from './serving.ts';
import {
  type FileRead,
  type Question,
  type ReconnectableCalls,
  type Said,
  type Tool,
  type ToolContext,
  Unanswered,
} from './tool.ts';

export interface RowDeps {
  readonly engine: ReconnectableCalls;
  readonly mayDecide: boolean;
  readonly onBug: (error: Error) => void;
  /** Which directory the client of this server speaks for. */
  readonly speaker: { directory: string };
  readonly addressOf: ToolContext['addressOf'];
  readonly readFile: ((directory: string, path: string) => Promise<FileRead>) | undefined;
  readonly keeps: KeepsAnswers;
  /** In which keys count. */
  readonly session: string;
  /** @throws PawlError where this caller may not use the tool */
  readonly admit: (row: Tool) => void;
  readonly taskOf: (id: string) => TaskResult;
}

export function servedRow(row: Tool, deps: RowDeps): ServedTool {
  const input = (
    row.keeps === undefined ? row.input : row.input.extend({ idempotency_key: ToolKeyField })
  ).strict();
  const listing = listings.get(row) ?? listingOf(row, input);
  listings.set(row, listing);
  return {
    listing,
    async call(raw, context, server) {
      try {
        deps.admit(row);
        const { idempotency_key: given, ...values } = parseInput(row.name, input, raw);
        const key = ToolKeyField.parse(given);
        const tool = contextOf(deps, context, server);
        const act = async (own: ToolContext): Promise<CallToolResult> => {
          const { structured, text } = await row.call(deps.engine, values, own);
          return { structuredContent: row.output.parse(structured), content: [{ type: 'text', text }] };
        };
        if (key !== undefined && row.keeps === 'whole')
          return await callWhole(deps.keeps, {
            engine: deps.engine,
            row,
            key,
            values,
            context: tool,
            session: deps.session,
            act,
          });
        const own = key === undefined ? tool : { ...tool, keyed: keyOfCall(deps, key) };
        const begun = keepsTasks(context) ? await row.begin?.(deps.engine, values, own) : undefined;
        return begun === undefined ? await act(own) : deps.taskOf(begun);
      } catch (error) {
        if (error instanceof Unanswered) return promptOf(error);
        // Nobody waits for an answer any more, so nothing is wrong either.
        if (context.mcpReq.signal.aborted) throw error;
        return errorResult(error, deps.onBug);
      }
    },
  };
}

/** Made once a row, not once a request. */
const listings = new WeakMap<Tool, Listing>();

function listingOf({ name, title, description, output, hints }: Tool, input: z.ZodObject): Listing {
  return {
    name,
    title,
    description,
    inputSchema: jsonSchemaOf(input, 'input'),
    outputSchema: jsonSchemaOf(output, 'output'),
    annotations: {
      readOnlyHint: hints.readOnly,
      destructiveHint: hints.destructive,
      idempotentHint: hints.idempotent,
    },
  };
}

function contextOf(
  { speaker, addressOf, readFile, mayDecide }: RowDeps,
  context: ServerContext,
  server: McpServer,
): ToolContext {
  return {
    get directory() {
      return speaker.directory;
    },
    speakFor: (directory) => {
      speaker.directory = directory;
    },
    addressOf,
    readFile: readFile && ((path) => readFile(speaker.directory, path)),
    signal: context.mcpReq.signal,
    mayDecide,
    ...createProgress(context),
    ...(elicits(context, server) && { ask: (key, question) => saidTo(context, key, question) }),
  };
}

/** @throws Unanswered */
function saidTo({ mcpReq }: ServerContext, key: string, question: Question): Said {
  const response = inputResponse(mcpReq.inputResponses, key);
  if (response.kind !== 'elicit') throw new Unanswered(key, question);
  return response.action === 'accept'
    ? { kind: 'answered', fields: response.content ?? {} }
    : { kind: 'refused' };
}

const promptOf = ({ key, question: { message, form } }: Unanswered): Outcome =>
  inputRequired({ inputRequests: { [key]: inputRequired.elicit({ message, requestedSchema: form }) } });

function errorResult(error: unknown, onBug: (error: Error) => void): CallToolResult {
  const shown = publicErrorOf(error, onBug);
  return {
    isError: true,
    structuredContent: { ...shown },
    content: [{ type: 'text', text: `${shown.code}: ${shown.message}` }],
  };
}
