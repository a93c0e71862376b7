/** Calls of an MCP client whose engine is killed between them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from '../../src/adapters/programs/processes.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { until } from '../engine/engine-rig.ts';
import type { McpRig } from './mcp-rig.ts';

// biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
export type Structured = any;
export type Input = Readonly<Record<string, unknown>>;

export async function killEngine(home: string): Promise<void> {
  const engine = await liveEndpoints(home);
  if (engine === undefined) return;
  sendSignal(engine.pid, 'SIGKILL');
  await until(async () => (await liveEndpoints(home))?.pid !== engine.pid);
}

/** Answered in the end, whatever was killed meanwhile. @throws Error with the structured answer of a refusal */
export async function persistently(mcp: McpRig, name: string, input: Input = {}): Promise<Structured> {
  for (;;) {
    const { isError, structured, text } = await mcp.call(name, input);
    if (!isError) return structured;
    if (structured?.code !== 'unavailable') throw Object.assign(new Error(text), { structured });
    await sleep(200);
  }
}
