/** What the engine has on disk for an owner goes: its workspace and its space of checks, with their refs. */

import type { OwnerRef } from '../../domain/owner-ref.ts';
import { forgetCopied } from '../files/copied-files.ts';
import { claimMirror, hasMirror, updateRefs } from './mirror.ts';
import { checkSpaceOf, removeFolders, type SpacePlaces, spaceOf } from './space.ts';

/** Running it twice changes nothing. */
export async function removeSpaces(places: SpacePlaces, owner: OwnerRef): Promise<void> {
  const [space, checks] = [spaceOf(places, owner), checkSpaceOf(places, owner)];
  // Its notes are among those of the workspace.
  await removeFolders(checks);
  await removeFolders(space);
  await forgetCopied(space.copied);
  if (!(await hasMirror(space.mirror))) return;
  await claimMirror(space.mirror);
  const refs = [...Object.values(space.refs), checks.refs.setup, checks.foundRef];
  await updateRefs(
    space.mirror,
    refs.map((ref) => ({ ref, to: undefined })),
  );
}
