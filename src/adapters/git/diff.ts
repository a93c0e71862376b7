/** What differs between two commits or trees: the patch for people, names and numbers for the engine. */
import { setImmediate } from 'node:timers/promises';
import type { Changes } from '../../activities/ports/commits-port.ts';
import type { Diff } from '../../activities/ports/workspaces-port.ts';
import { type ChangedFile, LARGE_BYTES, leadsOut, remarksOn } from '../../domain/remarks.ts';
import { findSecrets } from '../secrets/find-secrets.ts';
import { addedLines } from './added-lines.ts';
import { firstMarkerIn } from './added-markers.ts';
import { namesakesOf } from './alike-names.ts';
import { changeDigest } from './change-digest.ts';
import { objectId } from './objects.ts';
import { GITLINK, LINK, rawChanges } from './raw-changes.ts';
import { readObjects, sizesOf } from './read-objects.ts';
import { type GitPlace, git } from './run-git.ts';

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** What several steps of a task ask about the same two commits, and a few tasks at once. */
const REMEMBERED_MAX = 50;
/** A list that is longer is not worth its memory. */
const FILES_REMEMBERED_MAX = 1_000;

/** Remembers the last answers: what differs between two objects never changes. `from`, `to`: by their whole ids. */
export function createComparisons() {
  const known = new Map<string, Named>();
  async function named(place: GitPlace, from: string, to: string): Promise<Named> {
    const range = [objectId(from), objectId(to)];
    const key = range.join('..');
    const before = known.get(key);
    if (before !== undefined) return before;
    const { stdout } = await git(place, [...DIFF, '--raw', '--no-abbrev', '--numstat', '-z', ...range]);
    const found = parseNames(stdout.toString('utf8'));
    if (found.entries.length <= FILES_REMEMBERED_MAX) known.set(key, found);
    for (const oldest of [...known.keys()].slice(0, -REMEMBERED_MAX)) known.delete(oldest);
    return found;
  }
  async function diff(
    place: GitPlace,
    from: string,
    to: string,
    filters: ReadonlyMap<string, string> = new Map(),
  ): Promise<Diff> {
    const [names, patch] = await Promise.all([named(place, from, to), patchBetween(place, from, to)]);
    const files = await changedFiles(place, names.entries, patch.length >= LARGE_BYTES);
    const added = await withAdded(files, names.entries, patch);
    const isNew = ({ status }: Entry) => status === 'added';
    const newPaths = names.entries.filter(isNew).map(({ path }) => path);
    const namesakes = await namesakesOf(place, objectId(to), newPaths);
    const remarks = remarksOn(
      added.map((file) => {
        const [filter, namesake] = [filters.get(file.path), namesakes.get(file.path)];
        const ofFilter = filter === undefined ? {} : { filter };
        return { ...file, ...ofFilter, ...(namesake === undefined ? {} : { namesake }) };
      }),
    );
    return { patch, ...changesOf(names), change: changeDigest(patch), remarks };
  }
  async function linksOut(place: GitPlace, from: string, to: string): Promise<readonly string[]> {
    const { entries } = await named(place, from, to);
    const links = entries.filter(({ status, mode }) => status !== 'deleted' && mode === LINK);
    const files = await changedFiles(place, links, false);
    return files.flatMap(({ path, target = '' }) => (leadsOut(path, target) ? [`${path} -> ${target}`] : []));
  }
  return {
    diff,
    linksOut,
    changes: async (place: GitPlace, from: string, to: string): Promise<Changes> =>
      changesOf(await named(place, from, to)),
  };
}

/**
 * Without -z, so that a file name with line ends in it comes quoted and cannot pass for lines of the patch. Whole object
 * names, by which `git apply` finds what it starts from, and binary files with their content.
 */
export async function patchBetween(place: GitPlace, from: string, to: string): Promise<Buffer> {
  const how = ['--patch', '--full-index', '--binary'];
  return (await git(place, [...DIFF, ...how, objectId(from), objectId(to)])).stdout;
}

/** One changed path, as git tells it. */
interface Entry {
  readonly path: string;
  readonly status: Changes['files'][number]['status'];
  /** As the change leaves it. */
  readonly mode: string;
  readonly oid: string;
  readonly binary: boolean;
}

