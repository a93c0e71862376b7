/**
 * The feed over a WebSocket, for pages of a browser: the same events with the same numbers as `GET /api/events`, or in the
 * messages that clients of the requirement pipeline know.
 */
import { Hono, type HonoRequest } from 'hono';
import { z } from 'zod';
import { FeedEvent, type Numbered } from '../../domain/events.ts';
import { PawlError } from '../../domain/failures.ts';
import type { EngineApi } from '../../domain/operations.ts';
import { needScope } from '../../domain/scopes.ts';
import { PipelineMessage } from '../compat/dashboard/pipeline-message.ts';
import { tellPipeline } from '../compat/dashboard/tell-pipeline.ts';
import { type CallerOf, callerOfRequest } from './authentication.ts';
import { readQuery } from './query-string.ts';
import { Refusal } from './refusals.ts';
import type { JsonSchema } from './routes.ts';
import { running } from './running-engine.ts';
import { rendered } from './server-sent.ts';
import { ALIVE_MS, tellSocket } from './tell-socket.ts';
import { type Admit, createTickets } from './tickets.ts';
import { SOCKET_PATH, type UpgradeEnv } from './upgrade.ts';

export interface SocketRoutesDeps {
  /** Undefined while the engine starts. */
  readonly engine: () => EngineApi | undefined;
  readonly callerOf: CallerOf;
  readonly onBug: (error: Error) => void;
  /** For tests: how long a client may take to read what waits for it. */
  readonly waitingMsMax?: number | undefined;
}

export const TICKETS_PATH = '/api/tickets';
/** What `GET /ws` may be asked for. */
export const SOCKET_QUERY = ['after', 'ticket', 'types'] as const;
export const SOCKET_FIELDS: Readonly<Record<(typeof SOCKET_QUERY)[number], JsonSchema>> = {
  after: {
    type: 'string',
    description:
      'The number of the last event that the client has; a snapshot says that it is not known here',
  },
  ticket: { type: 'string', description: `Of POST ${TICKETS_PATH}, in place of the token` },
  types: {
    type: 'string',
    enum: ['classic'],
    description:
      'classic: messages by type and data, as clients of the requirement pipeline know them, from where all stands',
  },
};

/** What a message is: an event, or that all is told and within so many milliseconds is said so again; with `types=classic` its own. */
export const SocketMessage = z.union([
  z.object({ number: z.string(), event: FeedEvent }),
  z.object({ aliveMs: z.int() }),
  PipelineMessage,
]);
const ALIVE = Buffer.from(JSON.stringify({ aliveMs: ALIVE_MS }));

export function createSocketRoutes({
  engine,
  callerOf,
  onBug,
  waitingMsMax,
}: SocketRoutesDeps): Hono<UpgradeEnv> {
  const routes = new Hono<UpgradeEnv>();
  const tickets = createTickets();
  const byToken = (request: HonoRequest): Admit => {
    const headers = request.raw.headers;
    return () => callerOfRequest((name) => headers.get(name) ?? undefined, callerOf);
  };
  routes.post(TICKETS_PATH, async (context) => {
    const admit = byToken(context.req);
    // Who could not use one is told here, where it is asked for.
    needScope(await admit(), 'read');
    readQuery(new URL(context.req.url).searchParams, {});
    context.header('Cache-Control', 'no-store');
    return context.json(tickets.issue(admit));
  });
  routes.get(SOCKET_PATH, async ({ req, env }) => {
    const { upgrade } = env ?? {};
    if (upgrade === undefined)
      throw new Refusal('upgrade_required', 'expected a request for a WebSocket, got a plain one', {
        Upgrade: 'websocket',
      });
    const { after, ticket, types } = askedIn(req);
    const known = ticket === undefined ? byToken(req) : tickets.redeem(ticket);
    const admit = async () => needScope(await known(), 'read');
    await admit();
    const { closed } = upgrade;
    const told =
      types === 'classic'
        ? classicMessages(tellPipeline(running(engine), closed))
        : messagesOf(running(engine).events(req.header('last-event-id') ?? after, closed));
    // Whoever leaves while nobody waits for the next one ends it all the same.
    closed.addEventListener('abort', () => void told.return(undefined), { once: true });
    const alive = types === 'classic' ? undefined : ALIVE;
    return upgrade.accept((socket) => void tellSocket(socket, { told, alive, admit, onBug, waitingMsMax }));
  });
  return routes;
}

/** @throws PawlError `invalid_input` for anything else, and for one of them that is there twice */
function askedIn({ url }: HonoRequest): Partial<Record<(typeof SOCKET_QUERY)[number], string>> {
  const asked = readQuery(new URL(url).searchParams, SOCKET_FIELDS);
  const twice = SOCKET_QUERY.find((name) => Array.isArray(asked[name]));
  if (twice !== undefined) throw wrong(twice, 'expected it once, got it more often');
  if (asked.types === undefined) return asked;
  if (asked.types !== 'classic') throw wrong('types', 'expected classic, got another word');
  if (asked.after !== undefined)
    throw wrong('after', 'expected none with types=classic, whose messages have no number');
  return asked;
}

const wrong = (field: (typeof SOCKET_QUERY)[number], words: string): PawlError =>
  new PawlError('invalid_input', `${field}: ${words}`, { details: [[field]] });

async function* classicMessages(messages: AsyncIterable<PipelineMessage>): AsyncGenerator<Buffer, undefined> {
  for await (const message of messages) yield Buffer.from(JSON.stringify(message));
  return undefined;
}

async function* messagesOf(events: AsyncIterable<Numbered>): AsyncGenerator<Buffer, undefined> {
  for await (const one of events) yield messageOf(one);
  return undefined;
}

/** As bytes, once for all who are told the same. */
function messageOf({ number, event }: Numbered): Buffer {
  const known = messages.get(event);
  if (known?.number === number) return known.bytes;
  const bytes = Buffer.from(`{"number":${JSON.stringify(number)},"event":${rendered(event)}}`);
  messages.set(event, { number, bytes });
  return bytes;
}
const messages = new WeakMap<Numbered['event'], { readonly number: string; readonly bytes: Buffer }>();
