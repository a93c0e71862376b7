/**
 * MCP over Streamable HTTP, in both protocol eras, as one function of a request. It keeps nothing between two of them: which
 * tools there are, and for which directory, is said by the address.
 */
import {
  type AuthInfo,
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpServer,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { clientOf } from '../../domain/calls.ts';
import { ERROR_CODES } from '../../domain/failures.ts';
import { holderOf, readHeader, SESSION_HEADER } from '../../domain/idempotency-key.ts';
import { isLoopback } from '../../domain/loopback.ts';
import { AttemptRef, type Caller, SCOPES } from '../../domain/scopes.ts';
import { type CallerOf, callerOfRequest } from '../http/authentication.ts';
import { refuseEncodedBody } from '../http/plain-body.ts';
import { publicErrorOf, REFUSALS, Refusal } from '../http/refusals.ts';
import { unlessLeft } from '../http/unless-left.ts';
import { addressFor, addressIn } from './address.ts';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { tellClientFault } from './client-faults.ts';
import { createMcpServer, type McpDeps } from './mcp-server.ts';
import { type Admit, eachAdmitted, type McpEngine, running } from './own-engine.ts';
import type { Tool } from './tool.ts';
import { toolsOf } from './toolsets.ts';

export interface McpHttpDeps extends Omit<McpDeps, 'engine' | 'keeps' | 'caller' | 'tools' | 'addressOf'> {
  /** Undefined while the engine starts. */
  readonly engine: () => McpEngine | undefined;
  /** Whose a token is. */
  readonly callerOf: CallerOf;
  /** The address the server is bound to. */
  readonly host: string;
  readonly onBug: (error: Error) => void;
}

export interface McpHttp {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends what is under way. */
  readonly close: () => Promise<void>;
}

export function createMcpHttp({ engine, callerOf, host, ...deps }: McpHttpDeps): McpHttp {
  const tools = new Map<string, readonly Tool[]>();
  return createMcpSite({
    host,
    onBug: deps.onBug,
    async admit(request) {
      const caller = await callerOfRequest((name) => request.headers.get(name) ?? undefined, callerOf);
      addressIn(request.url);
      sessionIn(request);
      running(engine);
      return caller;
    },
    serve(caller, request, admitAgain) {
      const address = addressIn(request.url);
      const session = sessionIn(request);
      const calls = eachAdmitted(running(engine), admitAgain);
      const { toolset, directory = deps.directory } = address;
      // The same for each request, because what is listed of a tool is made once.
      const offered = tools.get(toolset) ?? toolsOf(toolset);
      tools.set(toolset, offered);
      return createMcpServer({
        ...deps,
        engine: clientOf(caller, calls),
        keeps: { kind: 'here', once: calls.once, caller: holderOf(caller) },
        session,
        caller,
        tools: offered,
        directory,
        // Whoever says its session is an adapter, which itself keeps for which directory it speaks.
        ...(session === undefined && { addressOf: (other: string) => addressFor(address, other) }),
      });
    },
  });
}

export interface McpSite {
  readonly host: string;
  readonly onBug: (error: Error) => void;
  /** @throws Refusal, or PawlError, for whoever may not in */
  readonly admit: (request: Request) => Promise<Caller>;
  /** A server for one request. */
  readonly serve: (caller: Caller, request: Pick<Request, 'url' | 'headers'>, admitAgain: Admit) => McpServer;
}

export function createMcpSite({ host, onBug, admit, serve }: McpSite): McpHttp {
  const handler = createMcpHandler(
    ({ authInfo, requestInfo = NO_REQUEST }) =>
      serve(
        callerIn(authInfo),
        requestInfo,
        () => (authInfo?.extra?.admit as Admit | undefined)?.() ?? noCaller(),
      ),
    {
      maxRequestBodySize: MESSAGE_BYTES_MAX,
      onerror: tellClientFault,
    },
  );
  return {
    async fetch(request) {
      const foreign = foreignSite(request, host);
      if (foreign !== undefined) return foreign;
      try {
        // The token itself is nobody's business from here on.
        const { name, scopes, attempt, inside } = await admit(request);
        const extra = { attempt, inside, admit: () => admit(request) };
        const authInfo = { token: '', clientId: name, scopes: [...scopes], extra };
        refuseEncodedBody(request.headers);
        await unlessLeft(request.signal);
        return await handler.fetch(request, { authInfo });
      } catch (error) {
        return errorResponse(error, onBug);
      }
    },
    close: () => handler.close(),
  };
}

const noCaller = (): never => {
  throw new TypeError('a request was served that nobody has admitted');
};

/** The SDK's types leave it open; over HTTP there always is one. */
const NO_REQUEST = { url: '', headers: new Headers() };

/** @throws PawlError `invalid_input` for a header that is no session */
const sessionIn = ({ headers }: Pick<Request, 'headers'>): string | undefined =>
  readHeader(SESSION_HEADER, headers.get(SESSION_HEADER) ?? undefined);

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

/** As `fetch` wrote it. */
function callerIn({ clientId = '', scopes = [], extra = {} }: Partial<AuthInfo> = {}): Caller {
  const attempt = AttemptRef.safeParse(extra.attempt).data;
  return {
    name: clientId,
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    ...(attempt === undefined ? {} : { attempt }),
    ...(typeof extra.inside === 'string' && { inside: extra.inside }),
  };
}

function errorResponse(thrown: unknown, onBug: (error: Error) => void): Response {
  const error = publicErrorOf(thrown, onBug);
  // An address that says nonsense is a bad request; 422 would blame the message.
  const httpStatus =
    error.code === 'invalid_input' ? 400 : { ...ERROR_CODES, ...REFUSALS }[error.code].httpStatus;
  const headers = thrown instanceof Refusal ? thrown.headers : {};
  return Response.json({ error }, { status: httpStatus, headers });
}
