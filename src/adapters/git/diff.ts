/** What differs between two commits or trees: the patch for people, names and numbers for the engine. */
import type { Changes, Diff } from '../../activities/ports/workspaces-port.ts';
import { objectId } from './objects.ts';
import { type GitPlace, git } from './run-git.ts';

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** What several steps of a task ask about the same two commits, and a few tasks at once. */
const REMEMBERED_MAX = 50;
/** A list that is longer is not worth its memory. */
const FILES_REMEMBERED_MAX = 1_000;

/** Remembers the last answers: what differs between two objects never changes. `from`, `to`: by their whole ids. */
export function createComparisons() {
  const known = new Map<string, Changes>();
  async function changes(place: GitPlace, from: string, to: string): Promise<Changes> {
    const range = [objectId(from), objectId(to)];
    const key = range.join('..');
    const before = known.get(key);
    if (before !== undefined) return before;
    const { stdout } = await git(place, [...DIFF, '--raw', '--numstat', '-z', ...range]);
    const found = parseNames(stdout.toString('utf8'));
    if (found.files.length <= FILES_REMEMBERED_MAX) known.set(key, found);
    for (const oldest of [...known.keys()].slice(0, -REMEMBERED_MAX)) known.delete(oldest);
    return found;
  }
  async function diff(place: GitPlace, from: string, to: string): Promise<Diff> {
    const [named, patch] = await Promise.all([
      changes(place, from, to),
      // Without -z, so that a file name with line ends in it comes quoted and cannot pass for lines of the patch. Whole
      // object names, by which `git apply` finds what it starts from, and binary files with their content.
      git(place, [...DIFF, '--patch', '--full-index', '--binary', objectId(from), objectId(to)]),
    ]);
    return { patch: patch.stdout, ...named };
  }
  return { changes, diff };
}

const STATUS = { A: 'added', D: 'deleted' } as const;

/**
 * Pure: `:<mode> <mode> <id> <id> <letter>` and the path of each file, then `<added>⇥<removed>⇥<path>` of each, all
 * ended by NUL. A binary file has `-` for its numbers.
 */
export function parseNames(text: string): Changes {
  const fields = text.split('\0');
  const files: Changes['files'][number][] = [];
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
