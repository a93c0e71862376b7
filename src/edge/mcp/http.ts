/** MCP over Streamable HTTP, in both protocol eras, as one function of a request. It keeps nothing between two of them. */
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { ERROR_CODES, PawlError } from '../../domain/failures.ts';
import type { Calls } from '../../domain/operations.ts';
import { isLoopback } from '../http/own-site.ts';
import { publicErrorOf, REFUSALS, Refusal } from '../http/refusals.ts';
import { SCOPES, type Scope, type ScopesOf, scopesOfRequest } from '../http/scopes.ts';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { createMcpServer, type McpDeps } from './server.ts';

export interface McpHttpDeps extends Omit<McpDeps, 'engine' | 'scopes'> {
  /** Undefined while the engine starts. */
  readonly engine: () => Calls | undefined;
  /** What a token may do. */
  readonly scopesOf: ScopesOf;
  /** The address the server is bound to. */
  readonly host: string;
  readonly onBug: (error: Error) => void;
}

export interface McpHttp {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends what is under way. */
  readonly close: () => Promise<void>;
}

export function createMcpHttp({ engine, scopesOf, host, ...deps }: McpHttpDeps): McpHttp {
  const handler = createMcpHandler(
    ({ authInfo }) =>
      createMcpServer({ ...deps, engine: running(engine), scopes: scopesIn(authInfo?.scopes ?? []) }),
    { maxRequestBodySize: MESSAGE_BYTES_MAX, onerror: (error) => deps.onBug(error) },
  );
  return {
    async fetch(request) {
      const foreign = foreignSite(request, host);
      if (foreign !== undefined) return foreign;
      try {
        const scopes = scopesOfRequest(request.headers.get('authorization') ?? undefined, scopesOf);
        running(engine);
        const authInfo = { token: '', clientId: 'pawl', scopes: [...scopes] };
        return await handler.fetch(request, { authInfo });
      } catch (error) {
        return errorResponse(error, deps.onBug);
      }
    },
    close: () => handler.close(),
  };
}

/** Web pages of others are kept out: a page whose name was made to point here still sends that name. */
function foreignSite(request: Request, boundTo: string): Response | undefined {
  if (isLoopback(boundTo)) {
    return (
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins())
    );
  }
  const own = URL.parse(`http://${request.headers.get('host') ?? ''}`)?.hostname;
  return originValidationResponse(request, own === undefined ? [] : [own]);
}

const scopesIn = (words: readonly string[]): readonly Scope[] =>
  SCOPES.filter((scope) => words.includes(scope));

/** @throws PawlError `unavailable` while there is no engine */
function running(engine: () => Calls | undefined): Calls {
  const now = engine();
  if (now === undefined) throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
  return now;
}

function errorResponse(thrown: unknown, onBug: (error: Error) => void): Response {
  const error = publicErrorOf(thrown, onBug);
  const { httpStatus } = { ...ERROR_CODES, ...REFUSALS }[error.code];
  const headers = thrown instanceof Refusal ? thrown.headers : {};
  return Response.json({ error }, { status: httpStatus, headers });
}
