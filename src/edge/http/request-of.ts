/** A call as a request. The door parses it, so only what no request can say is refused before it is sent. Pure. */
import { PawlError } from '../../domain/failures.ts';
import { operations } from '../../domain/operations.ts';
import { HALF_A_CHARACTER, parseInput } from '../../domain/parse-input.ts';
import type { Ask } from './exchange.ts';
import { DEPTH_MAX, TOO_DEEP } from './json.ts';
import { readQuery, writeQuery } from './query-string.ts';
import { READS_BY_BODY, type Route } from './routes.ts';

/** A server takes 16 KiB of address and headers, not one byte of which is worth a try. */
const ADDRESS_CHARS_MAX = 8 * 1024;

type Fields = Readonly<Record<string, unknown>>;
type Request = Omit<Ask, 'signal'>;

/**
 * @param input as a caller gave it
 * @throws PawlError `invalid_input` with the path of a value that JSON does not have, of a field that names no place in the
 * address, of one that the query would turn into another; or for more bytes than the door takes
 */
export function requestOf(route: Route, input: unknown): Request {
  const problem = problemWith(input, DEPTH_MAX);
  if (problem !== undefined) {
    const path = problem.path.map((key) => key.toWellFormed());
    throw new PawlError('invalid_input', `${path.join('.') || route.name}: ${problem.words}`, {
      details: [problem.path],
    });
  }
  const request = isObject(input) ? written(route, input) : undefined;
  if (request !== undefined) return request;
  // The door would refuse it, if it could be told: in the same words.
  parseInput(route.name, operations[route.name].input, input);
  throw new PawlError(
    'invalid_input',
    `${route.name}: expected at most ${route.takes().bodyBytesMax} bytes of JSON and fields that an address can hold, got others`,
  );
}

/** undefined where the request would say something else, or more than the door takes. */
function written(route: Route, input: Fields): Request | undefined {
  const { name, method, inPath } = route;
  if (!inPath.every((field) => isSegment(input[field]))) return undefined;
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(input[field])));
  const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !inPath.includes(field)));
  const query = method === 'GET' ? writeQuery(rest) : undefined;
  const isShort = `${path}?${query ?? ''}`.length <= ADDRESS_CHARS_MAX;
  if (query === undefined) return isShort ? withBody({ ...route, path }, rest) : undefined;
  if (isShort) return isFaithful(query, route, rest) ? { method, path: `${path}?${query}` } : undefined;
  const byBody = READS_BY_BODY.find((read) => read.name === name);
  return byBody && withBody(byBody, rest);
}

function withBody({ method, path, takes }: Route, rest: Fields): Request | undefined {
  const body = JSON.stringify(rest);
  if (body === '{}') return { method, path };
  return Buffer.byteLength(body) > takes().bodyBytesMax ? undefined : { method, path, body };
}

/** `.` and `..` would lead elsewhere, encoded or not. */
const isSegment = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value !== '.' && value !== '..';

/** In a query `10` and `"10"` are one, as are a value and a list of it. */
function isFaithful(query: URLSearchParams, { takes }: Route, rest: Fields): boolean {
  const { fields } = takes();
  // An empty list is none.
  const said = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const isKnown = said.every(([field, value]) => value === undefined || Object.hasOwn(fields, field));
  return isKnown && JSON.stringify(readQuery(query, fields)) === JSON.stringify(Object.fromEntries(said));
}

interface Problem {
  readonly path: readonly string[];
  readonly words: string;
}

/** The first value that JSON would lose or change, or that nobody would take. */
function problemWith(value: unknown, depthMax: number): Problem | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : here(HALF_A_CHARACTER);
  if (Number.isFinite(value) || typeof value === 'boolean' || value === null || value === undefined) return;
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) return here(`expected a value of JSON, got ${kindOf(value)}`);
  if (depthMax === 0) return here(TOO_DEEP);
  for (const [key, inner] of Object.entries(value)) {
    const problem =
      problemWithKey(key) ??
      (isList && inner === undefined ? here('expected a value, got none') : problemWith(inner, depthMax - 1));
    if (problem !== undefined) return { ...problem, path: [key, ...problem.path] };
  }
  return;
}

const problemWithKey = (key: string): Problem | undefined =>
  key.isWellFormed() ? undefined : here(HALF_A_CHARACTER);

const here = (words: string): Problem => ({ path: [], words });

/** Of any realm; a Map, a Date and whatever writes itself as JSON are others. */
function isObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  // Most are of this realm, and the other question takes longer.
  return Object.getPrototypeOf(value) === Object.prototype || tagOf(value) === 'Object';
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const kindOf = (value: unknown): string => (typeof value === 'number' ? String(value) : tagOf(value));
