import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chainBack, nextTowards } from '../../../src/domain/loops/include-chains.ts';

type Graph = ReadonlyMap<string, readonly string[]>;
const chainsIn = (graph: Graph, one: string) => {
  const includers = (loop: string) => [...graph].flatMap(([id, all]) => (all.includes(loop) ? [id] : []));
  const next = nextTowards(one, includers);
  return (graph.get(one) ?? []).map((included) => chainBack(one, included, next));
};
const graphOf = (edges: Readonly<Record<string, readonly string[]>>): Graph => new Map(Object.entries(edges));

it.each<
  [what: string, edges: Readonly<Record<string, readonly string[]>>, chain: readonly string[] | undefined]
>([
  ['itself', { a: ['a'] }, ['a', 'a']],
  ['by another', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
  ['the shortest way', { a: ['b'], b: ['c', 'd'], c: ['d'], d: ['a'] }, ['a', 'b', 'd', 'a']],
  ['what is part of itself, and not of it', { a: ['b'], b: ['c'], c: ['b'] }, undefined],
  ['the same by two ways', { a: ['b'], b: ['c', 'd'], c: ['d'], d: [] }, undefined],
])('%s', (_, edges, chain) => {
  expect(chainsIn(graphOf(edges), 'a')[0]).toEqual(chain);
});

it('each step of a chain is an include, it begins and ends with the loop, and there is one wherever a way leads back', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const some = fc.record(Object.fromEntries(ids.map((id) => [id, fc.uniqueArray(fc.constantFrom(...ids))])));
  fc.assert(
    fc.property(some, (edges) => {
      const graph = graphOf(edges);
      for (const id of ids)
        for (const [index, chain] of chainsIn(graph, id).entries()) {
          const included = graph.get(id)?.[index] ?? '';
          expect(chain !== undefined).toBe(reaches(graph, included, id));
          if (chain === undefined) continue;
          expect([chain[0], chain[1], chain.at(-1)]).toEqual([id, included, id]);
          for (const [at, one] of chain.slice(0, -1).entries())
            expect(graph.get(one)).toContain(chain[at + 1]);
        }
    }),
  );
});

/** By all ways, however long. */
function reaches(graph: Graph, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const one of seen) for (const next of graph.get(one) ?? []) seen.add(next);
  return seen.has(to);
}
