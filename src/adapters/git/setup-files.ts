/**
 * What set-up leaves in a workspace and git does not ignore (a lock file, generated code). It is neither the agent's work nor
 * in a commit, unless the agent changes it further; and it is there again whenever the files are put back to a commit.
 */
import { readRef } from './distrusted-refs.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { git } from './run-git.ts';
import { type Space, withIndex } from './space.ts';
import { stageAll } from './stage.ts';
import { entriesOf, treeWith } from './tree-entries.ts';

/** `<mode> <object>` of a path, as latin1, in the base and as set-up left it; undefined where it is not there. */
interface SetupChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** From now on what differs from the base is what set-up left. Only before an agent has worked. Running it twice changes nothing. */
export async function noteSetup(space: Space): Promise<void> {
  const tree = await withIndex(space, (place) => stageAll(place, space.refs.tip, true));
  await updateRefs(space.mirror, [{ ref: space.refs.setup, to: tree }]);
}

/** A tree of the workspace without what set-up left and nobody has changed since. */
export async function withoutSetup(space: Space, tree: string): Promise<string> {
  const changes = await changesOf(space);
  if (changes.length === 0) return tree;
  const entries = await entriesOf(placeOf(space.mirror), tree);
  const left = changes.filter(({ path, after }) => entries.get(path) === after);
  return treeWith(space, tree, new Map(left.map(({ path, before }) => [path, before])));
}

/** A commit or tree with what set-up left, where it is as in the base. */
export async function withSetup(space: Space, treeish: string): Promise<string> {
  const changes = await changesOf(space);
  if (changes.length === 0) return treeish;
  const entries = await entriesOf(placeOf(space.mirror), treeish);
  const missing = changes.filter(({ path, before }) => entries.get(path) === before);
  return treeWith(space, treeish, new Map(missing.map(({ path, after }) => [path, after])));
}

async function changesOf({ mirror, refs }: Space): Promise<readonly SetupChange[]> {
  const [base, setup] = await Promise.all([readRef(mirror, refs.base), readRef(mirror, refs.setup)]);
  // Noted by no set-up, or by an engine before this one.
  if (base === undefined || setup === undefined || base === setup) return [];
  const args = ['diff-tree', '-r', '--raw', '--no-abbrev', '--no-renames', '-z', base, setup];
  const fields = (await git(placeOf(mirror), args)).stdout.toString('latin1').split('\0');
  return fields.flatMap((field, at) => {
    if (!field.startsWith(':') || at % 2 === 1) return [];
    const [was = '', is = '', from = '', to = ''] = field.slice(1).split(' ');
    return [{ path: fields[at + 1] ?? '', before: entryOf(was, from), after: entryOf(is, to) }];
  });
}

const entryOf = (mode: string, oid: string): string | undefined =>
  mode === '000000' ? undefined : `${mode} ${oid}`;
