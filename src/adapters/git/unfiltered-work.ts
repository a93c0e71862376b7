/** What an agent has written at files with a filter that only a person's own git may run, and that no commit of the engine's may bring. */
import { UnfilteredContent } from '../../activities/ports/workspaces-port.ts';
import type { Merging } from './merging.ts';
import { placeOf } from './mirror.ts';
import type { Commit } from './objects.ts';
import { git } from './run-git.ts';
import type { Space } from './space.ts';
import { entriesOf, treeWith } from './tree-entries.ts';
import { unfilteredIn, unfilteredWords } from './unfiltered.ts';

interface Work {
  readonly state: { readonly base: Commit; readonly tip: Commit };
  readonly tree: string;
  readonly merging?: Merging | undefined;
}

/** What the branch or the base has is in the history already. */
async function neededIn(space: Space, { state, tree, merging }: Work) {
  const known = [state.tip.oid, ...(merging === undefined ? [] : [merging.base])];
  return (await unfilteredIn(space, state.base.oid, tree, known)).filter(({ needed }) => needed);
}

/** @throws UnfilteredContent */
export async function expectFiltered(space: Space, work: Work): Promise<void> {
  const found = await neededIn(space, work);
  if (found.length > 0) throw new UnfilteredContent(unfilteredWords(found));
}

/** Such a file stays as on the branch. */
export async function withoutUnfiltered<W extends Work>(space: Space, work: W): Promise<W> {
  const found = await neededIn(space, work);
  if (found.length === 0) return work;
  const onBranch = await entriesOf(placeOf(space.mirror), work.state.tip.oid);
  const asOnBranch = new Map(found.map(({ path }) => [path, onBranch.get(path)]));
  return { ...work, tree: await treeWith(space, work.tree, asOnBranch) };
}

/** Commits of an agent's that are looked at; more are not built upon. */
const COMMITS_MAX = 100;

/** Whether commits past the task's own hold such a content: it would stay in the history, whatever the last of them has. */
export async function commitsUnfiltered(
  space: Space,
  state: Work['state'],
  commit: string,
): Promise<boolean> {
  const args = ['rev-list', `--max-count=${COMMITS_MAX + 1}`, commit, '--not', state.tip.oid];
  const { stdout } = await git(placeOf(space.mirror), args);
  const commits = stdout.toString('utf8').split('\n').filter(Boolean);
  if (commits.length > COMMITS_MAX) return true;
  for (const tree of commits) if ((await neededIn(space, { state, tree })).length > 0) return true;
  return false;
}
