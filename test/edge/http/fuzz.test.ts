/**
 * Every route, fuzzed from its own schema: what it takes reaches the operation as it was written, what it does not take
 * reaches nothing, and every answer is a result or an error that says what was wrong.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { PawlError } from '../../../src/domain/failures.ts';
import { type EngineApi, type OperationName, operations } from '../../../src/domain/operations.ts';
import { readQuery, writeQuery } from '../../../src/edge/http/query-string.ts';
import { ROUTES, type Route } from '../../../src/edge/http/routes.ts';
import { invalid, valid } from './arbitrary.ts';
import { appOn, call, type Request } from './call.ts';

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

/** Notes every call, and answers each with a problem of its own: results are not what is tested here. */
function recorder() {
  const calls: { name: string; input: unknown }[] = [];
  const note = (name: string) => async (input: unknown) => {
    calls.push({ name, input });
    throw new PawlError('conflict', 'it was reached');
  };
  const engine = Object.fromEntries(Object.keys(operations).map((name) => [name, note(name)]));
  return { calls, app: appOn(engine as unknown as EngineApi) };
}

/** As the most careless client would send it. */
function requestOf(
  { method, path, inPath }: Route,
  input: Record<string, unknown>,
): { path: string; request: Request } {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, field) => encodeURIComponent(asText(input[field])));
  const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !inPath.includes(field)));
  if (method === 'GET') return { path: `${filled}?${writeQuery(rest)}`, request: {} };
  return { path: filled, request: { method, body: rest } };
}
const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)) ?? 'undefined';

const schemaOf = (name: OperationName): z.ZodObject => operations[name].input;

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const schema = schemaOf(route.name);

  it('hands on whatever its schema takes', async () => {
    await fc.assert(
      fc.asyncProperty(valid(schema), async (input) => {
        const { calls, app } = recorder();
        const { path, request } = requestOf(route, input);
        const answer = await call(app, path, request);
        expect(calls).toEqual([{ name: route.name, input: schema.parse(written(route, input)) }]);
        expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
      }),
      { seed, numRuns: 60 },
    );
  });

  it('refuses everything else, in words', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(invalid(schema), async (input) => {
        const { calls, app } = recorder();
        const { path, request } = requestOf(route, input);
        const answer = await call(app, path, request);
        // The ids `.` and `..` are steps of a path, which is another one then, perhaps another route's.
        if (leadsElsewhere(route, input)) {
          expect(answer.status).toBeLessThan(500);
          return;
        }
        if (calls.length > 0) {
          // In a path or a query everything is text: there the number 7 can be the id "7".
          const asTexts = readsAsText(route, input);
          expect(asTexts).not.toEqual(input);
          expect(schema.safeParse(asTexts).success).toBe(true);
          return;
        }
        refused += 1;
        expect(answer.body).toMatchObject({
          error: {
            code: expect.stringMatching(/^(?:invalid_input|too_large|not_found)$/),
            message: expect.stringMatching(/\S/),
          },
        });
        expect(answer.text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
      }),
      { seed, numRuns: 100 },
    );
    expect(refused).toBeGreaterThanOrEqual(50);
  });
});

/** As it arrives: without empty lists in a query, and with where a decision came from. */
function written({ method, takes }: Route, input: Record<string, unknown>): Record<string, unknown> {
  const via = 'via' in takes().fields ? { via: 'http' } : {};
  const kept = Object.entries(input).filter(([, value]) => !(method === 'GET' && isEmpty(value)));
  return JSON.parse(JSON.stringify({ ...via, ...Object.fromEntries(kept) }));
}
const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const leadsElsewhere = ({ inPath }: Route, input: Record<string, unknown>): boolean =>
  inPath.some((field) => /^\.\.?$/.test(asText(input[field])));

/** The input with what stood in path and query read again from there. */
function readsAsText({ method, inPath, takes }: Route, input: Record<string, unknown>): unknown {
  const path = inPath.map((field) => [field, asText(input[field])]);
  const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !inPath.includes(field)));
  const query = method === 'GET' ? readQuery(writeQuery(rest), takes().fields) : rest;
  return { ...query, ...Object.fromEntries(path) };
}
