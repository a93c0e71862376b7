/**
 * One call of GitHub's REST API: asked once (the steps' own retry policy tries again), read by a schema, and every
 * ending that is no answer turned into words. What it says never holds the token.
 */
import { request } from '@octokit/request';
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { tail } from '../../../domain/limits.ts';
import type { Access } from './hosts.ts';

/** GitHub refused the request for a reason that asking again does not change. */
export class Refused extends PawlError {
  readonly status: number;
  /** What GitHub said, with the errors of single fields. */
  readonly said: string;
  constructor(status: number, said: string, what: string) {
    const code =
      status === 404 ? 'not_found' : status === 409 || status === 422 ? 'conflict' : 'precondition';
    super(code, `GitHub answered ${status} to ${what}: ${said}`);
    this.name = 'Refused';
    this.status = status;
    this.said = said;
  }
}

export interface Call<T> {
  /** As GitHub's documentation writes it: `GET /repos/{owner}/{repo}/pulls`. Owner and repository are filled in. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
  readonly shape: z.ZodType<T>;
}
export interface Answer<T> {
  readonly data: T;
  readonly etag: string | undefined;
}
export interface Api {
  /** @throws Refused; PawlError `precondition` for the token; `unavailable`, with `retryAfterMs` where GitHub says when */
  call<T>(call: Call<T>): Promise<T>;
  /** The same, but 404 is an answer. */
  find<T>(call: Call<T>): Promise<T | undefined>;
  /** The same, at no cost when it is as it was under `etag`: undefined then. */
  changed<T>(call: Call<T>, etag: string | undefined): Promise<Answer<T> | undefined>;
}

const ANSWER_WITHIN_MS = 30_000;
const RATE_LIMIT_PAUSE_MS = 60_000;
const SAID_CHARS_MAX = 300;

export function createApi({ forge, token }: Access, signal?: AbortSignal): Api {
  const send = async <T>({ route, parameters, shape }: Call<T>, etag?: string): Promise<Answer<T>> => {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
    try {
      const { data, headers } = await request(route, {
        ...parameters,
        owner: forge.owner,
        repo: forge.repository,
        baseUrl: forge.api,
        headers: {
          authorization: `Bearer ${token}`,
          'user-agent': 'pawl',
          'x-github-api-version': '2022-11-28',
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
        },
        request: { signal: signal === undefined ? late : AbortSignal.any([signal, late]) },
      });
      return { data: understood(shape, data, route), etag: headers.etag };
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof PawlError ? error : inWords(error, `${forge.owner}/${forge.repository}`, route);
    }
  };
  return {
    call: async (call) => (await send(call)).data,
    find: (call) => unless(404, async () => (await send(call)).data),
    changed: (call, etag) => unless(304, () => send(call, etag)),
  };
}

async function unless<T>(status: number, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused && error.status === status) return undefined;
    throw error;
  }
}

function understood<T>(shape: z.ZodType<T>, data: unknown, route: string): T {
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join('.') || 'the whole answer';
  throw new PawlError(
    'unavailable',
    `the answer to ${route} is not as GitHub describes it (${where}): look whether a proxy answers in its place`,
  );
}

const Failed = z.object({
  status: z.number(),
  response: z
    .object({
      headers: z.record(z.string(), z.unknown()),
      data: z
        .object({
          message: z.string(),
          errors: z.array(z.unknown()).or(z.string()).optional(),
        })
        .catch({ message: '' }),
    })
    .optional(),
});

function inWords(error: unknown, repository: string, route: string): unknown {
  const failed = Failed.safeParse(error);
  if (!failed.success) return error;
  const { status, response } = failed.data;
  const what = `${route.replace('/repos/{owner}/{repo}', repository)}`;
  if (response === undefined) {
    const why = tail(error instanceof Error ? error.message : '', SAID_CHARS_MAX);
    return new PawlError('unavailable', `GitHub cannot be reached for ${what}: ${why}`);
  }
  const { headers, data } = response;
  const said = tail([data.message, ...fieldErrors(data.errors)].filter(Boolean).join('; '), SAID_CHARS_MAX);
  const retryAfterMs = pauseOf(status, headers, said);
  if (retryAfterMs !== undefined) {
    const when = new Date(Date.now() + retryAfterMs).toISOString();
    return new PawlError('unavailable', `GitHub limits requests until ${when} (${said})`, {
      details: { retryAfterMs },
    });
  }
  if (status >= 500) return new PawlError('unavailable', `GitHub answered ${status} to ${what}: ${said}`);
  if (status === 401) {
    return new PawlError(
      'precondition',
      `GitHub does not accept the token (${said}): it is expired, revoked or for another host; set a valid one for the engine and start it again`,
    );
  }
  return new Refused(status, said, what);
}

const FieldError = z.object({
  message: z.string().optional(),
  field: z.string().optional(),
  code: z.string().optional(),
});

function fieldErrors(errors: readonly unknown[] | string | undefined): readonly string[] {
  if (errors === undefined || typeof errors === 'string') return errors === undefined ? [] : [errors];
  return errors.flatMap((one) => {
    if (typeof one === 'string') return [one];
    const { data } = FieldError.safeParse(one);
    return data === undefined ? [] : [data.message ?? `${data.field} is ${data.code}`];
  });
}

/** How long to leave GitHub alone; undefined when the answer is not about that. */
function pauseOf(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  said: string,
): number | undefined {
  const limited =
    status === 429 ||
    (status === 403 &&
      (headers['retry-after'] !== undefined ||
        headers['x-ratelimit-remaining'] === '0' ||
        /rate limit|abuse detection/i.test(said)));
  if (!limited) return undefined;
  const seconds = Number(headers['retry-after']);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const reset = Number(headers['x-ratelimit-reset']) * 1_000 - Date.now();
  return headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)
    ? Math.max(0, reset)
    : RATE_LIMIT_PAUSE_MS;
}
