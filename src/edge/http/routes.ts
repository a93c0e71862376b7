/** How a row of the operations travels over HTTP: the server and the client of another process read the same. */
import { z } from 'zod';
import { type OperationName, operations } from '../../domain/operations.ts';
import type { Scope } from '../../domain/scopes.ts';
import { lazily } from './lazily.ts';

/** As much of JSON Schema as a route asks about. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A row of any table as it travels. */
export interface WireRoute {
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/api/tasks/{id}` */
  readonly path: string;
  readonly scope: Scope;
  /** The input's fields that stand in the path. */
  readonly inPath: readonly string[];
  /** What it takes beside them. Made when it is first asked: schemas of all rows would be a part of every start. */
  readonly takes: () => Taken;
}

export interface Taken {
  /** The input's other fields: in the query of a GET, in the body of everything else. */
  readonly fields: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly bodyBytesMax: number;
}

/** An operation as it travels. */
export interface Route extends WireRoute {
  readonly name: OperationName;
}

/**
 * A body holds at least this much, and a row's longest text as JSON may have it (each quote and line end is two
 * characters; base64 has none of these) and a quarter on top for its other fields.
 */
const BODY_BYTES_MIN = 256 * 1024;

const NAMES = Object.keys(operations) as OperationName[]; // the table's own keys

export const ROUTE_OF = Object.fromEntries(NAMES.map((name) => [name, routeOf(name)])) as Readonly<
  Record<OperationName, Route>
>;

/** Written-out paths come first: a router must not take `/api/tasks/plan` for the task `plan`. */
export const ROUTES: readonly Route[] = Object.values(ROUTE_OF).toSorted((one, other) =>
  literalFirst(one) < literalFirst(other) ? -1 : 1,
);

/** Reads with long lists can send them in a body, because an address has to be short. */
export const READS_BY_BODY: readonly Route[] = ROUTES.filter(
  ({ method, takes }) =>
    method === 'GET' && Object.values(takes().fields).some(({ type }) => type === 'array'),
).map((route) => ({ ...route, method: 'POST', path: `${route.path}/${route.name}` }));

function routeOf(name: OperationName): Route {
  return { name, ...wireOf(operations[name]) };
}

type Described = Pick<WireRoute, 'summary' | 'method' | 'path' | 'scope'> & { readonly input: z.ZodType };

export function wireOf({ summary, method, path, scope, input }: Described): Omit<WireRoute, 'name'> {
  const inPath = inPathOf(path);
  return { summary, method, path, scope, inPath, takes: lazily(() => takenOf(input, inPath)) };
}

function takenOf(input: z.ZodType, inPath: readonly string[]): Taken {
  const schema = z.toJSONSchema(input, { io: 'input' });
  const others = Object.entries(fieldsOf(schema)).filter(([field]) => !inPath.includes(field));
  return {
    fields: Object.fromEntries(others),
    required: (schema.required ?? []).filter((field) => !inPath.includes(field)),
    bodyBytesMax: Math.max(BODY_BYTES_MIN, Math.ceil(longestTextOf(schema) * 1.125)),
  };
}

/** `/api/tasks/{id}` → `id` */
export function inPathOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '');
}

function literalFirst({ path }: Route): string {
  return path.replaceAll(/\{\w+\}/g, '~');
}

/** Of an object, or of all objects that it may be. */
function fieldsOf({ properties, anyOf, oneOf, allOf }: JsonSchema): Record<string, JsonSchema> {
  return Object.assign({}, ...schemasOf([anyOf, oneOf, allOf]).map(fieldsOf), properties);
}

/** As JSON. */
function longestTextOf(schema: JsonSchema): number {
  const { maxLength = 0, format, items, anyOf, oneOf, allOf, additionalProperties, properties = {} } = schema;
  const nested = [items, additionalProperties, anyOf, oneOf, allOf, Object.values(properties)];
  const own = format === 'base64' ? maxLength : 2 * maxLength;
  return Math.max(own, ...schemasOf(nested).map(longestTextOf));
}

/** `true` and `false` are schemas too, which say nothing of fields. */
function schemasOf(parts: readonly unknown[]): readonly JsonSchema[] {
  return parts.flat().flatMap((part) => (typeof part === 'object' && part !== null ? [{ ...part }] : []));
}
