/** One request to an engine in another process, and what can be wrong with its answer. */
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, PawlError } from '../../domain/failures.ts';
import { REVIVAL } from '../../domain/silent-engine.ts';
import { CLIENT_HEADERS } from './client-id.ts';
import type { Fetch } from './pooled-fetch.ts';
import { REFUSALS, type RefusalCode } from './refusals.ts';

/** Where an engine answers, and as whom it is asked. */
export interface Far {
  /** `http://127.0.0.1:8100` */
  readonly api: string;
  readonly token: string;
  /** Named by its address (`PAWL_URL`): nobody starts it from here. */
  readonly isElsewhere?: boolean;
  /** The process that holds its home on this host, where the engine was found by its home. */
  readonly pid?: number;
  /** Default: over the connections that this process shares. */
  readonly fetch?: Fetch;
}

export interface Ask {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Nobody, or somebody else, answered. An engine that says `unavailable` itself is there. */
export class Unreachable extends PawlError {
  /** Of the answer, where somebody answered that was not the engine: a proxy in front of it, say. */
  readonly status: number | undefined;
  constructor(message: string, { cause, status }: { cause?: unknown; status?: number } = {}) {
    super('unavailable', message, { cause });
    this.status = status;
  }
}

/** An engine of another version answered: it will not answer otherwise when it is asked again. */
export class OtherVersion extends PawlError {}

export class UnknownForm extends OtherVersion {
  constructor(api: string, cause: unknown) {
    super(
      'unavailable',
      `the engine at ${api} answered in a form that this version does not know: use the same version of Pawl here and there`,
      { cause },
    );
  }
}

/** @throws Unreachable; the signal's reason; PawlError as the engine's answer says */
export async function exchange(far: Far, ask: Ask): Promise<Response> {
  const answer = await send(far, ask);
  if (answer.ok) return answer;
  const problem = ErrorBody.safeParse(await jsonOf(far, answer, ask.signal));
  if (problem.success) throw errorOf(problem.data);
  throw notOurs(far, `status ${answer.status} and no error of Pawl's`, { status: answer.status });
}

/** Any answer. @throws Unreachable; the signal's reason */
export const send = (far: Far, { method, path, body, headers, signal }: Ask): Promise<Response> =>
  unlessGivenUp(far, signal, () =>
    (far.fetch ?? fetch)(`${far.api}${path}`, {
      method,
      signal,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${far.token}`,
        ...CLIENT_HEADERS,
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    }),
  );

/** Sees whether an engine is there. Any answer counts, also that it is not well. @throws Unreachable; the signal's reason */
export async function look(far: Far, signal: AbortSignal): Promise<void> {
  const answer = await send(far, { method: 'GET', path: '/api/health', signal });
  await unlessGivenUp(far, signal, () => answer.text());
}

/** The JSON of an answer. @throws Unreachable; the signal's reason */
export async function jsonOf(far: Far, answer: Response, signal: AbortSignal): Promise<unknown> {
  return parseFrom(far, await unlessGivenUp(far, signal, () => answer.text()), answer.status);
}

/** @param status of the answer, where it has one of its own */
export function parseFrom(far: Far, text: string, status?: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notOurs(far, 'something that is no JSON', { cause, ...(status !== undefined && { status }) });
  }
}

/** A value of the far side as this side knows it. @throws UnknownForm */
export function known<T extends z.ZodType>({ api }: Far, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UnknownForm(api, parsed.error);
}

export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});

/** As the engine threw it. */
export function errorOf({ error }: z.infer<typeof ErrorBody>): PawlError {
  const { code, message, details } = error;
  return new PawlError(codeOf(code), message, { details });
}

function codeOf(code: string): ErrorCode {
  if (Object.hasOwn(ERROR_CODES, code)) return code as ErrorCode; // a key of the table
  return Object.hasOwn(REFUSALS, code) ? REFUSALS[code as RefusalCode].as : 'internal'; // a key as well
}

export async function unlessGivenUp<T>(far: Far, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    // A time limit of ours is the far side's fault, the caller's own signal is not.
    const timedOut = isTimeout(error);
    if (signal.aborted && !timedOut) throw signal.reason;
    const why = timedOut ? 'no answer in time' : reasonOf(error);
    const next = timedOut ? remedyOf(far) : isItUp(far);
    throw new Unreachable(`the engine at ${far.api} cannot be reached (${why}): ${next}`, { cause: error });
  }
}

/** What to do about one that is not there. */
export const isItUp = ({ isElsewhere }: Far): string =>
  isElsewhere === true
    ? 'is it up on its host, and is the way there open? (PAWL_URL names it)'
    : 'is it up? (`pawl up -d` starts it)';

/** What to do about one that is silent: where its process runs it keeps any other from starting. */
export const remedyOf = (far: Far): string =>
  far.pid === undefined ? isItUp(far) : `it (pid ${far.pid}) holds its home; ${REVIVAL}`;

export const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

/** Whether the other side may have read the request: its connection was there, and no answer came. */
export const mayBeTaken = ({ cause }: Unreachable): boolean => isTimeout(cause) || isBroken(cause);

export const isBroken = (error: unknown): boolean => BROKEN.has(codeIn(error) ?? '');

const BROKEN: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function reasonOf(error: unknown): string {
  if (isBroken(error)) return 'the connection broke';
  const cause = causeIn(error);
  return codeIn(error) ?? (cause instanceof Error ? cause.message : String(cause));
}

const codeIn = (error: unknown): string | undefined => {
  const cause = causeIn(error);
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
};

/** `fetch` hides what happened in the cause of its error. */
const causeIn = (error: unknown): unknown => (error instanceof Error ? (error.cause ?? error) : error);

const notOurs = ({ api }: Far, what: string, more: { cause?: unknown; status?: number }): Unreachable =>
  new Unreachable(`expected an engine of Pawl at ${api}, got ${what}: is that its address?`, more);
