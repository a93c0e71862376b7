/** Every tool, fuzzed from its own schema: what it takes reaches the engine, what it does not take reaches nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalid, valid } from '../http/arbitrary.ts';
import { CORE, deps, recorder } from './deps.ts';
import { lineClient } from './line-client.ts';

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

interface Shown {
  readonly isError?: boolean;
  readonly structuredContent?: { readonly code?: string; readonly message?: string };
}

describe.each(CORE.map((tool) => [tool.name, tool] as const))('%s', (name, { input }) => {
  it('takes whatever its schema takes', async () => {
    const { calls, engine } = recorder();
    const client = await lineClient(deps({ engine }));
    await fc.assert(
      fc.asyncProperty(valid(input), async (args) => {
        calls.length = 0;
        const { structuredContent } = (await client.call(name, args)) as Shown;
        // Some rules are not a schema's: two fields that exclude each other, a command that needs a shell.
        expect(structuredContent?.code).toBe(calls.length === 1 ? 'conflict' : 'invalid_input');
      }),
      { seed, numRuns: 60 },
    );
    await client.end();
  });

  it('refuses everything else, and nothing is called', async () => {
    const { calls, engine } = recorder();
    const client = await lineClient(deps({ engine }));
    await fc.assert(
      fc.asyncProperty(invalid(input), async (args) => {
        const result = (await client.call(name, args)) as Shown;
        expect(result.isError).toBe(true);
        expect(result.structuredContent?.code).toBe('invalid_input');
        expect(JSON.stringify(result)).not.toMatch(/\bat .*\.[tj]s/);
      }),
      { seed, numRuns: 60 },
    );
    expect(calls).toEqual([]);
    await client.end();
  });
});
