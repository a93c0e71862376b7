/** What differs between two commits or trees: the patch for people, names and numbers for the engine. */
import type { Diff } from '../../activities/ports.ts';
import { type GitPlace, git } from '../git.ts';
import { objectId } from './objects.ts';

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** @param from,to commits or trees by their whole ids */
export async function diffBetween(place: GitPlace, from: string, to: string): Promise<Diff> {
  const range = [objectId(from), objectId(to)];
  const [named, patch] = await Promise.all([
    git(place, [...DIFF, '--raw', '--numstat', '-z', ...range]),
    // Without -z, so that a file name with line ends in it comes quoted and cannot pass for lines of the patch. Whole
    // object names, so that what a patch does not show (binary files) still decides about its digest.
    git(place, [...DIFF, '--patch', '--full-index', ...range]),
  ]);
  return { patch: patch.stdout.toString('utf8'), ...parseNames(named.stdout.toString('utf8')) };
}

const STATUS = { A: 'added', D: 'deleted' } as const;

/**
 * Pure: `:<mode> <mode> <id> <id> <letter>` and the path of each file, then `<added>⇥<removed>⇥<path>` of each, all
 * ended by NUL. A binary file has `-` for its numbers.
 */
export function parseNames(text: string): Omit<Diff, 'patch'> {
  const fields = text.split('\0');
  const files: Diff['files'][number][] = [];
  let at = 0;
  for (; fields[at]?.startsWith(':'); at += 2) {
    const letter = fields[at]?.at(-1);
    const status = letter === 'A' || letter === 'D' ? STATUS[letter] : 'modified';
    files.push({ path: fields[at + 1] ?? '', status });
  }
  let insertions = 0;
  let deletions = 0;
  for (const field of fields.slice(at)) {
    const [added, removed] = field.split('\t');
    insertions += Number.parseInt(added ?? '', 10) || 0;
    deletions += Number.parseInt(removed ?? '', 10) || 0;
  }
  return { files, insertions, deletions };
}
