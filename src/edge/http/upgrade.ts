/** How a request becomes a WebSocket: what the server offers to the route that takes it. */
import type { WebSocket } from 'ws';

/** The one place where a request may become one. */
export const SOCKET_PATH = '/ws';

export interface Upgrade {
  /** Aborts when the connection ends, whether or not it has become a WebSocket. */
  readonly closed: AbortSignal;
  /** What the route answers with: the connection becomes a WebSocket, and is served. Any other answer goes out as plain HTTP. */
  accept(serve: (socket: WebSocket) => void): Response;
}

/** A request that asks for no WebSocket has none. */
export interface UpgradeEnv {
  Bindings: { readonly upgrade?: Upgrade };
}
