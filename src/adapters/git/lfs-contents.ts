/** Contents of Git LFS on their way out of a workspace: into the store of the mirror, then to where the change goes. */
import { PawlError } from '../../domain/failures.ts';
import { folderInside } from '../files/without-links.ts';
import type { Repository } from '../repository/find-repository.ts';
import { readRef } from './distrusted-refs.ts';
import { type Pointer, pointersBeyond } from './lfs-pointers.ts';
import { pushContents } from './lfs-program.ts';
import { copyContent, hasContent, hasStore, storeIn, storeOf } from './lfs-store.ts';
import { placeOf } from './mirror.ts';
import type { Remote } from './remote.ts';
import { gitDirOf, lfsOf, type Space } from './space.ts';

/** What an agent's own git has put into the store of the workspace for a commit that is in the mirror by now. Idempotent. */
export async function takeContents(space: Space, commit: string): Promise<void> {
  if (space.lfs === undefined) return;
  const theirs = await folderInside(gitDirOf(space), 'lfs/objects');
  if (theirs === undefined) return;
  const pointers = await pointersBeyond(placeOf(space.mirror), commit, [space.refs.tip]);
  for (const pointer of pointers) await copyContent(theirs, storeIn(space.mirror), pointer);
}

/**
 * Gives what a commit points to, and those that it stands on past the base, to the user's repository. Before a ref of that names
 * the commit. Idempotent.
 */
export async function giveContents(space: Space, repository: Repository, commit: string): Promise<void> {
  const pointers = await ownContents(space, commit);
  if (pointers.length === 0) return;
  const [from, to] = [storeIn(space.mirror), await storeOf(repository)];
  for (const pointer of pointers) if (!(await copyContent(from, to, pointer))) throw damaged(pointer, to);
}

const damaged = ({ oid }: Pointer, store: string): PawlError =>
  new PawlError(
    'precondition',
    `the content ${oid} of Git LFS could not be copied to ${store} (it is damaged, or nobody may write there): see that it can be written, or let the agent make the file anew`,
  );

/** The same to a remote. Before a branch of that names the commit. Idempotent. @throws PawlError as `pushCommit` */
export async function pushOwnContents(space: Space, remote: Remote, commit: string): Promise<void> {
  const pointers = await ownContents(space, commit);
  if (pointers.length === 0) return;
  const lfs = lfsOf(space);
  if (lfs === undefined)
    throw new PawlError(
      'precondition',
      'the change holds files of Git LFS, and git-lfs was not found on the PATH of the shell that started the engine: install it there, then retry',
    );
  await pushContents(
    lfs,
    remote,
    pointers.map(({ oid }) => oid),
  );
}

/** Those that the mirror has the content of. Where it has none at all, no git is started. */
async function ownContents(space: Space, commit: string): Promise<readonly Pointer[]> {
  const { mirror, refs } = space;
  if (!(await hasStore(mirror))) return [];
  const store = storeIn(mirror);
  const known: string[] = [];
  for (const ref of [refs.base, refs.upstream])
    if ((await readRef(mirror, ref)) !== undefined) known.push(ref);
  const own: Pointer[] = [];
  for (const pointer of await pointersBeyond(placeOf(mirror), commit, known))
    if (pointer.size > 0 && (await hasContent(store, pointer))) own.push(pointer);
  return own;
}
