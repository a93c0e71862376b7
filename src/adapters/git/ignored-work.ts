/**
 * Files that git ignores are the agent's work where it has committed or staged them (`git add -f`, `git mv`), and are none
 * where it has taken them out (`git rm --cached`). Its commits and its index are believed about names alone, and only about
 * those of files in the worktree; what they hold is read there.
 */
import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isCode, kindInside } from '../files/without-links.ts';
import { agentEntries } from './agent-index.ts';
import { readHead, readRef } from './distrusted-refs.ts';
import { entriesIn, type IndexEntry } from './index-entries.ts';
import { placeOf } from './mirror.ts';
import { asLines, leadsElsewhere, linesIn, textOf } from './path-bytes.ts';
import { type RawChange, rawChanges } from './raw-changes.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import { gitDirOf, type Space } from './space.ts';
import { ignoredOf } from './stage.ts';
import { entriesOf } from './tree-entries.ts';

/**
 * Of a staged tree: the one that goes by what the agent has staged of what is ignored. Leaves it in the index. Where its
 * index differs in nothing, no git is started.
 * @param parent commit that the agent began with
 * @param tolerant whether what cannot be taken is left out
 */
export async function withStaged(
  space: Space,
  place: GitPlace,
  staged: string,
  parent: string,
  tolerant: boolean,
): Promise<string> {
  const names = await namesInIndex(space);
  const own = await ownIndex(place);
  if (names === undefined || own === undefined) return staged;
  const known = new Set(own.map(({ path }) => path));
  const forced = await filesIn(
    place.cwd,
    names.toCommit.filter((path) => !known.has(path)),
  );
  const lacking = [...known].filter((path) => !names.all.has(path));
  const dropped = await droppedOf(space, lacking, parent);
  return changed(place, staged, { add: forced, remove: dropped }, tolerant);
}

/**
 * About a file that is ignored its last commit by the agent says whether it belongs to the work: one that it has added by
 * force does, one that it tracks no more does not. Answers the tree, and leaves it in the index.
 * @param staged tree of all that is in the index
 */
export async function withIgnored(
  space: Space,
  place: GitPlace,
  staged: string,
  agents: string,
): Promise<string> {
  const args = ['diff-tree', '-r', '--raw', '--no-renames', '-z', agents, staged];
  const changes = rawChanges(linesIn((await git(place, args)).stdout));
  // What it has added since does belong.
  const held = await namesInIndex(space);
  const lost = await filesIn(place.cwd, pathsOf(changes, 'D'));
  const regained = pathsOf(changes, 'A').filter((path) => held?.all.has(path) !== true);
  return changed(place, staged, { add: lost, remove: regained }, false);
}

const pathsOf = (changes: readonly RawChange[], wanted: string): string[] =>
  changes.filter(({ letter }) => letter === wanted).map(({ path }) => path);

/** Of paths those that are ignored are added to what is staged, or removed from it. */
async function changed(
  place: GitPlace,
  staged: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  tolerant: boolean,
): Promise<string> {
  const ignored = await ignoredOf(place, [...add, ...remove]);
  if (ignored.size === 0) return staged;
  const update = async (option: string, paths: readonly string[]) => {
    const input = asLines(paths.filter((path) => ignored.has(path)));
    // What is gone by now is left out.
    if (input.length > 0) await git(place, ['update-index', option, '--remove', '-z', '--stdin'], { input });
  };
  try {
    await update('--add', add);
  } catch (error) {
    if (!tolerant) throw error;
  }
  await update('--force-remove', remove);
  return gitLine(place, ['write-tree']);
}

/** Undefined where nothing was ever staged. */
async function ownIndex(place: GitPlace): Promise<readonly IndexEntry[] | undefined> {
  try {
    return entriesIn(await readFile(place.env?.GIT_INDEX_FILE ?? ''));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

interface Names {
  readonly all: ReadonlySet<string>;
  /** Those that a commit of it would hold. */
  readonly toCommit: readonly string[];
}

const FOLDER = 0o040000;

/** Paths in the agent's index, as latin1; undefined where it does not say all of them. */
async function namesInIndex(space: Space): Promise<Names | undefined> {
  const entries = await agentEntries(space);
  // A sparse index has a folder for all that is in it.
  if (entries === undefined || entries.some(({ mode }) => mode === FOLDER)) return undefined;
  return {
    all: new Set(entries.map(({ path }) => path)),
    toCommit: entries.flatMap(({ path, isIntended }) => (isIntended ? [] : [path])),
  };
}

/** Of paths those of files and links in the worktree, none of them behind a link. */
async function filesIn(worktree: string, paths: readonly string[]): Promise<readonly string[]> {
  const kinds = await Promise.all(paths.map((path) => leafKind(worktree, path)));
  return paths.filter((_, at) => kinds[at]?.isFile() === true || kinds[at]?.isSymbolicLink() === true);
}

async function leafKind(worktree: string, path: string): Promise<Stats | undefined> {
  if (leadsElsewhere(path)) return undefined;
  try {
    return await kindInside(worktree, textOf(path));
  } catch (error) {
    if (isCode(error, 'EACCES', 'EPERM', 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

/** Of paths that are not in the agent's index, those that were when it began; none where its branch is elsewhere by now. */
async function droppedOf(space: Space, paths: readonly string[], parent: string): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const gitDir = gitDirOf(space);
  const { branch } = space.refs;
  const [head, at] = await Promise.all([readHead(gitDir), readRef(gitDir, branch)]);
  if (head !== branch || at !== parent) return [];
  const began = await entriesOf(placeOf(space.mirror), parent);
  return paths.filter((path) => began.has(path));
}
