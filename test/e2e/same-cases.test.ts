/** The same cases through CLI, HTTP, MCP and the client of scripts: one answer, one error, whoever asks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { EDGES, type Edge, type EdgeName, edgesOf, isOfCore } from './edges.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { REFUSED, type RefusedCase } from './refused-cases.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let mcp: McpRig;
let edges: Readonly<Record<EdgeName, Edge>>;
beforeAll(async () => {
  rig = await startRig();
  mcp = await startMcp(rig.home, rig.home, ['--allow-approve']);
  edges = edgesOf(rig, mcp);
  const { api } = rig;
  await api.create({ id: 'open', title: 'Open' });
  await api.update({ id: 'open', status: 'in_progress', progress: 0.5, note: 'half of it' });
  await api.create({ id: 'closed', title: 'Closed' });
  await api.complete({ id: 'closed', summary: 'done', messageId: 'm1' });
  await api.create({ id: 'first', title: 'First' });
  await api.create({ id: 'second', title: 'Second', dependencies: ['first'], parent: 'first' });
  const session = await api.open({ directory: scratchFolder('session') });
  await api.create({ id: 'in-session', title: 'In a session', session: session.id });
  // What scripts write past the engine shows there a moment later.
  const settled = async () => [(await mcp.ok('list')).total, (await api.show({ id: 'first' })).dependants];
  await expect.poll(settled, { timeout: 30_000 }).toEqual([5, ['second']]);
}, 120_000);
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

/** All that can be read of what is there: every list, and the whole of every task. */
async function everything(): Promise<unknown> {
  const { api } = rig;
  const [list, archived, { sessions }] = await Promise.all([
    edges.http('list', { limit: 1_000 }),
    edges.http('list', { limit: 1_000, archived: true }),
    api.sessions({}),
  ]);
  const tasks = await Promise.all(
    ['open', 'closed', 'first', 'second', 'in-session'].map((id) => api.show({ id })),
  );
  return { list, archived, sessions, tasks };
}

/** The edges that a case reaches. */
const edgesFor = ({ operation, input, except = {} }: RefusedCase): readonly EdgeName[] =>
  EDGES.filter((edge) => except[edge] === undefined && (edge !== 'mcp' || isOfCore(operation, input)));

describe('refused by all with one code, naming the field, and nothing is changed', () => {
  it.each(REFUSED.map((row) => [`${row.operation}: ${row.what}`, row] as const))('%s', async (_, row) => {
    const { operation, input, code, field = '' } = row;
    const before = await everything();
    for (const edge of edgesFor(row)) {
      const outcome = await edges[edge](operation, input);
      expect({ edge, outcome }).toEqual({
        edge,
        outcome: { error: expect.objectContaining({ code, message: expect.any(String) }) },
      });
      expect(words(outcome), edge).toContain(words(field));
      expect(await everything(), edge).toEqual(before);
    }
  });
});

/** A field as it stands in a message, whether it is called by its name or by the option's. */
const words = (value: unknown): string =>
  JSON.stringify(value)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
