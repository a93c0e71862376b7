/** Conflicts of a task's branch with its base, one for every kind that git knows. */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { commitFiles, newWorld, put, SEED } from '../scratch-repository.ts';

type Side = (folder: string) => void;

export const writes =
  (files: Readonly<Record<string, string>>): Side =>
  (folder) =>
    put(folder, files);
export const removes =
  (path: string): Side =>
  (folder) =>
    rmSync(join(folder, path), { recursive: true });
const links =
  (path: string, to: string): Side =>
  (folder) => {
    rmSync(join(folder, path), { force: true });
    symlinkSync(to, join(folder, path));
  };
export const moves =
  (path: string, to: string): Side =>
  (folder) =>
    renameSync(join(folder, path), join(folder, to));

const LINES = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
const FILES = {
  ...SEED,
  'bytes.bin': '\0old',
  'long.txt': LINES,
  'kept.md': '<<<<<<< ours\n=======\n>>>>>>> x\n',
};

export interface Kind {
  readonly name: string;
  readonly task: Side;
  readonly person: Side;
  readonly files: readonly string[];
}
export const KINDS: readonly Kind[] = [
  {
    name: 'of lines',
    task: writes({ 'a.txt': 'task\n' }),
    person: writes({ 'a.txt': 'person\n' }),
    files: ['a.txt'],
  },
  {
    name: 'of bytes',
    task: writes({ 'bytes.bin': '\0task' }),
    person: writes({ 'bytes.bin': '\0person' }),
    files: ['bytes.bin'],
  },
  {
    name: 'of a file that the task deletes',
    task: removes('a.txt'),
    person: writes({ 'a.txt': 'person\n' }),
    files: ['a.txt'],
  },
  {
    name: 'of a file that the person deletes',
    task: writes({ 'a.txt': 'task\n' }),
    person: removes('a.txt'),
    files: ['a.txt'],
  },
  {
    name: 'of links',
    task: links('link', 'a.txt'),
    person: links('link', 'src'),
    files: ['link'],
  },
  {
    name: 'of a file and a folder',
    task: writes({ spot: 'a file\n' }),
    person: writes({ 'spot/in': 'a folder\n' }),
    files: [expect.stringMatching(/^spot~[0-9a-f]{40}$/)],
  },
  {
    name: 'of two new names',
    task: moves('long.txt', 'by-task.txt'),
    person: moves('long.txt', 'by-person.txt'),
    files: ['by-person.txt', 'by-task.txt'],
  },
  {
    name: 'of an attribute that forbids to merge',
    task: writes({ 'a.txt': 'task\n' }),
    person: writes({ 'a.txt': 'person\n', '.gitattributes': 'a.txt -merge\n' }),
    files: ['a.txt'],
  },
  {
    name: 'of lines with short markers',
    task: writes({ 'a.txt': 'task\n' }),
    person: writes({ 'a.txt': 'person\n', '.gitattributes': 'a.txt conflict-marker-size=2\n' }),
    files: ['a.txt'],
  },
];

/** A task whose branch conflicts with its base. */
export async function conflicting({ task: byTask, person }: Pick<Kind, 'task' | 'person'>) {
  const world = newWorld(FILES);
  const { workspaces, task, repository } = world;
  const { path } = await workspaces.prepare(task);
  byTask(path);
  const head = (await workspaces.commit(task, 'work', `${task.id}/1/commit`)) ?? '';
  person(repository);
  const base = commitFiles(repository, {});
  const joined = await workspaces.mergeBase(task, head, world.baseCommit, base);
  if (joined.kind !== 'conflict') throw new Error('expected a conflict');
  const commit = (number: number) => workspaces.commit(task, 'solved', `${task.id}/${number}/commit`);
  return { ...world, path, head, base, commit };
}

export const unsolved = (files: readonly string[]) => ({ name: 'UnsolvedConflict', code: 'conflict', files });
