/**
 * A task's own change, apart from the base that it was made on: what is carried over where the base was rewritten, so that
 * commits which were dropped from it do not come back with the task. Git 2.39 merges by the common past of two commits
 * alone, so it is given two that have the right one.
 */
import { objectId, readCommits, writeCommit } from './objects.ts';
import { type GitPlace, git } from './run-git.ts';

export interface Bases {
  /** Of the task's own commits, the last. */
  readonly head: string;
  /** The commit of the base that `head` stands on, or has merged. */
  readonly from: string;
  /** Where the base is now. It is in the mirror already. */
  readonly base: string;
}

/** Whether the base has lost the commit that the task's commits stand on. */
export const isRewritten = async (place: GitPlace, { head, from, base }: Bases): Promise<boolean> =>
  !(await isPartOf(place, from, base)) && (await isPartOf(place, from, head));

/** Both commits are there: what git cannot tell of them is no answer. */
async function isPartOf(place: GitPlace, commit: string, tip: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', objectId(commit), objectId(tip)];
  return (await git(place, args, { accept: [1] })).exitCode === 0;
}

/** The base as it is now and the task's work, both as commits on the base as it was. The same ones every time. */
export async function ownChange(
  place: GitPlace,
  task: string,
  { head, from, base }: Bases,
): Promise<readonly [ours: string, theirs: string]> {
  const [was, is, work] = await readCommits(place, [from, base, head]);
  const commit = questionsOf(place, task);
  const past = await commit('The base as it was', was?.tree);
  return Promise.all([
    commit('The base as it is', is?.tree, [past]),
    commit("The task's work", work?.tree, [past]),
  ]);
}

/** Makes commits by which git is asked something about the change of a task. The same words and tree give the same one. */
export const questionsOf =
  (place: GitPlace, task: string) =>
  (message: string, tree = '', parents: readonly string[] = []): Promise<string> =>
    writeCommit(place, { tree, parents, message, trailers: { 'Pawl-Task': task }, time: 0 });
