/** A folder by its path from the top of a repository: what says nothing is left out, what leads elsewhere is none. */
import { join, normalize } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { folderFrom, TaskFolder } from '../../src/domain/task-folder.ts';

it.each([
  ['packages/api', 'packages/api'],
  ['./packages//api/', 'packages/api'],
  ['.', ''],
  ['./', ''],
  ['-x/ü 🚲', '-x/ü 🚲'],
  ['a/.git', 'a/.git'],
  ['', undefined],
  ['/', undefined],
  ['/etc', undefined],
  ['..', undefined],
  ['a/../b', undefined],
  ['./..', undefined],
  ['.git', undefined],
  ['./.Git/hooks', undefined],
  ['a\0b', undefined],
])('%j is %j', (written, folder) => {
  expect(folderFrom(written)).toBe(folder);
  expect(TaskFolder.safeParse(written).success).toBe(folder !== undefined);
});

it('never leaves the top, and means what the path means', () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b c', '.git', '.hidden', '...');
  const written = fc.array(part, { minLength: 1 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(written, (path) => {
      const folder = folderFrom(path);
      if (folder === undefined) return;
      expect(join('/top', folder)).toBe(normalize(join('/top', path)).replace(/(?<=.)\/$/, ''));
      expect(folderFrom(folder === '' ? '.' : folder)).toBe(folder);
    }),
  );
});
