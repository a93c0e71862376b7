/** The operations over HTTP, one route a row. */
import { type Context, Hono } from 'hono';
import { needCall } from '../../domain/attempt-calls.ts';
import { callNamed, callsOf } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import type { HostReads } from '../../domain/host-reads.ts';
import { type CallContext, KEY_HEADER, SESSION_HEADER } from '../../domain/idempotency-key.ts';
import type { Calls, EngineApi, OperationName } from '../../domain/operations.ts';
import { type Caller, needScope } from '../../domain/scopes.ts';
import { EXPORT } from '../compat/dashboard/export.ts';
import type { Asked } from '../compat/dashboard/route.ts';
import { type CallerOf, callerOfRequest } from './authentication.ts';
import { answerExport, COMPAT_ROUTES } from './compat-routes.ts';
import { readBody } from './json.ts';
import { answerJson } from './json-answer.ts';
import { lazily } from './lazily.ts';
import { createOpenApi } from './openapi.ts';
import { queryIn, readQuery } from './query-string.ts';
import { READS_BY_BODY, ROUTES, type WireRoute } from './routes.ts';
import { running } from './running-engine.ts';
import { answerServerSent } from './server-sent.ts';
import { type HeaderEnv, singleHeader } from './single-header.ts';
import { STREAMS } from './streams.ts';
import { unlessLeft } from './unless-left.ts';

export interface ApiDeps {
  /** Undefined while the engine starts: the port is bound before Temporal runs. */
  readonly engine: () => EngineApi | undefined;
  /** What routes that are no operations read besides them. */
  readonly host?: () => HostReads | undefined;
  readonly callerOf: CallerOf;
  /** Pawl's own, for the description of the interface. */
  readonly version: string;
}

interface Env extends HeaderEnv {
  Variables: { caller: Caller };
}

interface Bugs {
  readonly onBug: (error: Error) => void;
}

/** What is read again and again as it was: a client that has it is told so. */
const TAGGED: readonly OperationName[] = ['diff', 'artifact'];

/** Everything in it needs a token, also what is not there. */
export function createApi({ engine, host, callerOf, version, onBug }: ApiDeps & Bugs): Hono<Env> {
  const api = new Hono<Env>();
  const callerNow = ({ req }: Context<Env>) => callerOfRequest((name) => req.header(name), callerOf);
  api.use(async (context, next) => {
    context.set('caller', await callerNow(context));
    context.header('Cache-Control', 'no-store');
    await next();
  });
  /** What a request asks, once all of it has come, and the operations as whoever asks may call them. */
  const heard = async (context: Context<Env>, route: WireRoute) => {
    const input = await readInput(context, route);
    if (route.scope !== 'read') await unlessLeft(context.req.raw.signal);
    // A body may take minutes to come, and the token may be revoked meanwhile.
    const caller = route.method === 'GET' ? context.var.caller : await callerNow(context);
    return { input, calls: callsOf(caller, running(engine)) };
  };
  for (const route of [...READS_BY_BODY, ...ROUTES]) {
    api.on(
      route.method,
      patternOf(route),
      needs((caller) => needCall(caller, route.name)),
      async (context) => {
        const { input, calls } = await heard(context, route);
        // Whatever it is, its schema is that of an object.
        const answer = (await callNamed(calls, route.name)(input, keyIn(context))) as object;
        return answerJson(context, answer, TAGGED.includes(route.name));
      },
    );
  }
  const asked = (context: Context<Env>, calls: Calls): Asked => {
    const reads = running(() => host?.());
    const key = keyIn(context);
    if (context.req.method === 'GET') refuseKey(key);
    return { calls, host: reads, version, now: new Date(), context: key };
  };
  for (const route of COMPAT_ROUTES) {
    api.on(
      route.method,
      patternOf(route),
      needs((caller) => needScope(caller, route.scope)),
      async (context) => {
        const { input, calls } = await heard(context, route);
        return answerJson(context, await route.answer(asked(context, calls), input));
      },
    );
  }
  api.get(
    EXPORT.path,
    needs((caller) => needScope(caller, EXPORT.scope)),
    async (context) => {
      readQuery(queryIn(context.req.url), {});
      return answerExport(context, asked(context, callsOf(context.var.caller, running(engine))));
    },
  );
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
  api.get('/openapi.json', (context) => answerJson(context, description(), true));
  return api;
}

/** `/api/tasks/{id}` → `/api/tasks/:id`; what is called `path` may have slashes in it, and line ends. */
const patternOf = ({ path }: { readonly path: string }): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, field) => (field === 'path' ? ':path{[^]+}' : `:${field}`));

/** @throws PawlError `invalid_input` for headers that are no key or session */
function keyIn(context: Context<Env>): CallContext {
  const key = singleHeader(context, KEY_HEADER);
  const session = singleHeader(context, SESSION_HEADER);
  return { ...(key !== undefined && { key }), ...(session !== undefined && { session }) };
}

/** As operations that only read do. @throws PawlError `invalid_input` */
function refuseKey({ key }: CallContext): void {
  if (key === undefined) return;
  throw new PawlError(
    'invalid_input',
    `${KEY_HEADER}: expected none, because this changes nothing and is answered as things stand`,
  );
}

/** Before anything of the request is read. @throws PawlError `forbidden` for a token that may not do this */
const needs =
  (admit: (caller: Caller) => void) =>
  async (context: Context<Env>, next: () => Promise<void>): Promise<void> => {
    admit(context.var.caller);
    await next();
  };

/** What the path, the query and the body say together. The schema has the last word. */
async function readInput({ req }: Context<Env>, route: WireRoute): Promise<unknown> {
  const { method, inPath } = route;
  const { fields, bodyBytesMax } = route.takes();
  const query = queryIn(req.url);
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
