/** Files of a workspace and differences between commits. Nothing here follows a link out of the workspace. */

import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Diff } from '../../activities/ports.ts';
import { git } from './git.ts';
import type { Mirror } from './mirror.ts';
import type { Worktree } from './worktree.ts';

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-commit-id'];
const STATUSES = { A: 'added', D: 'deleted' } as const;

/** The difference between two commits or trees; `withPatch` false leaves the patch empty, for who only needs names. */
export async function diffOf({ place }: Mirror, from: string, to: string, withPatch: boolean): Promise<Diff> {
  const [{ out: names }, patch] = await Promise.all([
    git(place, [...DIFF, '--raw', '--numstat', '-z', from, to]),
    withPatch ? git(place, [...DIFF, '-p', '--binary', from, to]) : undefined,
  ]);
  return { patch: patch?.out ?? '', ...readNames(names.split('\0')) };
}

/** `:<mode> <mode> <id> <id> <letter>`, `<path>`, … and then `<added>\t<deleted>\t<path>`, …; `-` counts a binary. */
function readNames(fields: readonly string[]): Omit<Diff, 'patch'> {
  const files: { path: string; status: Diff['files'][number]['status'] }[] = [];
  let insertions = 0;
  let deletions = 0;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const letter = field.at(-1);
      at += 1;
      files.push({
        path: fields[at] ?? '',
        status: letter === 'A' || letter === 'D' ? STATUSES[letter] : 'modified',
      });
    } else if (field !== '') {
      const [added, deleted] = field.split('\t');
      insertions += Number(added) || 0;
      deletions += Number(deleted) || 0;
    }
  }
  return { files, insertions, deletions };
}

/** See `Workspaces.overlay`. git itself takes away a link that stands where a folder has to be. */
export async function overlayFrom(
  worktree: Worktree,
  commit: string,
  paths: readonly string[],
): Promise<void> {
  const index = join(worktree.admin, `pawl-index-${randomUUID()}`);
  const environment = { GIT_INDEX_FILE: index };
  try {
    await git(worktree.place, ['read-tree', commit], { environment });
    const { out } = await git(worktree.place, ['ls-files', '-z', '--', ...paths], { environment });
    const there = new Set(out.split('\0').filter((path) => path !== ''));
    for (const path of paths.filter((one) => !there.has(one))) await removeInside(worktree.path, path);
    const input = [...there].join('\0');
    await git(worktree.place, ['checkout-index', '--force', '-z', '--stdin'], { environment, input });
  } finally {
    await rm(index, { force: true });
  }
}

/** See `Workspaces.write`. @throws Error when the folder of `path` is not really inside `root` */
export async function writeInside(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  const target = await insideOf(root, path);
  await rm(target, { force: true });
  // Exclusive: a link that appeared meanwhile makes this fail instead of being followed.
  await writeFile(target, text, { flag: 'wx' });
}

async function removeInside(root: string, path: string): Promise<void> {
  await rm(await insideOf(root, path), { force: true });
}

async function insideOf(root: string, path: string): Promise<string> {
  const target = join(root, path);
  const [top, folder] = await Promise.all([realpath(root), realpath(dirname(target))]);
  if (folder !== top && !folder.startsWith(top + sep)) throw new Error(`${path} leads out of the workspace`);
  return target;
}
