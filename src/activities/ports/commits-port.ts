/** What the activities read of commits that the engine has in its own copy of a repository. */
import type { OwnerRef } from '../../domain/owner-ref.ts';
import type { Submodules } from '../../domain/wanted-submodules.ts';

/** Commits are named by their whole ids. */
export interface Commits<Owner extends OwnerRef = OwnerRef> {
  /** A file of a commit, or undefined. Never follows a link. */
  fileAt(owner: Owner, commit: string, path: string): Promise<string | undefined>;
  /** Files of a commit by their paths, of each its first MiB; those that are not there are left out. */
  textsAt(owner: Owner, commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What differs between two commits, without the patch. */
  changes(owner: Owner, from: string, to: string): Promise<Changes>;
  /** Links that a change adds or turns, and that lead out of the repository, each as `path -> target`. */
  linksOut(owner: Owner, from: string, to: string): Promise<readonly string[]>;
  /**
   * In words, why a change must not be offered because of files that its own attributes give to Git LFS: one is in git with its content,
   * or is a pointer to a content that nobody has. undefined where nothing keeps it.
   */
  lfsProblem(owner: Owner, from: string, to: string): Promise<string | undefined>;
  /** Paths of all files of a commit, from the top of the repository. */
  files(owner: Owner, commit: string): Promise<readonly string[]>;
  /**
   * Brings the submodules of a commit that are wanted, and checks them out in the workspace, where they are not yet; in the space of
   * its checks they come with each commit. Idempotent.
   * @param wanted absent: as before. Of one that the commit has moved and that is not wanted, only its remote is looked at
   * @returns in words, why the commit cannot be checked out with its submodules, such as that a remote does not have what it
   * names; none where it can
   */
  submodules(
    owner: Owner,
    of: { readonly base: string; readonly commit: string; readonly wanted?: Submodules },
  ): Promise<readonly string[]>;
}

export interface Changes {
  readonly files: readonly { readonly path: string; readonly status: 'added' | 'modified' | 'deleted' }[];
  readonly insertions: number;
  readonly deletions: number;
}
