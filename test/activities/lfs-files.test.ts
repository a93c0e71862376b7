/** A change of a file that attributes give to Git LFS: nothing but its pointer may be in git. Real git, and its own `check-attr`. */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import type { CheckInput } from '../../src/domain/steps.ts';
import { newWorld, put } from '../adapters/scratch-repository.ts';
import { checkDeps, prepareIn } from './check-rig.ts';

const pointer = (digit: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 12\n`;
const BASE = {
  '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\nplain.bin -filter\n',
  'logo.bin': pointer('a'),
  'plain.bin': 'plain',
  'deep/.gitattributes': 'text/* !filter\n',
  'deep/down/x.bin': pointer('b'),
};

/** What is said of an agent's change. */
async function saidOf(
  work: (path: string) => void,
  base: Readonly<Record<string, string>> = BASE,
  checks: CheckInput['checks'] = [{ name: 'tests', run: ['true'] }],
) {
  const world = newWorld(base);
  const { workspaces, task } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 'y.txt': 'y\n' });
  work(path);
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
  const input = { task, attempt: 1, baseCommit, commit, checks, protect: [], setup: null };
  return runChecks(checkDeps(world), input, { signal: new AbortController().signal });
}

describe('a change is refused that', () => {
  it.each<[string, (path: string) => void, string, Readonly<Record<string, string>>?]>([
    ['changes one', (path) => put(path, { 'logo.bin': 'content' }), 'logo.bin'],
    ['adds one', (path) => put(path, { 'deep/new.bin': Buffer.from([0, 1, 2]) }), 'deep/new.bin'],
    ['adds one with an odd name', (path) => put(path, { 'deep/ü "x\n.bin': 'content' }), 'deep/ü "x\n.bin'],
    ['adds a large one', (path) => put(path, { 'large.bin': 'x'.repeat(2_000_000) }), 'large.bin'],
    [
      'adds what begins like a pointer',
      (path) => put(path, { 'a.bin': `${pointer('a')}and more\n` }),
      'a.bin',
    ],
    ['adds half a pointer', (path) => put(path, { 'a.bin': pointer('a').slice(0, 60) }), 'a.bin'],
    [
      'puts a file there that was elsewhere',
      (path) => renameSync(join(path, 'plain.bin'), join(path, 'b.bin')),
      'b.bin',
    ],
    [
      'gives files to it',
      (path) => put(path, { '.gitattributes': '*.dat filter=lfs\n', 'a.dat': 'content' }),
      'a.dat',
    ],
    [
      'changes one by a macro of attributes',
      (path) => put(path, { 'a.dat': 'content' }),
      'a.dat',
      { '.gitattributes': '[attr]large filter=lfs\n*.dat large\n' },
    ],
    [
      'changes one by attributes of a folder',
      (path) => put(path, { 'deep/a/a.dat': 'content' }),
      'deep/a/a.dat',
      { 'deep/.gitattributes': '*.dat filter=lfs\n' },
    ],
  ])('%s', async (_, work, path, base) => {
    const { evidence, problem } = await saidOf(work, base);
    expect(evidence).toEqual([]);
    expect(problem).toContain(`${path}: kept by Git LFS`);
    expect(problem).toMatch(/put it back as it is in the base/);
  });
});

it('is refused where there is no check, too', async () => {
  const { evidence, problem } = await saidOf((path) => put(path, { 'logo.bin': 'content' }), BASE, []);
  expect(evidence).toEqual([]);
  expect(problem).toContain('logo.bin: kept by Git LFS');
  expect(await saidOf(() => undefined, BASE, [])).toEqual({ commit: expect.any(String), evidence: [] });
});

describe('a change is checked that', () => {
  it.each<[string, (path: string) => void, Readonly<Record<string, string>>?]>([
    ['has no such file', () => undefined],
    ['takes one out', (path) => rmSync(join(path, 'logo.bin'))],
    ['moves one', (path) => renameSync(join(path, 'logo.bin'), join(path, 'deep/moved.bin'))],
    ['brings a pointer', (path) => put(path, { 'new.bin': pointer('c') })],
    ['empties one', (path) => put(path, { 'logo.bin': '' })],
    ['changes one that is excepted', (path) => put(path, { 'plain.bin': 'content' })],
    ['changes one that is excepted in its folder', (path) => put(path, { 'deep/text/a.bin': 'content' })],
    [
      'makes it a link',
      (path) => {
        rmSync(join(path, 'logo.bin'));
        symlinkSync('plain.bin', join(path, 'logo.bin'));
      },
    ],
    ['takes the files back into git', (path) => put(path, { '.gitattributes': '', 'logo.bin': 'content' })],
    [
      'has another filter',
      (path) => put(path, { 'a.dat': 'content' }),
      { '.gitattributes': '*.dat filter=other\n' },
    ],
  ])('%s', async (_, work, base) => {
    expect(await saidOf(work, base)).toMatchObject({ evidence: [{ passed: true }] });
  });
});

it.each([
  [
    'is told before the agent works',
    BASE,
    [expect.stringMatching(/^files that \.gitattributes gives to Git LFS are pointers/)],
  ],
  ['is not told where there are none', { 'a.txt': 'a' }, undefined],
])('%s', async (_, base, notes) => {
  expect((await prepareIn(newWorld(base))).notes).toEqual(notes);
});
