/** What the activities need of a repository in which somebody works by hand while an execution is under way. */
import type { GitFacts } from '../../domain/executions/guarantee-facts.ts';
import type { OwnerRef } from '../../domain/owner-ref.ts';
import type { Commits } from './commits-port.ts';

/**
 * The project is only read, and no program that it names is started. What is looked at is brought into the engine's own copy
 * of it, so nothing that is done there meanwhile changes what is seen. Each call may be cut off anywhere and made again.
 */
export interface Projects extends Commits {
  /**
   * Brings the commit that is looked at, and the one from which the work began. Both are kept until `end`. Idempotent.
   * @param branch whose tip is looked at; without one what is checked out
   * @returns the commit that is looked at
   * @throws PawlError `precondition` where there is none, or the project is gone
   */
  bring(owner: OwnerRef, baseCommit: string, branch?: string): Promise<string>;
  /**
   * Files of the project that git ignores are beside every commit in the space of checks from now on, as they are now; where some
   * have been copied before, as they were then.
   * @throws PawlError `precondition` naming one that cannot be copied
   */
  copy(owner: OwnerRef, baseCommit: string, paths: readonly string[]): Promise<void>;
  /** Paths of the files of a commit, without links and submodules. */
  plainFiles(owner: OwnerRef, commit: string): Promise<readonly string[]>;
  /** Files of a commit as text; undefined for one that is larger than a look reads, or where they are too much together. */
  wholeTexts(
    owner: OwnerRef,
    commit: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, string | undefined>>;
  /** Those of the paths that are files in the project now, by no link, each from its top. */
  filesThere(owner: OwnerRef, paths: readonly string[]): Promise<readonly string[]>;
  /** How the repository stands, and what is known of its remotes. No network is used. */
  gitFacts(owner: OwnerRef, commit: string): Promise<GitFacts>;
  /** One at a time for an owner, among all workers of the home. @throws where `signal` aborts before its turn */
  exclusively<T>(owner: OwnerRef, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /**
   * The branch of an execution is there from now on, at the base commit or after it. Idempotent.
   * @throws PawlError `precondition` where there is another branch of its name
   */
  openBranch(owner: OwnerRef, baseCommit: string): Promise<void>;
  /**
   * It goes where all of it is on `into` too, and nobody has it checked out. Idempotent.
   * @returns in words where it stays
   */
  closeBranch(owner: OwnerRef, into: string): Promise<string | undefined>;
  /** Removes the space of checks and lets go what was kept. Nothing of the project itself. Running it twice changes nothing. */
  end(owner: OwnerRef): Promise<void>;
}
