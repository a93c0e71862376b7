/**
 * Workflows share their modules (`workflow-bundle.ts`), so a module that kept anything would hand what is of one workflow to
 * another, and what came of a history would depend on who was in the worker beside it.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, SOURCES } from './sources.ts';

/** At the left margin: a variable that can be assigned anew, or a collection that begins empty. */
const STATE =
  /^(?:export )?(?:(?:let|var) .*|const .*= new (?:Map|Set|WeakMap|WeakSet|Array)(?:<.*>)?\(\).*|const .*= \[\];)$/gm;

const stateIn = (code: string): readonly string[] => [...code.matchAll(STATE)].map(([line]) => line);

it('no module that is bundled with the workflows keeps state', () => {
  const files = ['workflows', 'domain'].flatMap((folder) => filesBelow(join(SOURCES, folder)));
  expect(files).not.toEqual([]);
  expect(
    files.flatMap((file) =>
      stateIn(readFileSync(file, 'utf8')).map((line) => `${relative(SOURCES, file)}: ${line}`),
    ),
  ).toEqual([]);
});

it.each([
  'let last: string | undefined;',
  "export let last = '';",
  'const known = new Map<string, number>();',
  'const seen: string[] = [];',
])('%s is state', (line) => {
  expect(stateIn(`import x from 'y';\n${line}\nexport const a = 1;\n`)).toEqual([line]);
});

it('what never changes, and what a function keeps for itself, is none', () => {
  const code =
    "const WORDS = new Set(['a']);\nconst count = (): number => {\n  let found = 0;\n  const all = new Map();\n};\n";
  expect(stateIn(code)).toEqual([]);
});
