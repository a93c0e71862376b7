/**
 * What an agent left that is not in its change, and what an earlier run of the task came to: kept by a ref of the mirror,
 * and as branches of the user's repository, `pawl/<task>.kept-<n>`. No id has a dot, so no task's own branch is called so.
 */
import type { Kept } from '../../activities/ports/workspaces-port.ts';
import { PawlError } from '../../domain/failures.ts';
import { branchOf, TaskId } from '../../domain/ids.ts';
import type { Repository } from '../repository/find-repository.ts';
import { hasCopied, holdsCopied } from './copied.ts';
import { readHead, readRef, readRefs, readStashes } from './distrusted-refs.ts';
import { giveContents } from './lfs-contents.ts';
import { placeOf, updateRefs } from './mirror.ts';
import { bringObjects, contains, NO_OBJECT } from './objects.ts';
import { ASIDE } from './own-repository.ts';
import { GitError, git } from './run-git.ts';
import { gitDirOf, type Space } from './space.ts';
import { takeSubmoduleCommits } from './submodule-commits.ts';
import { type Left, takeCommit } from './taken-commits.ts';
import { stateOf } from './task-branch.ts';

/** So many of them are kept; each costs a handful of starts of git. */
const LEFT_MAX = 50;

/** What the agent's refs name besides the task's own commits. Reads files only, so some of it may be in the change after all. */
export async function leftIn(space: Space): Promise<readonly Left[]> {
  const gitDir = gitDirOf(space);
  const { mirror, refs } = space;
  const [known, own, stashes, head] = await Promise.all([
    Promise.all([refs.tip, refs.base, refs.upstream].map((ref) => readRef(mirror, ref))),
    readRefs(gitDir),
    readStashes(gitDir),
    readHead(gitDir),
  ]);
  const branches = own.filter(({ ref }) => ref.startsWith(HEADS));
  const found: readonly Left[] = [
    ...branches.map(({ ref, oid }) => ({ oid, holds: `branch ${ref.slice(HEADS.length)}` })),
    ...stashes.map((oid) => ({ oid, holds: STASH })),
    ...(typeof head === 'object' ? [{ oid: head.oid, holds: 'a commit on no branch' }] : []),
    ...own.filter(({ ref }) => ref.startsWith(ASIDE)).map(({ oid }) => ({ oid, holds: CHECKED_OUT })),
  ];
  const first = new Map(found.toReversed().map((left) => [left.oid, left]));
  return found.filter((left) => first.get(left.oid) === left && !known.includes(left.oid)).slice(0, LEFT_MAX);
}

const HEADS = 'refs/heads/';
const STASH = 'a stash';
const CHECKED_OUT = 'a commit that the agent had checked out';

/**
 * Keeps what the agent left, before the workspace goes. Running it twice changes nothing.
 * @param work the task's own commit, where nobody has merged it: an earlier run's of the next
 */
export async function keepLeft(
  space: Space,
  repository: () => Promise<Repository>,
  work: { readonly commit: string; readonly aside: boolean } | undefined,
): Promise<readonly Kept[]> {
  const { own, withheld } = await notInChange(space, await leftIn(space));
  const besides = [...own, ...(await takeSubmoduleCommits(space))];
  const left = work?.aside === true ? [{ oid: work.commit, holds: 'its work' }, ...besides] : besides;
  const refs = left.map(({ oid }) => ({ ref: keptRef(space, oid), to: oid }));
  if (work !== undefined) {
    refs.push({ ref: workRef(space), to: work.commit });
    const base = await baseOf(space, work.commit);
    if (base !== undefined) refs.push({ ref: workBaseRef(space), to: base });
  }
  if (refs.length > 0) await updateRefs(space.mirror, refs);
  const exported = left.length === 0 ? [] : await exportAll(space, await repository(), left);
  return [...exported, ...withheld.map(({ holds }) => ({ holds }))];
}

export const keptRef = ({ owner }: Space, oid: string): string => `refs/pawl/kept/${owner.id}/${oid}`;
export const workRef = ({ owner }: Space): string => `refs/pawl/kept/${owner.id}/work`;
/** The newest commit of the base that the work stands on. */
export const workBaseRef = ({ owner }: Space): string => `refs/pawl/kept/${owner.id}/base`;

