/**
 * Where workers in processes of their own tell what happens: no operation, and for the local user alone. A worker listens to one
 * answer that goes on, whose end tells both sides of the other's, and sends its news in requests of their own: a body
 * that went on would be cut off as one that does not come in time.
 */
import { Hono, type HonoRequest } from 'hono';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import { parseInput } from '../../domain/parse-input.ts';
import { type Caller, needScope } from '../../domain/scopes.ts';
import { type Asked, WorkerId, WorkerNews } from '../../domain/worker-news.ts';
import { type CallerOf, callerOfRequest } from './authentication.ts';
import { readBody } from './json.ts';
import { answerServerSent, rendered, type ServerSent } from './server-sent.ts';

/** A task holds what it was told, which may be nested 1,000 deep: one such task must not keep all others from being told. */
const NEWS_DEPTH_MAX = 1_100;

export interface WorkerDoor {
  /** What the worker is asked as long as it listens. @throws PawlError */
  listen(worker: string, signal: AbortSignal): AsyncIterable<Asked>;
  /** @throws PawlError, and then nothing was taken */
  take(worker: string, news: WorkerNews): void;
}

export interface WorkerRoutesDeps {
  /** Undefined while the engine starts. */
  readonly door: () => WorkerDoor | undefined;
  readonly callerOf: CallerOf;
  readonly onBug: (error: Error) => void;
}

export const workerPath = (worker: string, what: 'questions' | 'news'): string =>
  `/workers/${encodeURIComponent(worker)}/${what}`;

export function createWorkerRoutes({ door, callerOf, onBug }: WorkerRoutesDeps): Hono {
  const routes = new Hono();
  const admit = async (request: HonoRequest): Promise<Caller> => {
    const caller = await callerOfRequest((name) => request.header(name), callerOf);
    needScope(caller, 'local');
    return caller;
  };
  routes.get('/workers/:worker/questions', async (context) => {
    const { req } = context;
    await admit(req);
    const worker = workerIn(req);
    const open = (signal: AbortSignal) => sentOf(running(door).listen(worker, signal));
    return answerServerSent(context, { open, admit: () => admit(req), onBug });
  });
  routes.post('/workers/:worker/news', async (context) => {
    const { req } = context;
    await admit(req);
    const worker = workerIn(req);
    const news = newsIn(await readBody(req, LIMITS.newsBytesMax, NEWS_DEPTH_MAX));
    // A body may take minutes to come.
    await admit(req);
    running(door).take(worker, news);
    return context.body(null, 204);
  });
  return routes;
}

/** It becomes part of a file's name. */
const workerIn = (request: HonoRequest): string => parseInput('worker', WorkerId, request.param('worker'));

/** @throws PawlError `invalid_input`. Texts are as the tasks have them, also with half a character in them */
function newsIn(body: unknown): WorkerNews {
  const parsed = WorkerNews.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'news'}: ${message}`);
  throw new PawlError('invalid_input', problems.join('; '));
}

async function* sentOf(asked: AsyncIterable<Asked>): AsyncGenerator<ServerSent> {
  let count = 0;
  for await (const one of asked) {
    count += 1;
    yield { event: one.type, id: String(count), data: rendered(one) };
  }
}

function running(door: () => WorkerDoor | undefined): WorkerDoor {
  const now = door();
  if (now === undefined) throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
  return now;
}
