/** What the activities need of the place where the checks of a task run. */
import type { TaskRef } from '../../domain/steps.ts';

/** What is not as in the commit for a run of the checks. */
export interface Overlay {
  /** Files that are as in this commit: one that is not in it goes. */
  readonly commit: string;
  readonly paths: readonly string[];
  /** Files with a text of their own. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Where the checks of a task run: a repository beside the workspace, which the engine makes, and which nothing of the agent's
 * gets into but its commit. Each call may be cut off anywhere and made again; only one at a time for a task.
 */
export interface CheckSpaces {
  exists(task: TaskRef): Promise<boolean>;
  /**
   * The files of a commit, under the overlay, with what set-up left: nothing else is there afterwards, whatever programs that ran
   * there before have left. The space is made where it is not there, and anew, without what set-up left, where such a program
   * changed something of that. Running it twice changes nothing.
   */
  checkOut(task: TaskRef, commit: string, overlay?: Overlay): Promise<void>;
  /** The same in a space that is made anew, in which set-up has not run. */
  renew(task: TaskRef, commit: string, overlay?: Overlay): Promise<void>;
  /** Set-up is about to run: what it changes of what is there now, and git does not ignore, is put there again by `checkOut`. */
  beginSetup(task: TaskRef): Promise<void>;
  /**
   * Set-up has ended: what is there besides the commit's files stays from now on.
   * @param readFor what it was run on, as a digest, by the paths of the files that it wrote
   */
  noteSetup(task: TaskRef, readFor: (left: readonly string[]) => string): Promise<void>;
  /** What set-up was run on in the space as it is; undefined where it has not run there. */
  setUpOn(task: TaskRef): Promise<string | undefined>;
  /** `<mode> <object>` of all files of a commit, by path. */
  entries(task: TaskRef, commit: string): Promise<ReadonlyMap<string, string>>;
  /** Where programs of the task start in it, by no link; undefined where the commit does not have the task's folder. */
  startOf(task: TaskRef): Promise<string | undefined>;
  /** Names at the workspace's top, and at the task's folder, that the space does not have. */
  lacks(task: TaskRef): Promise<readonly string[]>;
}
