/** Where the base of a task comes from: the user's repository on this machine, or the remote that its forge keeps. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { baseTipOf, type Repository } from '../repository/find-repository.ts';
import { type BaseSource, placeOf } from './mirror.ts';
import { bringObjects, contains, readCommits } from './objects.ts';
import { hasNoTags, readBranches } from './plain-refs.ts';
import { fetchCommit, type Remote, remoteTip } from './remote.ts';
import type { GitPlace } from './run-git.ts';
import { branchWithTags } from './tags.ts';

/** No transport of git's is involved, so nothing that the repository configures is started or asked. */
export const fromRepository = (repository: Repository): BaseSource => ({
  async tipOf(base) {
    const found = (await hasNoTags(repository)) ? undefined : await branchWithTags(repository.place, base);
    return found ?? { commit: await baseTipOf(repository, base), tags: [] };
  },
  async find(branch) {
    const ref = `refs/heads/${branch}`;
    return (await readBranches(repository, [ref])).get(ref)?.commit;
  },
  async bringCommit(mirror, commit, known) {
    const transfer = { from: repository.place, to: placeOf(mirror), distrusted: true };
    await bringObjects(transfer, commit, [known]);
  },
  async bring(mirror, { commit, tags }, whole, annotated) {
    const regrown = await copyShallow(repository.commonDir, mirror);
    // An object that is there does not mean that all it stands on is: only what a ref was set to is whole.
    if (whole === commit && !regrown && annotated.length === 0) return tags;
    const known = whole === undefined || regrown ? [] : await knownTo(repository.place, whole);
    const transfer = { from: repository.place, to: placeOf(mirror), distrusted: false };
    await bringObjects(transfer, commit, known, annotated);
    return tags;
  },
});

/** @param clone the user's, whose tags count as far as they are below the remote's branch */
export const fromRemote = (remote: Remote, clone: Repository): BaseSource => ({
  async tipOf(base) {
    const [commit, cloned] = await Promise.all([remoteTip(remote, base), branchWithTags(clone.place, base)]);
    if (commit !== undefined) return { commit, tags: cloned?.tags ?? [], ...taggedIn(cloned?.commit) };
    throw new PawlError(
      'precondition',
      `${remote.url} has no branch ${JSON.stringify(base)}: push it there, or name another base`,
    );
  },
  find: (branch) => remoteTip(remote, branch),
  bringCommit: (mirror, commit) => fetchCommit(mirror, remote, commit),
  async bring(mirror, { commit, tags, tagged }, whole, annotated) {
    const place = placeOf(mirror);
    if (whole !== commit) await fetchCommit(mirror, remote, commit);
    if (tags.length === 0 || tagged === undefined) return [];
    if (tagged !== commit && !(await contains(place, commit, tagged))) return [];
    const transfer = { from: clone.place, to: place, distrusted: false };
    if (annotated.length > 0) await bringObjects(transfer, tagged, [tagged], annotated);
    return tags;
  },
});

const taggedIn = (tagged: string | undefined) => (tagged === undefined ? {} : { tagged });

async function knownTo(place: GitPlace, commit: string): Promise<readonly string[]> {
  const [known] = await readCommits(place, [commit]);
  return known === undefined ? [] : [commit];
}

/** A shallow clone says in a file where its history ends. Answers whether that has changed. */
async function copyShallow(commonDir: string, mirror: string): Promise<boolean> {
  const path = join(mirror, 'shallow');
  const [theirs, ours] = await Promise.all([readWhole(join(commonDir, 'shallow')), readWhole(path)]);
  if (theirs === ours) return false;
  if (theirs === undefined) await rm(path, { force: true });
  else await writeWhole(path, theirs);
  return true;
}
