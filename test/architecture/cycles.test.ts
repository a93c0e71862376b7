/** No file of `src` imports itself by way of others, types included: of two files in a cycle neither can be read first. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, importsOf, SOURCES } from './sources.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

const graphOf = (files: readonly string[], read: (file: string) => string): Graph =>
  new Map(
    files.map((file) => [
      file,
      importsOf(read(file))
        .filter(({ from }) => from.startsWith('.'))
        .map(({ from }) => join(dirname(file), from)),
    ]),
  );

/** The first cycle that a depth-first search meets, its first file repeated at its end. */
function cycleIn(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

it('src has no import cycle', () => {
  const graph = graphOf(filesBelow(SOURCES), (file) => readFileSync(file, 'utf8'));
  expect(graph.size).toBeGreaterThan(100);
  expect(cycleIn(graph)?.map((file) => relative(SOURCES, file))).toBeUndefined();
});

it('the search finds a cycle of types, and none where there is none', () => {
  const sources: Readonly<Record<string, string>> = {
    'a.ts': `import { b } from './b.ts';`,
    'b.ts': `import type { C } from './c.ts';\nimport { d } from './d.ts';`,
    'c.ts': `export type { A } from './a.ts';`,
    'd.ts': '',
  };
  const read = (file: string) => sources[file] ?? '';
  expect(cycleIn(graphOf(Object.keys(sources), read))).toEqual(['a.ts', 'b.ts', 'c.ts', 'a.ts']);
  expect(cycleIn(graphOf(['b.ts', 'd.ts'], read))).toBeUndefined();
});
