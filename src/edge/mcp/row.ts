/** A row of a toolset as a tool that is served to a client of the protocol. */
import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { withDeliveries } from './away/away-answers.ts';
import { deliverCall } from './away/deliver-call.ts';
import { type AwayDeps, callPersistently } from './away/persistent-call.ts';
import { elicits, keepsTasks } from './client-abilities.ts';
import type { TaskResult } from './durable-tasks.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { createProgress } from './progress-notifications.ts';
import { callRow, contextFor, errorResult, inputOf, type RowDeps, type Speaking } from './row-call.ts';
import type { Listing, ServedTool } from './serving.ts';
import { type Question, type Said, type Tool, type ToolContext, Unanswered } from './tool.ts';

export interface ServedRowDeps extends RowDeps, Speaking {
  readonly mayDecide: boolean;
  readonly addressOf: ToolContext['addressOf'];
  readonly taskOf: (id: string) => TaskResult;
  /** Of an adapter in a process of its own. Absent where the engine is in this one. */
  readonly away?: AwayDeps | undefined;
}

export function servedRow(row: Tool, deps: ServedRowDeps): ServedTool {
  const listing = listings.get(row) ?? listingOf(row);
  listings.set(row, listing);
  return {
    listing,
    async call(raw, context, server) {
      const answer = await answerOf(row, deps, { raw, context, server });
      if (deps.away === undefined || !isWhole(answer)) return answer;
      // What cannot be read takes no answer from the client.
      const deliveries = await deps.away.spool.takeDeliveries(deps.session).catch((error: Error) => {
        deps.onBug(error);
        return [];
      });
      return withDeliveries(answer, deliveries);
    },
  };
}

interface Asked {
  readonly raw: unknown;
  readonly context: ServerContext;
  readonly server: McpServer;
}

async function answerOf(row: Tool, deps: ServedRowDeps, asked: Asked): Promise<Answered> {
  const { raw, context } = asked;
  const { mcpReq } = context;
  const own = contextOf(deps, context, asked.server);
  const begin = keepsTasks(context) ? deps.taskOf : undefined;
  const act = (input: unknown) => callRow(row, deps, { input, context: own, begin });
  try {
    if (deps.away === undefined) return await act(raw);
    return await callPersistently(deps.away, {
      ...{ row, input: raw, context: own, session: deps.session, admit: deps.admit, act },
      answered: Object.keys(mcpReq.inputResponses ?? {}),
      tell: (sentence) => {
        own.report?.(sentence);
        mcpReq.log('warning', sentence, 'pawl').catch(() => undefined);
      },
      send: (call) => deliverCall(call, deps, mcpReq.signal),
    });
  } catch (error) {
    if (error instanceof Unanswered) return promptOf(error);
    // Nobody waits for an answer any more, so nothing is wrong either.
    if (mcpReq.signal.aborted) throw error;
    return errorResult(error, deps.onBug);
  }
}

type Answered = CallToolResult | TaskResult | InputRequiredResult;

/** No question to the person, and no task that goes on. */
const isWhole = (answer: Answered): answer is CallToolResult => Array.isArray(answer.content);

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

const promptOf = ({ key, question: { message, form } }: Unanswered): InputRequiredResult =>
  inputRequired({ inputRequests: { [key]: inputRequired.elicit({ message, requestedSchema: form }) } });
