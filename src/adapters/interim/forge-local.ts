/**
 * The forge `local`: pull requests kept by Pawl, branches and merges in the user's own repository. Every call holds the
 * repository's lock, looks first, and can be cut off anywhere and made again.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Forge, MergeRequest } from '../../activities/ports.ts';
import type { Places } from '../../config.ts';
import { PawlError } from '../../domain/failures.ts';
import { branchOf } from '../../domain/ids.ts';
import type { TaskRef } from '../../domain/steps.ts';
import { moveBase } from './base-branch.ts';
import { lock } from '../file-lock.ts';
import { foreign, type GitPlace, git, gitLine } from './git.ts';
import { FETCH, type Mirror, mirrorOf, repositoryKey, secureMirror } from './mirror.ts';
import { createPullRequests, type PullRequestRecord, type PullRequests } from './pull-requests.ts';
import { commitOfBranch } from './repository.ts';
import { readRef, worktreeOf } from './worktree.ts';

type ForgePlaces = Pick<Places, 'mirrors' | 'workspaces' | 'locks' | 'pullRequests'>;

interface Site {
  readonly mirror: Mirror;
  readonly user: GitPlace & { readonly filters: boolean };
  readonly pullRequests: PullRequests;
}

export function createLocalForge(places: ForgePlaces): Forge {
  /** Serial per repository: two merges at once would each miss the other. */
  const at = async <T>(task: TaskRef, act: (site: Site) => Promise<T>): Promise<T> => {
    const key = repositoryKey(task.repository);
    const mirror = mirrorOf(places.mirrors, task.repository);
    const held = await lock(join(places.locks, `forge-${key}.lock`));
    try {
      await secureMirror(mirror);
      const pullRequests = createPullRequests(join(places.pullRequests, key));
      return await act({ mirror, user: await foreign(task.repository), pullRequests });
    } finally {
      held.release();
    }
  };
  return {
    push: (task, commit) => at(task, (site) => push(site, task, worktreeOf(places, task).tip, commit)),
    ensurePullRequest: ({ task, key, commit, title, body }) =>
      at(task, async ({ pullRequests }) => {
        const found = await pullRequests.ofTask(task.id);
        const record: PullRequestRecord = {
          number: found?.number ?? (await pullRequests.nextNumber()),
          task: task.id,
          title,
          body,
          repository: task.repository,
          base: task.base,
          branch: branchOf(task.id),
          commit,
          state: 'open',
          key,
          createdAt: found?.createdAt ?? new Date().toISOString(),
        };
        if (found?.state !== 'merged') await pullRequests.write(record);
        return { number: record.number, url: pathToFileURL(pullRequests.pathOf(record)).href };
      }),
    baseTip: async (task) => commitOfBranch(await foreign(task.repository), task.base),
    merge: (request) => at(request.task, (site) => merge(site, request)),
  };
}

/** Names a branch of ours in the user's repository as this mirror last saw it. */
const pushedRef = (task: TaskRef): string => `refs/pawl/pushed/${task.id}`;

async function push({ mirror, user }: Site, task: TaskRef, tip: string, commit: string): Promise<void> {
  const branch = `refs/heads/${branchOf(task.id)}`;
  const there = await readRef({ place: user }, branch);
  if (there === commit) return;
  // Noted before it is done: a kill in between must not turn our own branch into somebody else's.
  const ours = [await readRef(mirror, pushedRef(task)), await readRef(mirror, `${pushedRef(task)}-next`)];
  if (there !== undefined && !ours.includes(there)) {
    throw new PawlError(
      'conflict',
      `branch ${branchOf(task.id)} exists in ${task.repository} and is not Pawl's: rename or delete it, then run \`pawl retry ${task.id}\``,
    );
  }
  await git(mirror.place, ['update-ref', `${pushedRef(task)}-next`, commit]);
  await bring({ mirror, user }, tip, branch, commit);
  await git(mirror.place, ['update-ref', pushedRef(task), commit]);
}

