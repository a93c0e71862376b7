/** What the activities need of the place where the checks of a task or an execution run. */
import type { OwnerRef } from '../../domain/owner-ref.ts';

/** What is not as in the commit for a run of the checks. */
export interface Overlay {
  /** Files that are as in this commit: one that is not in it goes. */
  readonly commit: string;
  readonly paths: readonly string[];
  /** Files with a text of their own. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Where the checks of an owner run: a repository beside its workspace, which the engine makes, and which nothing of an agent's
 * gets into but its commit. Each call may be cut off anywhere and made again; only one at a time for an owner.
 */
export interface CheckSpaces {
  exists(owner: OwnerRef): Promise<boolean>;
  /**
   * The files of a commit, under the overlay, with what set-up left: nothing else is there afterwards, whatever programs that ran
   * there before have left. The space is made where it is not there, and anew, without what set-up left, where such a program
   * changed something of that. Running it twice changes nothing.
   */
  checkOut(owner: OwnerRef, commit: string, overlay?: Overlay): Promise<void>;
  /** The same in a space that is made anew, in which set-up has not run. */
  renew(owner: OwnerRef, commit: string, overlay?: Overlay): Promise<void>;
  /** Set-up is about to run: what it changes of what is there now, and git does not ignore, is put there again by `checkOut`. */
  beginSetup(owner: OwnerRef): Promise<void>;
  /**
   * Set-up has ended: what is there besides the commit's files stays from now on.
   * @param readFor what it was run on, as a digest, by the paths of the files that it wrote
   */
  noteSetup(owner: OwnerRef, readFor: (left: readonly string[]) => string): Promise<void>;
  /** What set-up was run on in the space as it is; undefined where it has not run there. */
  setUpOn(owner: OwnerRef): Promise<string | undefined>;
  /** `<mode> <object>` of all files of a commit, by path. */
  entries(owner: OwnerRef, commit: string): Promise<ReadonlyMap<string, string>>;
  /** Where programs start in it, by no link; undefined where the commit does not have the owner's folder. */
  startOf(owner: OwnerRef): Promise<string | undefined>;
  /**
   * Names at the workspace's top, and at the owner's folder, that the space does not have; where there is no workspace, of the
   * user's repository.
   */
  lacks(owner: OwnerRef): Promise<readonly string[]>;
}
