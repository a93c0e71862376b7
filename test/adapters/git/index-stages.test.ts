/** Whether an index file has something unmerged, by every version of its format that git writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayBeUnmerged } from '../../../src/adapters/git/index-stages.ts';
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
  expect(mayBeUnmerged(index)).toBe(true);
});
