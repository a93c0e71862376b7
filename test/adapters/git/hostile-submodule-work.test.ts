/** What a remote of a submodule holds, and what an agent makes of a submodule, who mean harm: nothing of it runs or leads elsewhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../scratch-repository.ts';
import { canary } from './hostile-traps.ts';
import { asked, LIBRARY, module } from './submodule-base.ts';

const PROGRAM = canary();

describe('of a remote on this machine', () => {
  it('what its settings and hooks name is not run', async () => {
    const { program, ran } = canary();
    const remote = newRepository({ 'lib.txt': 'lib\n', '.gitattributes': '* filter=evil\n' });
    for (const name of [
      'uploadpack.packObjectsHook',
      'core.fsmonitor',
      'filter.evil.smudge',
      'filter.evil.clean',
      'core.alternateRefsCommand',
    ])
      userGit(remote, 'config', name, program);
    const { problem, path } = await asked({
      text: module('sub', remote),
      oid: userGit(remote, 'rev-parse', 'HEAD'),
    });
    expect(problem).toBeUndefined();
    expect(existsSync(join(path, 'sub/lib.txt'))).toBe(true);
    expect(ran()).toBe('');
  });

  it.each(['.git', '.GIT', '..'])('a tree with the name %s comes nowhere', async (name) => {
    const remote = newRepository({ 'lib.txt': 'lib\n' });
    const blob = userGit(remote, 'rev-parse', 'HEAD:lib.txt');
    const entry = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]);
    const tree = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], {
      cwd: remote,
      input: entry,
      encoding: 'utf8',
    }).trim();
    const oid = userGit(remote, 'commit-tree', tree, '-m', 'evil');
    userGit(remote, 'branch', 'evil', oid);
    const outcome = await asked({ text: module('sub', remote), oid }).catch((error: Error) => error);
    if (outcome instanceof Error) expect(outcome.message).toMatch(/invalid path|read-tree/);
    else expect(readdirSync(join(outcome.path, 'sub'))).not.toContain(name);
  });
});

describe('of an agent', () => {
  it.each<[string, (path: string) => void, RegExp | undefined]>([
    [
      'a url that is a program',
      (path) => put(path, { '.gitmodules': module('sub', `ext::${PROGRAM.program}`) }),
      /names a program/,
    ],
    [
      'a url of nowhere',
      (path) => put(path, { '.gitmodules': module('sub', '/no/such/folder') }),
      /which \/no\/such\/folder does not have/,
    ],
    [
      'a name that leads out',
      (path) => put(path, { '.gitmodules': module('../../x', LIBRARY) }),
      /is no path within a folder/,
    ],
    [
      'a `.gitmodules` that includes another',
      (path) => {
        const named = join(scratchFolder('named'), 'named');
        writeFileSync(named, module('sub', LIBRARY));
        put(path, { '.gitmodules': `[include]\n\tpath = ${named}\n` });
      },
      /does not name it/,
    ],
    ['no `.gitmodules`', (path) => rmSync(join(path, '.gitmodules')), /does not name it/],
    [
      'its repository moved outside',
      (path) => {
        renameSync(join(path, '.git/modules'), join(scratchFolder('away'), 'm'));
      },
      undefined,
    ],
    [
      'its repository as a link',
      (path) => {
        const away = scratchFolder('away');
        renameSync(join(path, '.git/modules/sub'), join(away, 'sub'));
        symlinkSync(join(away, 'sub'), join(path, '.git/modules/sub'));
      },
      undefined,
    ],
    [
      'a folder of git’s as a link',
      (path) => {
        rmSync(join(path, 'sub/.git'));
        mkdirSync(join(path, 'other'));
        symlinkSync('../other', join(path, 'sub/.git'));
      },
      undefined,
    ],
  ])('%s is said of its commit, or nothing', async (_, work, why) => {
    const { path, workspaces, checkSpaces, task, base, checks } = await asked({
      text: module('sub', LIBRARY),
    });
    work(path);
    put(path, { 'y.txt': 'y\n' });
    const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
    const [problem] = await workspaces.submodules(task, { base, commit });
    if (why === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(why);
    expect(PROGRAM.ran()).toBe('');
    await checkSpaces.checkOut(task, commit);
    expect(existsSync(join(checks, 'y.txt'))).toBe(true);
    await checkSpaces.checkOut(task, base);
    expect(existsSync(join(checks, 'sub/lib.txt'))).toBe(true);
  });

  it('a submodule that nobody asked for is looked at where it can be', async () => {
    const { path, workspaces, task, base } = await asked({ text: module('sub', LIBRARY) }, false);
    const other = newRepository({ 'other.txt': 'o\n' });
    userGit(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'other');
    const first = (await workspaces.commit(task, 'work', 'k1')) ?? '';
    expect(await workspaces.submodules(task, { base, commit: first })).toEqual([]);
    const made = commitFiles(join(path, 'other'), { 'other.txt': 'mine\n' });
    const second = (await workspaces.commit(task, 'work', 'k2')) ?? '';
    expect(await workspaces.submodules(task, { base, commit: second })).toEqual([
      `submodule other is at ${made}, which ${other} does not have: push it there`,
    ]);
    put(path, { '.gitmodules': module('other', 'git@example.org:a/b', 'other') });
    const third = (await workspaces.commit(task, 'work', 'k3')) ?? '';
    expect(await workspaces.submodules(task, { base, commit: third })).toEqual([]);
  });
});
