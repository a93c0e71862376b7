/** What may be concluded from a configuration's text without asking git: never less than git itself would find. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeConfiguration } from '../../../src/adapters/git/configuration.ts';
import { disarmed, mayNameProgram, withoutPrograms } from '../../../src/adapters/git/named-programs.ts';
import { newRepository, scratchFolder, userGit } from '../scratch-repository.ts';

const PROGRAMS = [
  'filter.a b.clean',
  'filter.x.SMUDGE',
  'Filter.x.process',
  'diff.x.textconv',
  'diff.x.command',
  'merge.x.driver',
  'branch.main.mergeOptions',
  'gpg.program',
  'gpg.ssh.program',
  'credential.helper',
  'credential.https://example.org.helper',
  'remote.origin.uploadPack',
  'remote.origin.receivepack',
  'difftool.x.cmd',
  'submodule.x.update',
  'trailer.x.command',
];

function configured(...settings: readonly string[]): string {
  const repository = newRepository();
  for (const name of settings) userGit(repository, 'config', name, 'touch planted');
  return repository;
}

describe('a configuration', () => {
  it('that names a program is git’s to list, however the name is written', async () => {
    for (const name of PROGRAMS) {
      const repository = configured(name);
      const text = await wholeConfiguration(join(repository, '.git'));
      expect({ name, may: mayNameProgram(text ?? '') }).toEqual({ name, may: true });
      const { config = [] } = await disarmed({ cwd: repository }, join(repository, '.git'));
      expect(config.map(([setting]) => setting.toLowerCase())).toContain(name.toLowerCase());
    }
  });

  it('without such a word names no program', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (section, variable) => {
        const name = `${section}.${variable}`;
        return mayNameProgram(name) || withoutPrograms([name]).length === 0;
      }),
    );
  });

  it('of a clone with branches and remotes is read as it is', async () => {
    const clone = scratchFolder('clone');
    userGit(clone, 'clone', '-q', newRepository(), '.');
    const text = await wholeConfiguration(join(clone, '.git'));
    expect(text).toContain('[remote "origin"]');
    expect(mayNameProgram(text ?? '')).toBe(false);
    expect(await disarmed({ cwd: clone }, join(clone, '.git'))).toEqual({ cwd: clone });
  });

  it.each(['include.path', 'includeIf.gitdir:/.path', 'INCLUDE.path', 'extensions.worktreeConfig'])(
    'with %s is more than its file',
    async (name) => {
      const repository = newRepository();
      const more = join(scratchFolder(), 'more');
      writeFileSync(more, '[filter "x"]\n\tclean = touch planted\n');
      const value = name.endsWith('path') ? more : 'true';
      userGit(repository, 'config', name, value);
      expect(await wholeConfiguration(join(repository, '.git'))).toBeUndefined();
    },
  );

  it('that is none, a folder, endless or huge is not read', async () => {
    const folder = scratchFolder();
    expect(await wholeConfiguration(folder)).toBeUndefined();
    mkdirSync(join(folder, 'config'));
    expect(await wholeConfiguration(folder)).toBeUndefined();
    const endless = scratchFolder();
    symlinkSync('/dev/zero', join(endless, 'config'));
    expect(await wholeConfiguration(endless)).toBeUndefined();
    const huge = scratchFolder();
    writeFileSync(join(huge, 'config'), '#'.repeat(1_000_000));
    expect(await wholeConfiguration(huge)).toBeUndefined();
  });
});
