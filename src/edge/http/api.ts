/** The operations over HTTP, one route a row. */
import { type Context, Hono } from 'hono';
import { needCall } from '../../domain/attempt-calls.ts';
import { callNamed, callsOf } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import { type CallContext, KEY_HEADER, readHeader, SESSION_HEADER } from '../../domain/idempotency-key.ts';
import type { EngineApi } from '../../domain/operations.ts';
import { type Caller, needScope } from '../../domain/scopes.ts';
import { type CallerOf, callerOfRequest } from './authentication.ts';
import { readBody } from './json.ts';
import { createOpenApi } from './openapi.ts';
import { readQuery } from './query-string.ts';
import { READS_BY_BODY, ROUTES, type Route } from './routes.ts';
import { answerServerSent } from './server-sent.ts';
import { STREAMS } from './streams.ts';
import { unlessLeft } from './unless-left.ts';

export interface ApiDeps {
  /** Undefined while the engine starts: the port is bound before Temporal runs. */
  readonly engine: () => EngineApi | undefined;
  readonly callerOf: CallerOf;
  /** Pawl's own, for the description of the interface. */
  readonly version: string;
}

interface Env {
  Variables: { caller: Caller };
}

interface Bugs {
  readonly onBug: (error: Error) => void;
}

/** Everything in it needs a token, also what is not there. */
export function createApi({ engine, callerOf, version, onBug }: ApiDeps & Bugs): Hono<Env> {
  const api = new Hono<Env>();
  const callerNow = ({ req }: Context<Env>) => callerOfRequest((name) => req.header(name), callerOf);
  api.use(async (context, next) => {
    context.set('caller', await callerNow(context));
    context.header('Cache-Control', 'no-store');
    await next();
  });
  for (const route of [...READS_BY_BODY, ...ROUTES]) {
    api.on(
      route.method,
      patternOf(route),
      needs((caller) => needCall(caller, route.name)),
      async (context) => {
        const input = await readInput(context, route);
        if (route.scope !== 'read') await unlessLeft(context.req.raw.signal);
        // A body may take minutes to come, and the token may be revoked meanwhile.
        const caller = route.method === 'GET' ? context.var.caller : await callerNow(context);
        const calls = callsOf(caller, running(engine));
        // Whatever it is, its schema is that of an object.
        return context.json((await callNamed(calls, route.name)(input, keyIn(context))) as object);
      },
    );
  }
  for (const stream of STREAMS) {
    api.get(
      patternOf(stream),
      needs((caller) => needScope(caller, stream.scope)),
      (context) => {
        const open = (signal: AbortSignal) => stream.open(running(engine), context.req, signal);
        return answerServerSent(context, { open, admit: () => callerNow(context), onBug });
      },
    );
  }
  const description = lazily(() => createOpenApi(version));
  api.get('/openapi.json', (context) => context.json(description()));
  return api;
}

/** `/api/tasks/{id}` → `/api/tasks/:id` */
const patternOf = ({ path }: { readonly path: string }): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** @throws PawlError `invalid_input` for headers that are no key or session */
function keyIn({ req }: Context<Env>): CallContext {
  const key = readHeader(KEY_HEADER, req.header(KEY_HEADER));
  const session = readHeader(SESSION_HEADER, req.header(SESSION_HEADER));
  return { ...(key !== undefined && { key }), ...(session !== undefined && { session }) };
}

/** Before anything of the request is read. @throws PawlError `forbidden` for a token that may not do this */
const needs =
  (admit: (caller: Caller) => void) =>
  async (context: Context<Env>, next: () => Promise<void>): Promise<void> => {
    admit(context.var.caller);
    await next();
  };

/** What the path, the query and the body say together. The schema has the last word. */
async function readInput({ req }: Context<Env>, route: Route): Promise<unknown> {
  const { method, inPath, fields, bodyBytesMax } = route;
  const query = new URL(req.url).searchParams;
  if (method === 'GET') return { ...readQuery(query, fields), ...req.param() };
  readQuery(query, {});
  const body = await readBody(req, bodyBytesMax);
  const twice = inPath.filter((field) => Object.hasOwn(body, field));
  if (twice.length > 0) {
    throw new PawlError(
      'invalid_input',
      `${twice.join(', ')}: stands in the path, leave it out of the body`,
      {
        details: twice.map((field) => [field]),
      },
    );
  }
  // A decision over HTTP is `via` http unless the body says otherwise.
  const via = Object.hasOwn(fields, 'via') ? { via: 'http' } : {};
  return { ...via, ...body, ...req.param() };
}

function running(engine: () => EngineApi | undefined): EngineApi {
  const now = engine();
  if (now === undefined) throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
  return now;
}
