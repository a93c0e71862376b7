/** What the client at the other end can do, in either protocol era. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

const Abilities = z.looseObject({
  elicitation: z.looseObject({}).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});
const Envelope = z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: Abilities });

/** As this very request says it; undefined for the older protocol, whose clients said it once. */
function ofRequest({ mcpReq }: ServerContext): z.infer<typeof Abilities> | undefined {
  const parsed = Envelope.safeParse(mcpReq.envelope);
  return parsed.success ? parsed.data[CLIENT_CAPABILITIES_META_KEY] : undefined;
}

/** Whether it can show a person a form: all that elicits can, but those that say they only open pages. */
export function elicits(context: ServerContext, { server }: McpServer): boolean {
  const { elicitation } = ofRequest(context) ?? server.getClientCapabilities() ?? {};
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** Whether it keeps durable tasks. An older client never does. */
export const keepsTasks = (context: ServerContext): boolean =>
  ofRequest(context)?.extensions?.[TASKS_EXTENSION] !== undefined;
