/** The one way git is run, and the pure parts around it: settings that take programs out, names, diffs. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../src/adapters/files/without-links.ts';
import { parseNames } from '../../../src/adapters/git/diff.ts';
import { repositoryKey } from '../../../src/adapters/git/mirror.ts';
import { withoutPrograms } from '../../../src/adapters/git/named-programs.ts';
import { objectId, readCommits, trailerOf, writeCommit } from '../../../src/adapters/git/objects.ts';
import { readObjects } from '../../../src/adapters/git/read-objects.ts';
import { GitError, git, gitLine, gitPipe } from '../../../src/adapters/git/run-git.ts';
import { newRepository, scratchFolder, userGit } from '../scratch-repository.ts';

describe('git', () => {
  it('answers bytes and accepted exit codes, and fails in one line with what git said', async () => {
    const place = { cwd: newRepository() };
    expect((await git(place, ['show', 'HEAD:a.txt'])).stdout.toString()).toBe('one\ntwo\nthree\n');
    expect((await git(place, ['diff', '--quiet', 'HEAD', 'HEAD^{tree}'], { accept: [1] })).exitCode).toBe(0);
    expect((await git(place, ['symbolic-ref', '-q', 'NONE'], { accept: [1] })).exitCode).toBe(1);
    const failed = git(place, ['rev-parse', '--verify', 'none']);
    await expect(failed).rejects.toBeInstanceOf(GitError);
    await expect(failed).rejects.toThrow('git rev-parse exited with 128: fatal: Needed a single revision');
  });

  it('says in words when it cannot be started', async () => {
    await expect(git({ cwd: join(scratchFolder(), 'gone') }, ['version'])).rejects.toMatchObject({
      code: 'precondition',
    });
    const path = process.env.PATH;
    process.env.PATH = scratchFolder();
    const started = git({ cwd: scratchFolder() }, ['version']);
    process.env.PATH = path;
    await expect(started).rejects.toThrow(/install git 2\.38 or newer/);
  });

  it('does not see what the environment and the home of its user set', async () => {
    process.env.GIT_AUTHOR_NAME = 'Somebody';
    process.env.GIT_DIR = '/nowhere';
    try {
      const place = { cwd: newRepository() };
      expect(await gitLine(place, ['var', 'GIT_AUTHOR_IDENT'])).toMatch(/^Pawl <pawl@localhost> /);
      expect(await gitLine(place, ['config', '--show-origin', '--get', 'core.hooksPath'])).toMatch(
        /^command line:/,
      );
      expect(await gitLine(place, ['var', 'GIT_EDITOR'])).toBe('false');
    } finally {
      delete process.env.GIT_AUTHOR_NAME;
      delete process.env.GIT_DIR;
    }
  });

  it('uses no transport', async () => {
    const [one, other] = [newRepository(), newRepository()];
    for (const url of [
      other,
      `file://${other}`,
      'ssh://localhost/x',
      'ext::sh -c true',
      'https://localhost/x',
    ]) {
      await expect(git({ cwd: one }, ['fetch', url])).rejects.toThrow(/not allowed/);
    }
  });

  it('names the side of a pipe that failed', async () => {
    const place = { cwd: newRepository() };
    const commit = userGit(place.cwd, 'rev-parse', 'HEAD');
    const pack = { place, args: ['pack-objects', '--revs', '--stdout', '-q'], input: `${commit}\n` };
    const unpack = { place, args: ['unpack-objects', '-q'] };
    await gitPipe(pack, unpack);
    await expect(gitPipe({ ...pack, input: 'nonsense\n' }, unpack)).rejects.toThrow(
      /git pack-objects exited/,
    );
    await expect(gitPipe(pack, { place, args: ['unpack-objects', '--nonsense'] })).rejects.toThrow(
      /unpack-objects/,
    );
    const gone = { cwd: join(place.cwd, 'gone') };
    await expect(gitPipe({ ...pack, place: gone }, unpack)).rejects.toMatchObject({ code: 'precondition' });
    await expect(gitPipe(pack, { ...unpack, place: gone })).rejects.toMatchObject({ code: 'precondition' });
  });
});

describe('objects', () => {
  it('are read many at a time, whatever is missing', async () => {
    const place = { cwd: newRepository() };
    const names = ['HEAD', 'HEAD:none', 'HEAD:a.txt', 'none', 'HEAD^{tree}'];
    const objects = await readObjects(place, names);
    expect(objects.map((object) => object?.type)).toEqual(['commit', undefined, 'blob', undefined, 'tree']);
    expect(objects[2]?.content.toString()).toBe('one\ntwo\nthree\n');
    expect((await readCommits(place, ['HEAD', 'HEAD:a.txt'])).map((one) => one?.parents)).toEqual([
      [],
      undefined,
    ]);
  });

  it('are named by whole ids only', () => {
    expect(objectId('a'.repeat(40))).toBe('a'.repeat(40));
    for (const wrong of [
      '',
      'HEAD',
      'a'.repeat(39),
      'A'.repeat(40),
      `-${'a'.repeat(39)}`,
      `${'a'.repeat(40)}\n`,
    ]) {
      expect(() => objectId(wrong)).toThrow(/expected a commit as 40 hex digits/);
    }
  });

  it('hold any message, and trailers that no message can forge', async () => {
    const place = { cwd: newRepository() };
    const tree = userGit(place.cwd, 'rev-parse', 'HEAD^{tree}');
    const message = fc.string({ unit: 'binary', maxLength: 60 });
    const forged = 'Title\n\nPawl-Task: other\nPawl-Effect: other';
    await fc.assert(
      fc.asyncProperty(fc.oneof(message, fc.constant(forged)), message, async (text, key) => {
        const trailers = { 'Pawl-Task': 't-1', 'Pawl-Effect': `k${key}` };
        const made = { tree, parents: [], message: text, trailers, time: 1_700_000_000 };
        const oid = await writeCommit(place, made);
        expect(await writeCommit(place, made)).toBe(oid);
        const [commit] = await readCommits(place, [oid]);
        expect(commit).toMatchObject({ tree, parents: [], time: 1_700_000_000 });
        if (commit === undefined) throw new Error('expected a commit');
        expect(trailerOf(commit, 'Pawl-Task')).toBe('t-1');
        expect(trailerOf(commit, 'Pawl-Effect')).toMatch(/^k/);
      }),
      { numRuns: 25 },
    );
  }, 30_000);
});

describe('programs of a configuration', () => {
  it('are taken out by the very names they have', () => {
    const names = [
      'filter.a=b.clean',
      'filter.x.y.process',
      'diff.q"q.textconv',
      'merge.m.driver',
      'branch.main.mergeoptions',
    ];
    const harmless = [
      'core.bare',
      'user.name',
      'filter',
      'remote.origin.url',
      'constructor.x.clean',
      'filter.__proto__',
    ];
    expect(withoutPrograms([...names, ...harmless, ...names]).map(([name]) => name)).toEqual(names);
    expect(withoutPrograms(['filter.lfs.required', 'filter.lfs.smudge'])).toEqual([
      ['filter.lfs.required', 'false'],
      ['filter.lfs.smudge', ''],
    ]);
  });
});

describe('pure parts', () => {
  it('a repository key is one safe word, another for every path', () => {
    const paths = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(paths, (found) => {
        const [one = '', other = ''] = found.map((path) => repositoryKey(`/${path}`));
        expect(one).toMatch(/^[a-z0-9][a-z0-9-]*$/);
        expect(one).not.toBe(other);
      }),
    );
  });

  it('paths stay inside', () => {
    const path = fc.array(fc.constantFrom('a', '..', '.', '', '.git', '.GIT', 'b c', '\0'), { minLength: 1 });
    fc.assert(
      fc.property(path, (parts) => {
        const bad =
          parts.some((part) => ['', '.', '..', '\0'].includes(part)) || /^\.git$/i.test(parts[0] ?? '');
        if (bad) expect(() => partsOf(parts.join('/'))).toThrow(/inside the repository/);
        else expect(partsOf(parts.join('/'))).toEqual(parts);
      }),
    );
  });

  it('names and numbers of a diff are told apart whatever the names', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0'));
    const file = fc.record({
      name,
      letter: fc.constantFrom('A', 'D', 'M', 'T'),
      added: fc.nat(),
      removed: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(file), (files) => {
        const raw = files.map((one) => `:100644 100644 aaa bbb ${one.letter}\0${one.name}\0`).join('');
        const numbers = files.map((one) => `${one.added}\t${one.removed}\t${one.name}\0`).join('');
        const parsed = parseNames(raw + numbers);
        expect(parsed.entries.map(({ path }) => path)).toEqual(files.map((one) => one.name));
        expect(parsed.insertions).toBe(files.reduce((sum, one) => sum + one.added, 0));
        expect(parsed.deletions).toBe(files.reduce((sum, one) => sum + one.removed, 0));
      }),
    );
    expect(parseNames(':0 1 a b A\0x.bin\0-\t-\tx.bin\0')).toMatchObject({
      ...{ insertions: 0, deletions: 0 },
      entries: [{ path: 'x.bin', binary: true }],
    });
    expect(parseNames('')).toEqual({ entries: [], insertions: 0, deletions: 0 });
  });
});
