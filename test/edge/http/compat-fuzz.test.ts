/** The dashboard's routes, fuzzed from their own schemas: no input is a bug, and every answer is a result or says what was wrong. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dashboardRoutes } from '../../../src/edge/compat/dashboard/dashboard-table.ts';
import { writeQuery } from '../../../src/edge/http/query-string.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { fakeHost } from '../compat/dashboard/asked.ts';
import { invalid, valid } from './arbitrary.ts';
import { appOn, CALLER_OF, call } from './call.ts';

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

const rows = dashboardRoutes.flatMap((row) =>
  row.input instanceof z.ZodObject ? [{ ...row, schema: row.input as z.ZodObject }] : [],
);

/** As the most careless client would send it. */
function ask({ method, path }: (typeof rows)[number], input: Record<string, unknown>) {
  // A bug ends the test that made it.
  const app = appOn(fakeEngine({ one: [HAPPY.waiting, HAPPY.merged] }), CALLER_OF, [], fakeHost());
  const { path: named, ...rest } = input;
  const isInPath = path.includes('{path}');
  const place = isInPath ? path.replace('{path}', encodeURIComponent(asText(named))) : path;
  if (method === 'POST') return call(app, place, { method, body: input });
  return call(app, `${place}?${writeQuery(isInPath ? rest : input)}`);
}

const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)) ?? 'undefined';

describe.each(rows.map((row) => [`${row.method} ${row.path}`, row] as const))('%s', (_, row) => {
  it('is answered in the form that it says, or in words', async () => {
    await fc.assert(
      fc.asyncProperty(valid(row.schema), async (input) => {
        const { status, body, text } = await ask(row, input);
        expect(status).toBeLessThan(500);
        if (status === 200) row.output.parse(body);
        else expect(body).toMatchObject({ error: { message: expect.stringMatching(/\S/) } });
        expect(text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
      }),
      { seed, numRuns: 50 },
    );
  });

  it('refuses everything else, in words', async () => {
    await fc.assert(
      fc.asyncProperty(invalid(row.schema), async (input) => {
        const { status, body, text } = await ask(row, input);
        // In a query a number is a text, so some of it is what the row takes.
        expect(status).toBeLessThan(500);
        if (status !== 200) expect(body).toMatchObject({ error: { message: expect.stringMatching(/\S/) } });
        expect(text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
      }),
      { seed, numRuns: 50 },
    );
  });
});
