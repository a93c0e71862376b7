/** One name for one thing: where two files of `src` have the same one, they are the same thing of two siblings. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, SOURCES } from './sources.ts';

/** Folders whose files stand for one another, besides those that lie side by side in one folder. */
const PARALLEL: readonly (readonly string[])[] = [
  ['activities', 'workflows'],
  [
    'edge/cli/commands',
    'edge/mcp/core',
    'edge/compat/orchestrator',
    'edge/compat/loop',
    'edge/compat/dashboard',
  ],
];
/** Both names are prescribed: the file is the way in, the folder holds its parts. */
const FILE_AND_FOLDER = ['client', 'worker'];

const areParallel = (folders: readonly string[]): boolean =>
  (new Set(folders.map(dirname)).size === 1 && !folders.some((folder) => dirname(folder) === '.')) ||
  PARALLEL.some((group) => folders.every((folder) => group.includes(folder)));

function ambiguous(files: readonly string[]): readonly string[] {
  const byName = Map.groupBy(files, (file) => basename(file));
  return [...byName].flatMap(([name, all]) =>
    all.length === 1 || areParallel(all.map(dirname)) ? [] : [name],
  );
}

const files = filesBelow(SOURCES).map((file) => relative(SOURCES, file));

it('no two files of src have the same name, but for those of parallel folders', () => {
  expect(ambiguous(files)).toEqual([]);
});

it('everything in src is a file or a folder, never both', () => {
  const both = files
    .map((file) => file.replace(/\.tsx?$/, ''))
    .filter((name) => existsSync(join(SOURCES, name)) && !FILE_AND_FOLDER.includes(name));
  expect(both).toEqual([]);
});

it('the search finds a name that means two things', () => {
  expect(ambiguous(['engine/ports.ts', 'activities/ports.ts'])).toEqual(['ports.ts']);
  expect(ambiguous(['adapters/forges/github/merge.ts', 'adapters/forges/local/merge.ts'])).toEqual([]);
  expect(ambiguous(['activities/attempt.ts', 'workflows/attempt.ts'])).toEqual([]);
});
