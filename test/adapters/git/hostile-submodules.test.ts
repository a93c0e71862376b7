/** Submodules as somebody wrote them who means harm, or made a mistake: told in words, and nothing is started or written elsewhere. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/domain/limits.ts';
import { newRepository, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';
import { canary } from './hostile-traps.ts';
import { asked, COMMIT, LIBRARY, module, type Written } from './submodule-base.ts';

const PROGRAM = canary();

describe('of a base', () => {
  it.each<[string, Written, RegExp]>([
    ['a url that is a program', { text: module('sub', `ext::${PROGRAM.program}`) }, /names a program/],
    [
      'a url that is an option',
      { text: module('sub', `--upload-pack=${PROGRAM.program}`) },
      /begins with a hyphen/,
    ],
    ['a url that is a short option', { text: module('sub', `-u${PROGRAM.program}`) }, /begins with a hyphen/],
    [
      'a url that leads out of its host',
      { text: module('sub', '../../../x'), origin: 'https://example.org/a/b' },
      /leads out of https:\/\/example.org\/a\/b/,
    ],
    [
      'a folder of this machine, of a repository that is elsewhere',
      { text: module('sub', LIBRARY), origin: 'https://example.org/a/b' },
      /is a folder of this machine/,
    ],
    [
      'a file of this machine, of a repository that is elsewhere',
      { text: module('sub', `file://${LIBRARY}`), origin: 'git@example.org:a/b' },
      /is a folder of this machine/,
    ],
    ['no encryption', { text: module('sub', 'git://example.org/a') }, /neither of https nor of ssh/],
    ['a password', { text: module('sub', 'https://me:secret@example.org/a') }, /holds a name or password/],
    ['no url', { text: '[submodule "sub"]\n\tpath = sub\n' }, /gives it no url/],
    ['no name', { text: module('other', LIBRARY, 'other') }, /does not name it/],
    ['a text that is no configuration', { text: '[submodule "sub\n' }, /cannot be read/],
    ['a name that leads out', { text: module('../../../x', LIBRARY) }, /is no path within a folder/],
    ['a name that leads out by itself', { text: module('..', LIBRARY) }, /is no path within a folder/],
    [
      'a name with a folder of git in it',
      { text: module('x/.GIT/y', LIBRARY) },
      /is no path within a folder/,
    ],
    ['a name with a backslash', { text: module('..\\\\x', LIBRARY) }, /is no path within a folder/],
    [
      'a name within another’s',
      { text: `${module('sub', LIBRARY)}${module('sub/hooks', LIBRARY, 'x')}` },
      /is in the way of another/,
    ],
    [
      'a remote that is not there',
      { text: module('sub', '/no/such/folder') },
      /which \/no\/such\/folder does not have/,
    ],
    [
      'a remote that is no repository',
      { text: module('sub', scratchFolder('empty')) },
      /does not have: push it there$/,
    ],
    [
      'a commit that is not there',
      { text: module('sub', LIBRARY), oid: '1'.repeat(40) },
      /is at 1{40}, which .* does not have/,
    ],
    [
      'what is no commit',
      { text: module('sub', LIBRARY), oid: userGit(LIBRARY, 'rev-parse', 'HEAD^{tree}') },
      /does not have/,
    ],
  ])('%s is said, and nothing is made', async (_, written, why) => {
    const { problem, path, repository } = await asked(written);
    expect(problem).toMatch(why);
    expect(problem).not.toContain('secret');
    expect(PROGRAM.ran()).toBe('');
    expect(existsSync(join(path, '.git/modules'))).toBe(false);
    expect(readdirSync(join(path, 'sub'))).toEqual([]);
    expect(existsSync(join(repository, '.git/hooks/x'))).toBe(false);
    // A person who does not ask for it is not kept from their work.
    expect((await asked(written, false)).problem).toBeUndefined();
  });

  it('is no deeper than so many in one another', async () => {
    const loop = newRepository({ 'a.txt': 'a\n' });
    // Each commit of it has the one before as a submodule: a repository in itself.
    const within = () => {
      put(loop, { '.gitmodules': module('self', loop, 'self') });
      userGit(loop, 'add', '.gitmodules');
      const before = userGit(loop, 'rev-parse', 'HEAD');
      userGit(loop, 'update-index', '--add', '--cacheinfo', `160000,${before},self`);
      userGit(loop, 'commit', '-qm', 'in itself');
      return userGit(loop, 'rev-parse', 'HEAD');
    };
    let oid = '';
    for (let depth = 1; depth < LIMITS.submoduleDepthMax; depth += 1) oid = within();
    const { problem, path } = await asked({ text: module('sub', loop), oid });
    expect(problem).toBeUndefined();
    expect(existsSync(join(path, 'sub', ...Array(LIMITS.submoduleDepthMax - 1).fill('self'), 'a.txt'))).toBe(
      true,
    );
    const deeper = await asked({ text: module('sub', loop), oid: within() });
    expect(deeper.problem).toMatch(/has more: expected at most 8 in one another/);
  });

  it('is no more than so many', async () => {
    const { repository, workspaces, task } = newWorld();
    const names = Array.from({ length: LIMITS.submodulesMax + 1 }, (_, at) => `s${at}`);
    put(repository, { '.gitmodules': names.map((name) => module(name, LIBRARY, name)).join('') });
    userGit(repository, 'add', '.gitmodules');
    userGit(
      repository,
      'update-index',
      '--add',
      ...names.flatMap((name) => ['--cacheinfo', `160000,${COMMIT},${name}`]),
    );
    userGit(repository, 'commit', '-qm', 'many');
    const { baseCommit: base } = await workspaces.prepare(task);
    const problems = await workspaces.submodules(task, { base, commit: base, wanted: true });
    expect(problems).toEqual(['expected at most 100 submodules, found more']);
  });
});
