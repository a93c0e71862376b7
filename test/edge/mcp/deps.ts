/** What the MCP edge is given in the tests. */
import { clientOf } from '../../../src/domain/calls.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { type EngineApi, type OperationName, operations } from '../../../src/domain/operations.ts';
import { localCaller } from '../../../src/domain/scopes.ts';
import { coreTools as CORE } from '../../../src/edge/mcp/core/toolset.ts';
import type { McpDeps } from '../../../src/edge/mcp/mcp-server.ts';
import { type FakeEngine, fakeEngine } from '../cli/fake-engine.ts';
import { keepingHere } from '../kept-in-memory.ts';

export { CORE };

interface Parts extends Partial<Omit<McpDeps, 'engine'>> {
  readonly engine?: EngineApi;
}

export const deps = ({ engine = fakeEngine(), ...parts }: Parts = {}): McpDeps => ({
  engine: clientOf(parts.caller ?? localCaller('ann'), engine),
  keeps: keepingHere(),
  tools: CORE,
  directory: '/home/ann/shop',
  allowApprove: false,
  version: '1.2.3',
  // A bug that no test expects fails it.
  onBug: (error) => {
    throw error;
  },
  ...parts,
});

/** What reached the engine that changes something. */
export const changes = ({ calls }: FakeEngine) =>
  calls.filter(({ name }) => operations[name].scope !== 'read');

/** Notes every call, and answers each with a problem of its own: results are not what is tested with it. */
export function recorder(): {
  readonly calls: { name: string; input: unknown }[];
  readonly engine: EngineApi;
} {
  const calls: { name: string; input: unknown }[] = [];
  const note = (name: string) => async (input: unknown) => {
    calls.push({ name, input });
    throw new PawlError('conflict', 'it was reached');
  };
  const engine = Object.fromEntries(
    (Object.keys(operations) as OperationName[]).map((name) => [name, note(name)]),
  );
  const news: EngineApi['news'] = async function* (id) {
    yield* [];
    await note('show')({ id });
  };
  return { calls, engine: { ...engine, news } as unknown as EngineApi };
}
