/**
 * What stands in the working tree where a submodule is or was, put into an index of the engine's. Its own index does not know
 * what an agent has added, moved or taken out: the agent's says so, and what an agent may have written there is looked at.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isGitlink } from '../../domain/gitlink-places.ts';
import { namesIn } from '../files/folder-names.ts';
import { folderInside, isCode, kindOf } from '../files/without-links.ts';
import { askAgentIndex } from './agent-index.ts';
import { bytesIn } from './distrusted-refs.ts';
import { commitAt, isKeptAsModule } from './gitlinks.ts';
import { pathsNamedIn } from './gitmodules.ts';
import { NO_OBJECT } from './objects.ts';
import { asLines, bytesOf, leadsElsewhere, linesIn, textOf } from './path-bytes.ts';
import { GITLINK } from './raw-changes.ts';
import { GitError, type GitPlace, git } from './run-git.ts';
import type { Space } from './space.ts';
import { entriesOf } from './tree-entries.ts';

/** Paths as latin1. */
export interface StagedGitlinks {
  /** Folders that are submodules. Git need not look into them, and would start another git there. */
  readonly submodules: readonly string[];
  /** Folders that were, and have a repository still, or what is left of one: their files count. */
  readonly others: readonly string[];
}

/**
 * Submodules whose folder is none any more are left to `git add`.
 * @param space undefined where no agent has an index
 * @param parent commit of which the agent has taken some out
 */
export async function stageGitlinks(
  place: GitPlace,
  space: Space | undefined,
  parent: string,
): Promise<StagedGitlinks> {
  const known = await knownIn(place);
  const indexed = space === undefined ? undefined : await indexedBy(space, known);
  const folders = await foldersOf(place, known, indexed);
  if (folders.length === 0) return { submodules: [], others: [] };
  const is = await gitlinksAmong(place, folders, parent);
  const submodules = folders.filter(is);
  const moved = submodules.filter((one) => known.get(one.path) !== one.oid);
  const others = folders.filter((one) => one.isKnown && !is(one));
  const entries = [
    ...others.map(({ path }) => `0 ${NO_OBJECT}\t${path}`),
    ...moved.filter(({ isKnown }) => isKnown).map(entryOf),
  ];
  const own = moved.filter(({ isKnown }) => !isKnown);
  const taken = await updated(place, entries, own.map(entryOf));
  return {
    submodules: pathsOf(taken ? submodules : submodules.filter(({ isKnown }) => isKnown)),
    others: pathsOf(others.filter(({ hasGit }) => hasGit)),
  };
}

const pathsOf = (folders: readonly Folder[]) => folders.map(({ path }) => path);
const entryOf = ({ oid, path }: Folder): string => `${GITLINK} ${oid}\t${path}`;

/** Answers whether git takes the agent's as well: it may have names that no commit can hold. */
async function updated(place: GitPlace, entries: readonly string[], agents: readonly string[]) {
  if (entries.length + agents.length === 0) return true;
  const update = (lines: readonly string[]) =>
    git(place, ['update-index', '-z', '--index-info'], { input: asLines(lines) });
  try {
    await update([...entries, ...agents]);
    return true;
  } catch (error) {
    if (!(error instanceof GitError) || agents.length === 0) throw error;
    if (entries.length > 0) await update(entries);
    return false;
  }
}

/** Commits by path, as latin1. */
type Gitlinks = ReadonlyMap<string, string>;

async function knownIn(place: GitPlace): Promise<Gitlinks> {
  if (!(await mayHoldGitlink(place.env?.GIT_INDEX_FILE))) return new Map();
  const { stdout } = await git(place, ['ls-files', '--stage', '-z']);
  return gitlinksIn(linesIn(stdout));
}

/** An index has the mode of each entry as these bytes; where there are none, no git need be asked. */
const MODE = Buffer.from([0, 0, 0xe0, 0]);

async function mayHoldGitlink(index: string | undefined): Promise<boolean> {
  if (index === undefined) return true;
  try {
    return (await readFile(index)).includes(MODE);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** `<mode> <object> <stage>`, a tab, the path. */
const LINE = new RegExp(`^${GITLINK} ([0-9a-f]+) (\\d)\\t(.*)$`, 's');

function gitlinksIn(lines: readonly string[]): Gitlinks {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, oid, stage, path] = LINE.exec(line) ?? [];
    if (oid === undefined || path === undefined || !isPlain(path)) continue;
    // Of a conflict, the agent's own side.
    if (stage === '0' || stage === '2' || !found.has(path)) found.set(path, oid);
  }
  return found;
}

