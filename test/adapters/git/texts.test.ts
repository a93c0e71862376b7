/** Texts of many files of a commit, read at one go. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newWorld, workOn } from '../scratch-repository.ts';

it('are those of the files that are there, by any name, in that commit', async () => {
  const world = newWorld({
    'a.txt': 'a',
    'b c/ä: ".txt': 'b',
    'empty.txt': '',
    'large.txt': 'x'.repeat(2_000_000),
  });
  const { task, workspaces } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  symlinkSync('a.txt', join(path, 'link'));
  const { commit } = await workOn(world, task, { 'a.txt': 'other' });
  const wanted = [
    'a.txt',
    'b c/ä: ".txt',
    'empty.txt',
    'large.txt',
    'b c',
    'gone.txt',
    'x\ny',
    'link',
    '../a.txt',
    '/a.txt',
    '',
  ];
  const read = async (of: string) => {
    const texts = await workspaces.textsAt(task, of, wanted);
    return [...texts].map(([name, text]) => [name, text.length > 9 ? text.length : text]);
  };
  const others = [
    ['b c/ä: ".txt', 'b'],
    ['empty.txt', ''],
    ['large.txt', 1024 * 1024],
  ];
  expect(await read(baseCommit)).toEqual([['a.txt', 'a'], ...others]);
  // Of a link where it leads, never what is there.
  expect(await read(commit)).toEqual([['a.txt', 'other'], ...others, ['link', 'a.txt']]);
  expect(await read(baseCommit)).toEqual([['a.txt', 'a'], ...others]);
  expect(await workspaces.textsAt(task, baseCommit, [])).toEqual(new Map());
});
