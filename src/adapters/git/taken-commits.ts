/**
 * Commits that an agent made in its workspace, taken into the mirror. Git runs with the mirror's settings and looks into
 * the workspace for objects alone; each object is checked before the mirror has it.
 */
import { PawlError } from '../../domain/failures.ts';
import { readRef } from './distrusted-refs.ts';
import { takeContents } from './lfs-contents.ts';
import { placeOf } from './mirror.ts';
import { bringBeyond, type Commit, readCommits } from './objects.ts';
import { hasPlainObjects, objectsOf, putAlternates } from './own-repository.ts';
import { GitError, type GitPlace } from './run-git.ts';
import { gitDirOf, type Space } from './space.ts';

/** A commit with what it was in the workspace, in words. */
export interface Left {
  readonly oid: string;
  readonly holds: string;
}

/** The commit to which the agent moved the task's branch, if it did and git can have it. */
export async function takeBranch(space: Space, tip: Commit): Promise<Commit | undefined> {
  const oid = await readRef(gitDirOf(space), space.refs.branch);
  return oid === undefined || oid === tip.oid ? undefined : takeCommit(space, oid);
}

/**
 * Brings a commit and all it stands on out of the workspace; undefined where parts of it are missing, or forbidden in
 * trees (`.git`, say). Running it twice changes nothing; nothing points to it then.
 * @param objects the folder in the workspace in which they are
 */
export async function takeCommit(
  space: Space,
  oid: string,
  objects = objectsOf(space),
): Promise<Commit | undefined> {
  if (!(await hasPlainObjects(space, objects))) return undefined;
  await putAlternates(space);
  const transfer = {
    from: withObjects(placeOf(space.mirror), objects),
    to: placeOf(space.mirror),
    distrusted: true,
  };
  try {
    await bringBeyond(transfer, oid, [space.refs.tip]);
  } catch (error) {
    if (error instanceof PawlError && error.code === 'precondition') return undefined;
    if (!(error instanceof GitError) || PASSES.test(error.stderr)) throw error;
    return undefined;
  }
  if (objects === objectsOf(space)) await takeContents(space, oid);
  const [commit] = await readCommits(placeOf(space.mirror), [oid]);
  return commit;
}

/** What is wrong with the machine and not with the objects. */
export const PASSES =
  /No space left|Disk quota|Input\/output|Cannot allocate|Out of memory|Too many open files/i;

/** A place with the agent's objects in reach. What else lies beside objects (lists, bitmaps) is not believed. */
export function withObjects({ cwd, env, config = [] }: GitPlace, objects: string): GitPlace {
  const quoted = `"${objects.replace(/[\\"]/g, '\\$&')}"`;
  return {
    cwd,
    env: { ...env, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted },
    config: [
      ...config,
      ['core.commitGraph', 'false'],
      ['core.multiPackIndex', 'false'],
      ['pack.useBitmaps', 'false'],
    ],
  };
}
