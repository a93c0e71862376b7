/** The HTTP edge: the health is open to everybody who reaches the port, everything else needs a token. */
import { Hono, type HonoRequest } from 'hono';
import type { Failing } from '../../domain/engine-vitals.ts';
import { type ApiDeps, createApi } from './api.ts';
import { answerError } from './refusals.ts';
import { sameOriginOnly } from './same-origin.ts';
import { createWorkerRoutes, type WorkerRoutesDeps } from './worker-routes.ts';

/** What `GET /api/health` answers; 200 when `ok` or `failing`, else 503. No secret in it. */
export interface Health {
  /** `failing`: the engine works, but for the tasks that it names. */
  readonly status: 'ok' | 'failing' | 'starting' | 'degraded' | 'stopping';
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly temporal: { readonly address: string | null; readonly healthy: boolean };
  /** `elsewhere`: in a process of its own, of whose health the engine knows nothing. */
  readonly worker: { readonly state: 'starting' | 'running' | 'restarting' | 'stopped' | 'elsewhere' };
  /** Tasks that can neither be asked nor told anything now; `pawl vitals` has the reasons. Null where the worker is elsewhere. */
  readonly failing: readonly Omit<Failing, 'problem'>[] | null;
}

export interface HttpDeps {
  readonly health: () => Promise<Health>;
  /** The address the server is bound to. */
  readonly host: string;
  readonly onBug: (error: Error) => void;
  /** Absent where only the health is told: by a worker in a process of its own. */
  readonly api?: ApiDeps;
  /** What answers `/mcp`, and tools called by adapters; it looks at the token itself. */
  readonly mcp?: {
    readonly fetch: (request: Request) => Promise<Response>;
    readonly call: (request: HonoRequest, name: string) => Promise<object>;
  };
  /** Present where workers are in processes of their own. */
  readonly workers?: Omit<WorkerRoutesDeps, 'onBug'> | undefined;
}

export function createHttpApp({ health, host, onBug, api, mcp, workers }: HttpDeps): Hono {
  const app = new Hono();
  app.use(sameOriginOnly(host));
  app.get('/api/health', async (context) => {
    const answer = await health();
    return context.json(answer, answer.status === 'ok' || answer.status === 'failing' ? 200 : 503);
  });
  if (mcp !== undefined) {
    app.all('/mcp', (context) => mcp.fetch(context.req.raw));
    app.post('/mcp/tools/:name', async ({ req, json }) => json(await mcp.call(req, req.param('name'))));
  }
  if (workers !== undefined) app.route('/', createWorkerRoutes({ ...workers, onBug }));
  if (api !== undefined) app.route('/', createApi({ ...api, onBug }));
  app.notFound((context) => {
    const message = `there is no ${context.req.method} ${context.req.path}`;
    return context.json({ error: { code: 'not_found', message } }, 404);
  });
  app.onError((error, context) => answerError(context, error, onBug));
  return app;
}
