/**
 * A change in the past of a base that has gone on from it over the same lines, so that merging it would be a conflict. Git
 * knows it by its patch-id, as `git cherry` does.
 */
import { changeDigest } from './change-digest.ts';
import { patchBetween } from './diff.ts';
import { readCommits } from './objects.ts';
import { type Bases, questionsOf } from './own-change.ts';
import { type GitPlace, git } from './run-git.ts';

/** The last commit of the base that brought the whole change; undefined where there is none, or one took it back. */
export async function broughtBy(
  place: GitPlace,
  task: string,
  { head, from, base }: Bases,
): Promise<string | undefined> {
  const [was, work] = await readCommits(place, [from, head]);
  const commit = questionsOf(place, task);
  const whole = await commit("The task's work", work?.tree, [from]);
  const back = await commit("The task's work, taken back", was?.tree, [whole]);
  const range = ['rev-list', '--topo-order', '--cherry-mark', `${base}...${back}`];
  const { stdout } = await git(place, range);
  const lines = stdout.toString('latin1').split('\n');
  const alike = lines.filter((line) => line.startsWith('=')).map((line) => line.slice(1));
  if (!alike.includes(whole) || alike.includes(back)) return undefined;
  // What git takes for alike may have other white space.
  const own = changeDigest(await patchBetween(place, from, head));
  for (const one of await readCommits(place, alike)) {
    const [parent] = one?.parents ?? [];
    if (one === undefined || one.oid === whole || parent === undefined) continue;
    if (changeDigest(await patchBetween(place, parent, one.oid)) === own) return one.oid;
  }
  return undefined;
}