async function baseOf({ mirror, refs }: Space, work: string): Promise<string | undefined> {
  const [base, upstream] = await Promise.all([refs.base, refs.upstream].map((ref) => readRef(mirror, ref)));
  const isNewest = upstream !== undefined && (await contains(placeOf(mirror), work, upstream));
  return isNewest ? upstream : base;
}

interface Besides {
  readonly own: readonly Left[];
  /** What was copied into the workspace is kept nowhere: it may be a secret. */
  readonly withheld: readonly Left[];
}

/** Those that hold something which no commit of the task's does; brought into the mirror. */
async function notInChange(space: Space, left: readonly Left[]): Promise<Besides> {
  if (left.length === 0) return { own: [], withheld: [] };
  const place = placeOf(space.mirror);
  const { base, tip } = await stateOf(space);
  const made = await git(place, ['log', '--format=%T', tip.oid, '--not', base.oid]);
  // Who has gone back to the base has left nothing either, and what set-up has committed nobody has to keep.
  const setUp = await readRef(space.mirror, space.refs.setup);
  const trees = new Set([base.tree, setUp, ...made.stdout.toString('utf8').split('\n')]);
  const [own, withheld]: [Left[], Left[]] = [[], []];
  const copied = await hasCopied(space);
  for (const one of left) {
    // Of these the files are in the engine's own commit, without what their messages may say of a copied file.
    if (copied && one.holds === CHECKED_OUT) continue;
    if (await contains(place, tip.oid, one.oid)) continue;
    const commit = await takeCommit(space, one.oid);
    // A stash has new files in a parent of its own.
    if (commit === undefined || (one.holds !== STASH && trees.has(commit.tree))) continue;
    ((await holdsCopied(space, one.oid)) ? withheld : own).push(one);
  }
  return { own, withheld };
}

/** Makes branches of the user's repository of them. Running it twice changes nothing. */
export async function exportAll(
  space: Space,
  repository: Repository,
  left: readonly Left[],
): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const one of left)
    kept.push({ branch: await exportOne(space, repository, one.oid), holds: one.holds });
  return kept;
}

const TRIES = 5;

/** The branch of the user's repository that has the commit: one that has it already, or a new one. */
async function exportOne(space: Space, repository: Repository, oid: string): Promise<string> {
  const transfer = { from: placeOf(space.mirror), to: repository.place, distrusted: true };
  const id = TaskId.parse(space.owner.id);
  const prefix = keptPrefix(id);
  for (let left = TRIES; ; left -= 1) {
    const named = await keptBranches(repository, id);
    const before = named.find((one) => one.oid === oid);
    if (before !== undefined) return before.branch;
    if (left === TRIES) {
      await giveContents(space, repository, oid);
      await bringObjects(transfer, oid, [space.refs.base]);
    }
    const last = Math.max(0, ...named.map(({ branch }) => Number(branch.slice(prefix.length)) || 0));
    const branch = `${prefix}${last + 1}`;
    try {
      await git(repository.place, ['update-ref', '-m', 'pawl: keep', `${HEADS}${branch}`, oid, NO_OBJECT]);
      return branch;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      if (/exists; cannot create|non-empty directory/.test(error.stderr)) throw inTheWay(branch, error);
      // Another one of the same name came this very moment.
      if (left <= 1) throw error;
    }
  }
}

const keptPrefix = (task: TaskId): string => `${branchOf(task)}.kept-`;

/** The branches of the user's repository with what was kept of a task. */
export async function keptBranches({ place }: Repository, task: TaskId) {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const { stdout } = await git(place, ['for-each-ref', format, `${HEADS}${keptPrefix(task)}*`]);
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => ({
    oid: line.slice(0, NO_OBJECT.length),
    branch: line.slice(NO_OBJECT.length + 1),
  }));
}

const inTheWay = (branch: string, cause: GitError): PawlError =>
  new PawlError(
    'precondition',
    `branch ${branch} cannot be made because of one whose name is a part of it: rename that one`,
    { cause },
  );
