/** What an index file has, by every version of its format that git writes; git itself is the oracle. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesIn, mayBeUnmerged } from '../../../src/adapters/git/index-entries.ts';
import { commitFiles, newRepository, put, userGit } from '../scratch-repository.ts';

const names = Array.from({ length: 40 }, (_, at) => `folder/${'n'.repeat(at)}é ${at}.txt`);
const FILES = Object.fromEntries(names.map((name) => [name, name]));

function indexOf(version: number, act: (repository: string) => void): Buffer {
  const repository = newRepository({ ...FILES, 'a.txt': 'a\n' });
  userGit(repository, 'config', 'index.version', String(version));
  userGit(repository, 'update-index', '--index-version', String(version));
  act(repository);
  userGit(repository, 'update-index', '--index-version', String(version));
  return readFileSync(join(repository, '.git', 'index'));
}

function conflicts(repository: string): void {
  userGit(repository, 'checkout', '-q', '-b', 'side');
  commitFiles(repository, { [names.at(-1) ?? '']: 'theirs' });
  userGit(repository, 'checkout', '-q', 'main');
  commitFiles(repository, { [names.at(-1) ?? '']: 'ours' });
  expect(() => userGit(repository, 'merge', '-q', 'side')).toThrow();
}

describe.each([2, 3, 4])('version %i', (version) => {
  it('says no where all is merged', () => {
    const index = indexOf(version, (repository) => {
      put(repository, { 'new.txt': 'new' });
      // What has further flags is of the third version at least.
      userGit(repository, 'add', ...(version === 2 ? [] : ['--intent-to-add']), 'new.txt');
      if (version > 2) userGit(repository, 'update-index', '--skip-worktree', 'a.txt');
    });
    expect(index.readUInt32BE(4)).toBe(version);
    expect(mayBeUnmerged(index)).toBe(false);
  });

  it('has what git says', () => {
    let said = '';
    const index = indexOf(version, (repository) => {
      conflicts(repository);
      put(repository, { 'new.txt': 'new', [`${'deep/'.repeat(60)}n`]: 'far' });
      userGit(repository, 'add', 'deep');
      userGit(repository, 'add', '--intent-to-add', 'new.txt');
      said = userGit(repository, 'ls-files', '--stage', '-z');
    });
    const entries = entriesIn(index) ?? [];
    const lines = Buffer.from(said, 'utf8').toString('latin1').split('\0').filter(Boolean);
    expect(entries.map(({ path, mode, stage }) => [mode.toString(8), stage, path])).toEqual(
      lines.map((line) => {
        const [, mode, stage, path] = /^(\d+) [0-9a-f]+ (\d)\t(.*)$/s.exec(line) ?? [];
        return [mode, Number(stage), path];
      }),
    );
    expect(entries.filter(({ isIntended }) => isIntended).map(({ path }) => path)).toEqual(['new.txt']);
  });

  it('says yes where the last file of all is not', () => {
    expect(mayBeUnmerged(indexOf(version, conflicts))).toBe(true);
  });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['another file', Buffer.from('no index at all, and long enough for a header')],
  ['a version to come', Buffer.from([...Buffer.from('DIRC'), 0, 0, 0, 9, 0, 0, 0, 0])],
  ['one that was cut off', Buffer.from([...Buffer.from('DIRC'), 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3])],
])('leaves it to git for %s', (_, index) => {
  expect(entriesIn(index)).toBeUndefined();
  expect(mayBeUnmerged(index)).toBe(true);
});

it('says nothing of an index whose entries are in another file', () => {
  const split = indexOf(2, (repository) => {
    userGit(repository, 'update-index', '--split-index');
    userGit(repository, 'update-index', '--add', 'a.txt');
  });
  expect(split.includes('link')).toBe(true);
  expect(entriesIn(split)).toBeUndefined();
});

it('comes to an end for every index that was spoilt', () => {
  const whole = indexOf(4, conflicts);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const spoilt = Buffer.from(whole.subarray(0, length));
      if (at < length) spoilt[at] = byte;
      const entries = entriesIn(spoilt);
      expect(entries === undefined || entries.length >= 0).toBe(true);
    }),
  );
});
