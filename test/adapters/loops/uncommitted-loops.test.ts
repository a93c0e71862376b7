/** A loop that is being written is checked with the files of the working tree, of which none needs to be committed. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLoops } from '../../../src/adapters/loops/find-loops.ts';
import { newRepository, put, scratchFolder } from '../scratch-repository.ts';
import { faultsOf, homeWith, loopText, SKILL } from './sources-rig.ts';

const including = (id: string, other: string) => `loop: ${id}\nphases:\n  - include: ${other}\n`;
const NO_CONFIGURATION = { checks: [], agents: {} };
const checkIn = (repository: string, text: string) =>
  createLoops(homeWith(), { repository, configuration: NO_CONFIGURATION }).check('.pawl/loops/a.yaml', text);

it('with the loops and guides that stand there', async () => {
  const repository = newRepository({ '.pawl/loops/part.yaml': loopText('part', 'committed') });
  put(repository, {
    '.pawl/loops/part.yaml': loopText('part', 'now', 'agent: auto, guides: [write-plan]'),
    '.pawl/skills/write-plan/SKILL.md': SKILL,
    '.pawl/loops/b.yaml': including('b', 'part'),
  });
  expect((await checkIn(repository, including('a', 'b'))).read).toMatchObject({
    loop: { phases: [{ skills: [{ by: { kind: 'agent' } }] }] },
    includes: [
      { source: 'repository', file: '.pawl/loops/b.yaml' },
      { source: 'repository', file: '.pawl/loops/part.yaml' },
    ],
    guides: [{ name: 'write-plan', folder: '.pawl/skills/write-plan' }],
  });
});

it('that include each other: told with the way round', async () => {
  const repository = newRepository({ 'readme.md': 'x' });
  put(repository, {
    '.pawl/loops/a.yaml': loopText('a', 'as it was'),
    '.pawl/loops/b.yaml': including('b', 'a'),
  });
  expect(faultsOf(await checkIn(repository, including('a', 'b')))).toEqual([
    '.pawl/loops/a.yaml:3 phases[0].include: a → b → a: a loop cannot be part of itself',
  ]);
});

it('and nothing that is only behind a link', async () => {
  const elsewhere = scratchFolder('elsewhere');
  put(elsewhere, { 'b.yaml': loopText('b', 'b'), 'write-plan/SKILL.md': SKILL });
  const repository = newRepository({ 'readme.md': 'x' });
  mkdirSync(join(repository, '.pawl'));
  symlinkSync(elsewhere, join(repository, '.pawl', 'loops'));
  symlinkSync(elsewhere, join(repository, '.pawl', 'skills'));
  expect(faultsOf(await checkIn(repository, including('a', 'b')))).toEqual([
    expect.stringContaining('there is no loop b here'),
  ]);
  expect(
    faultsOf(await checkIn(repository, loopText('a', 'a', 'agent: auto, guides: [write-plan]'))),
  ).toEqual([expect.stringContaining('there is no guide write-plan')]);
});