interface Named {
  readonly entries: readonly Entry[];
  readonly insertions: number;
  readonly deletions: number;
}

const changesOf = ({ entries, insertions, deletions }: Named): Changes => ({
  files: entries.map(({ path, status }) => ({ path, status })),
  insertions,
  deletions,
});

/** What is left of a change, with what only the objects tell. No git is started where a look at the patch is enough. */
async function changedFiles(
  place: GitPlace,
  entries: readonly Entry[],
  mayBeLarge: boolean,
): Promise<readonly ChangedFile[]> {
  const left = entries.filter(({ status }) => status !== 'deleted');
  const isSized = ({ mode, binary }: Entry) => (binary || mayBeLarge) && mode !== GITLINK && mode !== LINK;
  const [sizes, links] = await Promise.all([
    sizesOf(
      place,
      left.filter(isSized).map(({ oid }) => oid),
    ),
    readObjects(
      place,
      left.filter(({ mode }) => mode === LINK).map(({ oid }) => oid),
    ),
  ]);
  const targets = new Map(links.map((link) => [link?.oid, link?.content.toString('utf8')]));
  return left.map(({ path, mode, oid, binary }) => {
    const [bytes, target] = [sizes.get(oid), targets.get(oid)];
    const kind = mode === LINK ? 'link' : mode === GITLINK ? 'submodule' : 'file';
    return {
      ...{ path, kind, binary },
      ...(bytes === undefined ? {} : { bytes }),
      ...(kind !== 'link' || target === undefined ? {} : { target }),
    };
  });
}

/** With what the lines hold that the change adds. @param files those of the entries that are left by it */
async function withAdded(
  files: readonly ChangedFile[],
  entries: readonly Entry[],
  patch: Buffer,
): Promise<readonly ChangedFile[]> {
  const oids = new Map(entries.map(({ path, oid }) => [path, oid]));
  const added = addedLines(patch);
  const found: ChangedFile[] = [];
  for (const file of files) {
    const lines = added.get(oids.get(file.path) ?? '') ?? NOTHING_ADDED;
    const { text, numbers } = lines;
    const conflict = firstMarkerIn(lines);
    const [, size] = POINTER_LINES.exec(text) ?? [];
    const ofLfs = size === undefined || file.kind !== 'file' ? {} : { lfsBytes: Number(size) };
    const conflicts = conflict === undefined ? {} : { conflict };
    found.push({ ...file, ...ofLfs, ...conflicts, secrets: await secretsIn(text, numbers) });
  }
  return found;
}

/** What is added where a file becomes a pointer of Git LFS, or another one. */
const POINTER_LINES = /^(?:version https?:\/\/.*\n)?oid sha256:[0-9a-f]{64}\nsize (\d{1,15})\n?$/;

const NOTHING_ADDED = { text: '', numbers: [] };

async function secretsIn(text: string, numbers: readonly number[]) {
  if (text === '' || text.length >= LARGE_BYTES) return [];
  // Each may take a tenth of a second, in which nothing else runs.
  await setImmediate();
  return (await findSecrets(text)).map(({ line, kind }) => ({ line: numbers[line - 1] ?? line, kind }));
}

const STATUS = { A: 'added', D: 'deleted' } as const;

/**
 * Pure: the raw changes, then `<added>⇥<removed>⇥<path>` of each in the same
 * order, all ended by NUL. A binary file has `-` for its numbers.
 */
export function parseNames(text: string): Named {
  const fields = text.split('\0');
  const raw = rawChanges(fields);
  const numbers = fields.slice(2 * raw.length).map((field) => field.split('\t'));
  let insertions = 0;
  let deletions = 0;
  for (const [added, removed] of numbers) {
    insertions += Number.parseInt(added ?? '', 10) || 0;
    deletions += Number.parseInt(removed ?? '', 10) || 0;
  }
  const entries = raw.map(({ path, letter, after }, at): Entry => {
    const status = letter === 'A' || letter === 'D' ? STATUS[letter] : 'modified';
    return { path, status, ...after, binary: numbers[at]?.[0] === '-' };
  });
  return { entries, insertions, deletions };
}
