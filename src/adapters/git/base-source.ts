/** Where the base of a task comes from: the user's repository on this machine, or the remote that its forge keeps. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { baseTipOf, type Repository } from '../repository/find-repository.ts';
import { type BaseSource, placeOf } from './mirror.ts';
import { bringObjects, readCommits } from './objects.ts';
import { fetchCommit, type Remote, remoteTip } from './remote.ts';
import type { GitPlace } from './run-git.ts';

/** No transport of git's is involved, so nothing that the repository configures is started or asked. */
export const fromRepository = (repository: Repository): BaseSource => ({
  tipOf: (base) => baseTipOf(repository, base),
  async bring(mirror, commit, whole) {
    const regrown = await copyShallow(repository.commonDir, mirror);
    // An object that is there does not mean that all it stands on is: only what a ref was set to is whole.
    if (whole === commit && !regrown) return;
    const known = whole === undefined || regrown ? [] : await knownTo(repository.place, whole);
    await bringObjects({ from: repository.place, to: placeOf(mirror), distrusted: false }, commit, known);
  },
});

export const fromRemote = (remote: Remote): BaseSource => ({
  async tipOf(base) {
    const tip = await remoteTip(remote, base);
    if (tip !== undefined) return tip;
    throw new PawlError(
      'precondition',
      `${remote.url} has no branch ${JSON.stringify(base)}: push it there, or name another base`,
    );
  },
  async bring(mirror, commit, whole) {
    if (whole !== commit) await fetchCommit(mirror, remote, commit);
  },
});

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
