/** A row of a toolset as a tool that is served to a client of the protocol. */
import {
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { elicits, keepsTasks } from './client-abilities.ts';
import type { TaskResult } from './durable-tasks.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { createProgress } from './progress-notifications.ts';
import { callRow, contextFor, errorResult, inputOf, type RowDeps, type Speaking } from './row-call.ts';
import type { Listing, Outcome, ServedTool } from './serving.ts';
import { type Question, type Said, type Tool, type ToolContext, Unanswered } from './tool.ts';

export interface ServedRowDeps extends RowDeps, Speaking {
  readonly mayDecide: boolean;
  readonly addressOf: ToolContext['addressOf'];
  readonly taskOf: (id: string) => TaskResult;
}

export function servedRow(row: Tool, deps: ServedRowDeps): ServedTool {
  const listing = listings.get(row) ?? listingOf(row);
  listings.set(row, listing);
  return {
    listing,
    async call(raw, context, server) {
      try {
        return await callRow(row, deps, {
          input: raw,
          context: contextOf(deps, context, server),
          begin: keepsTasks(context) ? deps.taskOf : undefined,
        });
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

function listingOf(row: Tool): Listing {
  const { name, title, description, output, hints } = row;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchemaOf(inputOf(row), 'input'),
    outputSchema: jsonSchemaOf(output, 'output'),
    annotations: {
      readOnlyHint: hints.readOnly,
      destructiveHint: hints.destructive,
      idempotentHint: hints.idempotent,
    },
  };
}

function contextOf(deps: ServedRowDeps, context: ServerContext, server: McpServer): ToolContext {
  const { addressOf, mayDecide } = deps;
  return contextFor(deps, {
    addressOf,
    mayDecide,
    signal: context.mcpReq.signal,
    ...createProgress(context),
    ...(elicits(context, server) && { ask: (key, question) => saidTo(context, key, question) }),
  });
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
