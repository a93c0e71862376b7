import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proposeLoop, writeLoop } from '../../../src/adapters/loops/new-loop.ts';
import { loopSchemaText } from '../../../src/domain/loops/loop-schema.ts';
import { newRepository, put, scratchFolder } from '../scratch-repository.ts';
import { loopOf } from './loop-rig.ts';

describe('a loop that is begun', () => {
  it.each([undefined, 'engineering', 'bugfix', 'feature', 'review'])(
    'from %s is one, under its own name',
    async (from) => {
      const { text } = await proposeLoop(newRepository(), { loop: 'release', from });
      expect(loopOf(text).loop).toBe('release');
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/loop\.schema\.json\n/);
    },
  );

  it('lies in the repository around the folder, with the schema that its first line names', async () => {
    const repository = newRepository();
    const proposed = await proposeLoop(join(repository, 'src'), { loop: 'release' });
    expect(existsSync(proposed.path)).toBe(false);
    await writeLoop(proposed, false);
    expect(readFileSync(join(repository, '.pawl/loops/release.yaml'), 'utf8')).toBe(proposed.text);
    expect(readFileSync(join(repository, '.pawl/loops/../loop.schema.json'), 'utf8')).toBe(loopSchemaText());
  });

  it('does not replace another', async () => {
    const repository = newRepository();
    put(repository, { '.pawl/loops/release.yaml': 'mine' });
    const proposed = await proposeLoop(repository, { loop: 'release' });
    await expect(writeLoop(proposed, false)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('--force'),
    });
    expect(readFileSync(proposed.path, 'utf8')).toBe('mine');
    await writeLoop(proposed, true);
    expect(readFileSync(proposed.path, 'utf8')).toBe(proposed.text);
  });

  it.each([
    [{ loop: '../out' }, 'invalid_input'],
    [{ loop: 'Release' }, 'invalid_input'],
    [{ loop: 'release', from: '../../x' }, 'not_found'],
    [{ loop: 'release', from: 'gone' }, 'not_found'],
  ])('%j is refused', async (asked, code) => {
    await expect(proposeLoop(newRepository(), asked)).rejects.toMatchObject({ code });
  });

  it('needs a repository', async () => {
    await expect(proposeLoop(scratchFolder(), { loop: 'release' })).rejects.toMatchObject({
      code: 'precondition',
    });
  });
});
