/** One answer and one error through every edge; and what is there before a case is told. */
import { describe, expect, it } from 'vitest';
import type { Pawl } from '../../src/client.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { common, withoutOwn } from './agreement.ts';
import { type Ask, STORIES } from './answered-cases.ts';
import { EDGES, type EdgeName, type Edges, isOfCore } from './edges.ts';
import type { RefusedCase } from './refused-cases.ts';

/** The tasks that the cases are about. */
export async function makeTasks(api: Pawl): Promise<void> {
  await api.create({ id: 'open', title: 'Open' });
  await api.update({ id: 'open', status: 'in_progress', progress: 0.5, note: 'half of it' });
  await api.create({ id: 'closed', title: 'Closed' });
  await api.complete({ id: 'closed', summary: 'done', messageId: 'm1' });
  await api.create({ id: 'first', title: 'First' });
  await api.create({ id: 'second', title: 'Second', dependencies: ['first'], parent: 'first' });
  const session = await api.open({ directory: scratchFolder('session') });
  await api.create({ id: 'in-session', title: 'In a session', session: session.id });
}

/** All that can be read of what is there: every list, and the whole of every task. */
export async function everythingOf(api: Pawl, edges: Edges): Promise<unknown> {
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

export const answeredAlike = (edges: () => Edges) =>
  describe('answered by all alike', () => {
    it.each(STORIES.map((story) => [story.what, story] as const))(
      '%s',
      async (_, { edges: through, tell }) => {
        const place = scratchFolder('place');
        const traces = new Map<EdgeName, unknown[]>();
        for (const edge of through) {
          const trace: unknown[] = [];
          traces.set(edge, trace);
          await tell(askingThrough(edges(), edge, trace), edge, place);
        }
        const [first, ...others] = [...traces];
        for (const [edge, trace] of others) {
          for (const [index, told] of trace.entries()) {
            const [ours, theirs] = common(told, first?.[1][index]);
            expect({ edge, index, told: ours }).toEqual({ edge, index, told: theirs });
          }
        }
      },
      180_000,
    );
  });

function askingThrough(edges: Edges, edge: EdgeName, trace: unknown[]): Ask {
  return async (name, input, expected) => {
    const outcome = await edges[edge](name, input);
    const told = 'error' in outcome ? outcome.error.code : withoutOwn(outcome.answer, edge);
    trace.push(told);
    // A tool of the core leaves fields out, so it is held to what the others answered.
    const held = edge === 'mcp' && typeof told === 'object' ? undefined : expected;
    if (held !== undefined) expect({ edge, name, told }).toEqual({ edge, name, told: held });
    return 'error' in outcome ? {} : outcome.answer;
  };
}

/** The edges that a case reaches. */
const edgesFor = ({ operation, input, except = {} }: RefusedCase): readonly EdgeName[] =>
  EDGES.filter((edge) => except[edge] === undefined && (edge !== 'mcp' || isOfCore(operation, input)));

/** At once, because a start of the CLI is most of a case, and none of them changes what another one sees. */
export const refusedAlike = (
  rows: readonly RefusedCase[],
  edges: () => Edges,
  everything: () => Promise<unknown>,
) =>
  describe.concurrent('refused by all with one code, naming the field, and nothing is changed', () => {
    it.each(rows.map((row) => [`${row.operation}: ${row.what}`, row] as const))('%s', async (_, row) => {
      const { operation, input, code, field = '' } = row;
      const before = await everything();
      const refuse = async (edge: EdgeName) => {
        const outcome = await edges()[edge](operation, input);
        const error = expect.objectContaining({ code });
        expect({ edge, outcome }).toEqual({ edge, outcome: { error } });
        expect(words(outcome), edge).toContain(words(field));
      };
      await Promise.all(edgesFor(row).map(refuse));
      expect(await everything()).toEqual(before);
    });
  });

/** A field as it stands in a message, whether it is called by its name or by the option's. */
const words = (value: unknown): string =>
  JSON.stringify(value)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
