/** Half a character, in every field of every tool that takes a text: refused by name, never a bug, and nothing is called. */
import { expect, it } from 'vitest';
import { loopTools } from '../../../src/edge/compat/loop/toolset.ts';
import { orchestratorTools } from '../../../src/edge/compat/orchestrator/toolset.ts';
import { inputsWith } from '../http/text-places.ts';
import { CORE, deps, recorder } from './deps.ts';
import { lineClient } from './line-client.ts';

const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`made with seed ${seed}; PAWL_SEED=${seed} does it again`);
const TOOLS = [...CORE, ...orchestratorTools, ...loopTools];

it.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', async (name, { input }) => {
  const { calls, engine } = recorder();
  const client = await lineClient(deps({ engine, tools: TOOLS }));
  for (const [path, args] of inputsWith(input, 'cut \ud83d here', seed)) {
    expect(await client.call(name, args)).toMatchObject({
      isError: true,
      structuredContent: { code: 'invalid_input', message: expect.stringContaining(path.join('.')) },
    });
  }
  expect(calls).toEqual([]);
  await client.end();
});
