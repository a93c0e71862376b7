import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/domain/limits.ts';
import { commitFiles, newRepository } from '../scratch-repository.ts';
import { at, digestOf, faultsOf, found, homeWith, loopText, SKILL } from './sources-rig.ts';

describe('guides', () => {
  const LOOP = { '.pawl/loops/g.yaml': loopText('g', 'g', 'agent: auto, guides: [write-plan]') };

  it.each(['.pawl/skills', '.agents/skills', '.claude/skills'])(
    'are found in %s, and pinned with the loop',
    async (folder) => {
      const repository = newRepository({
        ...LOOP,
        [`${folder}/write-plan/SKILL.md`]: SKILL,
        [`${folder}/write-plan/more/a.md`]: 'a',
      });
      const loop = await found(homeWith(), at(repository), 'g');
      expect(loop.read).toMatchObject({
        ok: true,
        guides: [
          {
            name: 'write-plan',
            folder: `${folder}/write-plan`,
            files: { 'SKILL.md': expect.any(String), 'more/a.md': expect.any(String) },
          },
        ],
      });
      const again = await found(homeWith(), at(repository), 'g');
      expect(digestOf(again)).toBe(digestOf(loop));
      commitFiles(repository, { [`${folder}/write-plan/more/a.md`]: 'b' });
      expect(digestOf(await found(homeWith(), at(repository), 'g'))).not.toBe(digestOf(loop));
    },
  );

  it('of the home count where the repository has none', async () => {
    const repository = newRepository(LOOP);
    expect(faultsOf(await found(homeWith(), at(repository), 'g'))).toEqual([
      expect.stringMatching(
        /^\.pawl\/loops\/g\.yaml:6 phases\[0\]\.skills\[0\]\.guides: there is no guide write-plan: expected a folder/,
      ),
    ]);
    const home = homeWith({ 'skills/write-plan/SKILL.md': SKILL });
    expect((await found(home, at(repository), 'g')).read.ok).toBe(true);
  });

  it.each([
    ['no SKILL.md', { 'other.md': 'x' }, 'SKILL.md:1: expected a file SKILL.md'],
    ['no head', { 'SKILL.md': 'Do so.' }, 'SKILL.md:1: expected YAML between two lines of ---'],
    [
      'another name',
      { 'SKILL.md': SKILL.replace('write-plan', 'plan') },
      'SKILL.md:2 name: expected the name of its folder, write-plan, got plan',
    ],
    [
      'a key too many',
      { 'SKILL.md': SKILL.replace('---\nDo', 'version: 2\n---\nDo') },
      'SKILL.md:4 version: is not a known key',
    ],
    ['no description', { 'SKILL.md': SKILL.replace(/description.*\n/, '') }, 'SKILL.md:2 description: '],
    [
      'metadata of more than texts',
      { 'SKILL.md': SKILL.replace('---\nDo', 'metadata: { a: 1 }\n---\nDo') },
      'SKILL.md:4 metadata.a: ',
    ],
    [
      'too much',
      { 'SKILL.md': SKILL, 'big.bin': 'x'.repeat(LIMITS.guideBytesMax) },
      'SKILL.md:1: expected at most 1048576 bytes',
    ],
  ])('with %s are told by their own file', async (_, files, words) => {
    const placed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`.pawl/skills/write-plan/${name}`, text]),
    );
    const repository = newRepository({ ...LOOP, ...placed });
    expect(faultsOf(await found(homeWith(), at(repository), 'g')).join('\n')).toContain(
      `.pawl/skills/write-plan/${words}`,
    );
  });
});
