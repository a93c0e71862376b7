/**
 * The HTTP edge: health and the files of the live page are open to everybody who reaches the port, a tab's token is for who has
 * the code of a link, the rest needs a token.
 */
import { Hono, type HonoRequest } from 'hono';
import type { Failing } from '../../domain/engine-vitals.ts';
import type { Caller } from '../../domain/scopes.ts';
import { type ApiDeps, createApi } from './api.ts';
import { createDashboardRoutes, type DashboardRoutesDeps } from './dashboard-routes.ts';
import { createPages, type PageFile } from './pages.ts';
import { answerError } from './refusals.ts';
import { nameRequests } from './request-ids.ts';
import { sameOriginOnly, shareWith } from './same-origin.ts';
import { createSocketRoutes } from './socket-routes.ts';
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
  /** Whose pages may call it besides its own. */
  readonly origins?: readonly string[];
  readonly onBug: (error: Error) => void;
  /** Absent where only the health is told: by a worker in a process of its own. */
  readonly api?: ApiDeps;
  /** What answers `/mcp`, and tools called by adapters; it looks at the token itself. */
  readonly mcp?: {
    readonly fetch: (request: Request) => Promise<Response>;
    readonly call: (request: HonoRequest, name: string) => Promise<object>;
    readonly caller: (request: HonoRequest) => Promise<Pick<Caller, 'name' | 'scopes'>>;
  };
  /** How a page gets in; absent where there is no engine. */
  readonly dashboard?: DashboardRoutesDeps;
  /** Present where workers are in processes of their own. */
  readonly workers?: Omit<WorkerRoutesDeps, 'onBug'> | undefined;
  /** The live page, compiled; read when a browser first asks for it. */
  readonly pages?: () => Promise<readonly PageFile[]>;
}

export function createHttpApp(deps: HttpDeps): Hono {
  const { health, host, origins = [], onBug, api, mcp, dashboard, workers, pages } = deps;
  const app = new Hono();
  app.use(nameRequests);
  app.use(sameOriginOnly(host, origins));
  if (origins.length > 0) app.use(shareWith(origins));
  app.get('/api/health', async (context) => {
    const answer = await health();
    return context.json(answer, answer.status === 'ok' || answer.status === 'failing' ? 200 : 503);
  });
  if (pages !== undefined) app.route('/', createPages(pages));
  if (mcp !== undefined) {
    app.all('/mcp', async ({ req, var: { requestId: id } }) => {
      const answer = await mcp.fetch(req.raw);
      answer.headers.set('X-Request-Id', id);
      return answer;
    });
    app.get('/mcp/caller', async ({ req, json }) => json(await mcp.caller(req)));
    app.post('/mcp/tools/:name', async ({ req, json }) => json(await mcp.call(req, req.param('name'))));
  }
  if (workers !== undefined) app.route('/', createWorkerRoutes({ ...workers, onBug }));
  if (dashboard !== undefined) app.route('/', createDashboardRoutes(dashboard));
  if (api !== undefined) {
    app.route('/', createSocketRoutes({ ...api, onBug }));
    app.route('/', createApi({ ...api, onBug }));
  }
  app.notFound((context) => {
    // As it was sent: decoded it might not be shown as what it is.
    const what = `there is no ${context.req.method} ${new URL(context.req.url).pathname}`;
    const message = api === undefined ? what : `${what}: GET /openapi.json lists what there is`;
    return context.json({ error: { code: 'not_found', message } }, 404);
  });
  app.onError((error, context) => answerError(context, error, onBug));
  return app;
}