/** Copies a commit of the mirror into the user's repository under a ref, and makes sure that it is that commit. */
async function bring(
  { mirror, user }: Pick<Site, 'mirror' | 'user'>,
  source: string,
  target: string,
  commit: string,
): Promise<void> {
  await git(user, [...FETCH, mirror.gitDir, `+${source}:${target}`]);
  const arrived = await readRef({ place: user }, target);
  if (arrived !== commit) {
    throw new PawlError(
      'conflict',
      `${target} of ${user.cwd} is ${arrived ?? 'missing'} instead of ${commit}: something else writes it`,
    );
  }
}

async function merge(
  site: Site,
  { task, key, number, commit, baseCommit }: MergeRequest,
): ReturnType<Forge['merge']> {
  const { pullRequests, user } = site;
  const record = await pullRequests.ofTask(task.id);
  if (record === undefined || record.number !== number) {
    throw new PawlError('not_found', `pull request #${number} of task ${task.id} is not kept in this home`);
  }
  const done = (merged: PullRequestRecord) => settled(site, task, merged, commit);
  if (record.state === 'merged') return done(record);
  const tip = await commitOfBranch(user, task.base);
  const before = await mergeIn(user, baseCommit, tip, commit);
  if (before === undefined && tip !== baseCommit) return { kind: 'base_moved', baseCommit: tip };
  const merged = before ?? (await makeMerge(site, record, commit, baseCommit));
  const moved = before === undefined ? await moveBase(user, task.base, { from: baseCommit, to: merged }) : {};
  const closed: PullRequestRecord = { ...record, key, state: 'merged', mergedCommit: merged, ...moved };
  await pullRequests.write(closed);
  return done(closed);
}

/** A merge of `commit` that is already between the two: an earlier try got that far. */
async function mergeIn(
  user: GitPlace,
  from: string,
  to: string,
  commit: string,
): Promise<string | undefined> {
  if (from === to) return undefined;
  const args = ['rev-list', '--first-parent', '--merges', '--parents', to, `^${from}`];
  // A base that was rewritten holds nothing that this one does.
  const { out } = await git(user, args, { answers: [128] });
  const rows = out.split('\n').map((row) => row.split(' '));
  return rows.find(([, , second]) => second === commit)?.[0];
}

/** The merge commit, kept under a ref of Pawl's. Its dates are the commit's, so that made twice it is the same. */
async function makeMerge(
  { mirror, user }: Site,
  record: PullRequestRecord,
  commit: string,
  baseCommit: string,
): Promise<string> {
  const date = await gitLine(mirror.place, ['log', '-1', '--format=%cI', commit]);
  const environment = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const input = `Merge pull request #${record.number}: ${record.title}\n\nPawl-Task: ${record.task}\n`;
  // The base is in the commit's history already, so their merge holds what the commit holds.
  const args = ['commit-tree', `${commit}^{tree}`, '-p', baseCommit, '-p', commit, '-F', '-'];
  const merged = await gitLine(mirror.place, args, { input, environment });
  const ref = `refs/pawl/merges/${record.task}`;
  await git(mirror.place, ['update-ref', ref, merged]);
  await bring({ mirror, user }, ref, keptRef(record.task), merged);
  return merged;
}

const keptRef = (task: string): string => `refs/pawl/${task}`;

/** The merged branch goes, if it is still what was merged; a merge that waits to be taken keeps its ref. */
async function settled(
  { user }: Site,
  task: TaskRef,
  { mergedCommit, takeCommand }: PullRequestRecord,
  commit: string,
): ReturnType<Forge['merge']> {
  if (mergedCommit === undefined)
    throw new TypeError(`the merged pull request of ${task.id} names no commit`);
  const branch = `refs/heads/${branchOf(task.id)}`;
  if ((await readRef({ place: user }, branch)) === commit)
    await git(user, ['update-ref', '-d', branch, commit]);
  if (takeCommand === undefined && (await readRef({ place: user }, keptRef(task.id))) !== undefined) {
    await git(user, ['update-ref', '-d', keptRef(task.id)]);
  }
  return { kind: 'merged', commit: mergedCommit, ...(takeCommand === undefined ? {} : { takeCommand }) };
}
