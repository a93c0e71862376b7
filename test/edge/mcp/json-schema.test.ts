/** What a client is shown of the tools' schemas: short, and true of whatever they take. */
import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/model/gpt-4o';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loopTools } from '../../../src/edge/compat/loop/toolset.ts';
import { orchestratorTools } from '../../../src/edge/compat/orchestrator/toolset.ts';
import { jsonSchemaOf } from '../../../src/edge/mcp/json-schema.ts';
import { valid } from '../http/arbitrary.ts';
import { CORE, deps } from './deps.ts';
import { lineClient } from './line-client.ts';

it.each([
  ['orchestrator', 20, 9_000, orchestratorTools],
  ['loop', 40, 12_000, loopTools],
])('lists the tools of %s, %i of them, in at most %i tokens', async (_, count, tokens, tools) => {
  const client = await lineClient(deps({ tools }));
  const { result } = await client.request('tools/list');
  expect(result?.tools).toHaveLength(count);
  expect(encode(JSON.stringify(result)).length).toBeLessThanOrEqual(tokens);
  await client.end();
});

it('says of what is taken everything that a caller has to know', () => {
  const input = z.strictObject({
    when: z.iso.datetime().optional().describe('ISO 8601'),
    name: z
      .string()
      .min(1)
      .max(9)
      .regex(/^[a-z]+$/),
    count: z.int().min(0).default(3),
    kind: z.enum(['a', 'b']),
    context: z.record(z.string(), z.unknown()),
    flags: z.record(z.string().regex(/^x/), z.boolean()),
  });
  expect(jsonSchemaOf(input, 'input')).toEqual({
    type: 'object',
    properties: {
      when: { type: 'string', format: 'date-time', description: 'ISO 8601' },
      name: { type: 'string', minLength: 1, maxLength: 9, pattern: '^[a-z]+$' },
      count: { type: 'integer', minimum: 0, default: 3 },
      kind: { type: 'string', enum: ['a', 'b'] },
      context: { type: 'object' },
      flags: {
        type: 'object',
        propertyNames: { type: 'string', pattern: '^x' },
        additionalProperties: { type: 'boolean' },
      },
    },
    required: ['name', 'kind', 'context', 'flags'],
    additionalProperties: false,
  });
});

it('leaves room for more in what is answered', () => {
  const output = z.object({ success: z.literal(true), parts: z.array(z.object({ kind: z.enum(['a']) })) });
  expect(jsonSchemaOf(output, 'output')).toEqual({
    type: 'object',
    properties: {
      success: { const: true },
      parts: {
        type: 'array',
        items: { type: 'object', properties: { kind: { enum: ['a'] } } },
      },
    },
    required: ['success', 'parts'],
  });
});

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`fuzzed with seed ${seed}; PAWL_SEED=${seed} does it again`);

describe.each([...CORE, ...orchestratorTools, ...loopTools].map((tool) => [tool.name, tool] as const))(
  'of %s',
  (_, { input }) => {
    it('whatever it takes fits what is shown', () => {
      const shown = z.fromJSONSchema(jsonSchemaOf(input, 'input'));
      fc.assert(
        fc.property(valid(input), (value) => shown.safeParse(value).success),
        { seed, numRuns: 30 },
      );
    });
  },
);
