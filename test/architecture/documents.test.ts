/** Every path that ARCHITECTURE.md and CONTRIBUTING.md name is there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ROOT } from './sources.ts';

/** Folders of the repository by whose name a path begins; those of `src` are often named without it. */
const TOP = /^(?:src|test|scripts|bench|examples|bin)\//;
const IN_SOURCES = /^(?:domain|workflows|activities|adapters|edge|engine|client|worker)\//;
const FILE = /^[\w.-]+(?:\/[\w.-]+)*\.(?:ts|mjs|js|json|yml)$/;
/** What a run of the programs makes, or another repository has. */
const ELSEWHERE = /^(?:package\.json|pawl\.yaml|endpoints\.json|engine\.json)$/;

const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\s]+)`/g)].flatMap(([, word = '']) =>
    (TOP.test(word) || IN_SOURCES.test(word) || FILE.test(word)) && !/[<>*$:…]/.test(word) ? [word] : [],
  );

/** A path from the top or from `src`, or of a neighbour of the path named before it. */
function missingIn(text: string): readonly string[] {
  let folder = '';
  return pathsIn(text).filter((path) => {
    if (ELSEWHERE.test(path)) return false;
    const places = [path, join('src', path), join(folder, path)];
    const found = places.find((place) => existsSync(join(ROOT, place)));
    if (found?.includes('/')) folder = found.endsWith('/') ? found : dirname(found);
    return found === undefined;
  });
}

it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s names only files that are there', (name) => {
  const text = readFileSync(join(ROOT, name), 'utf8');
  expect(pathsIn(text).length).toBeGreaterThan(5);
  expect(missingIn(text)).toEqual([]);
});

it('finds a path that is not there, and takes no other word for a path', () => {
  const text =
    '`src/domain/digest.ts`, `gone.ts`, `ids.ts`, `workflows/gone.ts`, `run --json`, `application/json`';
  expect(missingIn(text)).toEqual(['gone.ts', 'workflows/gone.ts']);
});

it('README tells how many workflows a worker keeps by default, which bounds its memory', () => {
  const [, told] =
    /`PAWL_WORKFLOWS_CACHED` \| (\d+)/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const { workflowsCachedMax } = readConfig({});
  expect(Number(told)).toBe(workflowsCachedMax);
  expect(workflowsCachedMax).toBeLessThanOrEqual(100);
});
