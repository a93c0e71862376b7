/**
 * What set-up leaves in a workspace and git does not ignore (a lock file, generated code). It is neither the agent's work nor
 * in a commit, unless the agent changes it further; and it is there again whenever the files are put back to a commit.
 */
import { stageWork } from './copied.ts';
import { readHead, readRef } from './distrusted-refs.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { dress } from './own-repository.ts';
import { linesIn } from './path-bytes.ts';
import { rawChanges, type Version } from './raw-changes.ts';
import { git } from './run-git.ts';
import { gitDirOf, type Space, withIndex } from './space.ts';
import { entriesOf, treeWith } from './tree-entries.ts';

/** `<mode> <object>` of a path, as latin1, as set-up found and as it left it; undefined where it is not there. */
interface SetupChange extends Readonly<Record<Moment, string | undefined>> {
  readonly path: string;
}

/**
 * From now on what differs from the base is what set-up left. Only before an agent has worked. Running it twice changes nothing.
 * Where set-up has committed, its files stay and the branch goes back: the agent begins at the base.
 */
export async function noteSetup(space: Space): Promise<void> {
  const { mirror, refs } = space;
  const tree = await withIndex(space, (place) => stageWork(space, place, refs.tip, true));
  await updateRefs(mirror, [{ ref: refs.setup, to: tree }]);
  const gitDir = gitDirOf(space);
  const [tip, branch, head] = await Promise.all([
    readRef(mirror, refs.tip),
    readRef(gitDir, refs.branch),
    readHead(gitDir),
  ]);
  if (head !== refs.branch || branch !== tip) await dress(space, tip);
}

/** A tree of the workspace without what set-up left and nobody has changed since. */
export const withoutSetup = (space: Space, tree: string): Promise<string> =>
  exchanged(space, tree, 'after', 'before');

/** A commit or tree with what set-up left, where it is as set-up found it. */
export const withSetup = (space: Space, treeish: string): Promise<string> =>
  exchanged(space, treeish, 'before', 'after');

/** Paths, as latin1, of files that set-up changed or left, and git does not ignore. */
export const changedBySetup = async (space: Space): Promise<readonly string[]> =>
  (await changesOf(space)).map(({ path }) => path);

type Moment = 'before' | 'after';

/** What is as it was at one moment of set-up, as it was at the other. */
async function exchanged(space: Space, treeish: string, is: Moment, becomes: Moment): Promise<string> {
  const changes = await changesOf(space);
  if (changes.length === 0) return treeish;
  const entries = await entriesOf(placeOf(space.mirror), treeish);
  const alike = changes.filter((change) => entries.get(change.path) === change[is]);
  return treeWith(space, treeish, new Map(alike.map((change) => [change.path, change[becomes]])));
}

async function changesOf({ mirror, refs, foundRef }: Space): Promise<readonly SetupChange[]> {
  const [found, left] = await Promise.all([readRef(mirror, foundRef), readRef(mirror, refs.setup)]);
  // Noted by no set-up, or by an engine before this one.
  if (found === undefined || left === undefined || found === left) return [];
  const args = ['diff-tree', '-r', '--raw', '--no-abbrev', '--no-renames', '-z', found, left];
  const { stdout } = await git(placeOf(mirror), args);
  return rawChanges(linesIn(stdout)).map(({ path, before, after }) => ({
    path,
    before: entryOf(before),
    after: entryOf(after),
  }));
}

const entryOf = ({ mode, oid }: Version): string | undefined =>
  mode === '000000' ? undefined : `${mode} ${oid}`;