const isPlain = (path: string): boolean => bytesOf(textOf(path)) === path && !leadsElsewhere(path);

/** What the agent's index says. */
interface Indexed {
  readonly gitlinks: Gitlinks;
  /** Those known in whose place it has files. */
  readonly files: ReadonlySet<string>;
}

async function indexedBy(space: Space, known: Gitlinks): Promise<Indexed | undefined> {
  const isAsked = (index: Buffer) => known.size > 0 || index.includes(MODE);
  const lines = await askAgentIndex(space, ['--stage'], isAsked);
  if (lines === undefined) return undefined;
  const paths = lines.map((line) => line.slice(line.indexOf('\t') + 1));
  const files = [...known.keys()].filter((path) => paths.some((one) => one.startsWith(`${path}/`)));
  return { gitlinks: gitlinksIn(lines), files: new Set(files) };
}

/** Of those that only an agent's index has: each is a path for git to leave out, which it compares with every file. */
const AGENTS_MAX = 1_000;

interface Folder {
  readonly path: string;
  /** The commit at which it is. */
  readonly oid: string;
  readonly isKnown: boolean;
  readonly indexed: 'gitlink' | 'files' | 'nothing' | undefined;
  readonly holds: 'nothing' | 'files' | 'repository';
  readonly hasGit: boolean;
  readonly isKept: boolean;
}

async function foldersOf(
  place: GitPlace,
  known: Gitlinks,
  indexed: Indexed | undefined,
): Promise<readonly Folder[]> {
  const found: Folder[] = [];
  const agents = [...(indexed?.gitlinks.keys() ?? [])].filter((path) => !known.has(path));
  for (const path of [...known.keys(), ...agents.slice(0, AGENTS_MAX)]) {
    const folder = await folderInside(place.cwd, textOf(path));
    if (folder === undefined) continue;
    const commit = await commitAt(place.cwd, textOf(path));
    const oid = commit ?? named(indexed?.gitlinks.get(path)) ?? known.get(path);
    if (oid === undefined) continue;
    const dotGit = join(folder, '.git');
    found.push({
      path,
      oid,
      isKnown: known.has(path),
      indexed: indexed && kindIn(indexed, path),
      holds: commit !== undefined ? 'repository' : (await isEmpty(folder)) ? 'nothing' : 'files',
      hasGit: (await kindOf(dotGit)) !== undefined,
      isKept: await isKeptAsModule(dotGit),
    });
  }
  return found;
}

const named = (oid: string | undefined): string | undefined => (oid === NO_OBJECT ? undefined : oid);

const kindIn = ({ gitlinks, files }: Indexed, path: string) =>
  files.has(path) ? 'files' : gitlinks.has(path) ? 'gitlink' : 'nothing';

const isEmpty = async (folder: string): Promise<boolean> =>
  (await namesIn(folder)).every((name) => name === '.git');

/** `.gitmodules` and the commit are read only where they tell them apart. */
async function gitlinksAmong(
  place: GitPlace,
  folders: readonly Folder[],
  parent: string,
): Promise<(folder: Folder) => boolean> {
  const taken = folders.filter(({ indexed, isKept }) => indexed === 'nothing' && isKept);
  const isTakenOut = await takenOut(place, taken, parent);
  const among = (isNamed: (one: Folder) => boolean) =>
    new Set(
      folders.filter((one) =>
        isGitlink({ ...one, isTakenOut: isTakenOut.has(one.path), isNamed: isNamed(one) }),
      ),
    );
  const [ifNamed, ifNot] = [among(() => true), among(() => false)];
  const names = ifNamed.size === ifNot.size ? undefined : await namesOf(place);
  const found = names === undefined ? ifNamed : among(({ path }) => names.has(path));
  return (one) => found.has(one);
}

async function takenOut(
  place: GitPlace,
  folders: readonly Folder[],
  parent: string,
): Promise<ReadonlySet<string>> {
  if (folders.length === 0) return new Set();
  const entries = await entriesOf(place, parent);
  const paths = pathsOf(folders).filter((path) => entries.get(path)?.startsWith(GITLINK));
  return new Set(paths);
}

const GITMODULES_BYTES_MAX = 1024 * 1024;

async function namesOf(place: GitPlace): Promise<ReadonlySet<string>> {
  const text = await bytesIn(place.cwd, '.gitmodules', GITMODULES_BYTES_MAX);
  return text === undefined ? new Set() : pathsNamedIn(place, text);
}
