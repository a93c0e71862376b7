/** Each request has an id, its own where it brings one: it is on the answer, and in what the engine's log says of a bug on the way. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { MiddlewareHandler } from 'hono';
import { requestId } from 'hono/request-id';

/** Letters, digits, `-`, `_` and `=`: a longer or another one is replaced. */
const ID_CHARS_MAX = 128;

const named = requestId({ limitLength: ID_CHARS_MAX });
const current = new AsyncLocalStorage<string>();

export const nameRequests: MiddlewareHandler = (context, next) =>
  named(context, () => current.run(context.get('requestId'), next));

/** The id of the request that is answered now; undefined where none is. */
export const requestNow = (): string | undefined => current.getStore();
