/** What a folder is where a submodule is or was: one still, or a folder of files. Pure. */

/** A folder of the working tree that git has known as a submodule. */
export interface GitlinkPlace {
  /** What the agent's own index has there; undefined where it tells nothing. */
  readonly indexed: 'gitlink' | 'files' | 'nothing' | undefined;
  /** Whether the engine has it as a submodule already. */
  readonly isKnown: boolean;
  /** A repository is one with a commit. */
  readonly holds: 'nothing' | 'files' | 'repository';
  /** Whether git keeps its repository as that of a submodule. */
  readonly isKept: boolean;
  /** Whether the task's last commit has it, and the agent's index no more. */
  readonly isTakenOut: boolean;
  /** Whether `.gitmodules` has a submodule there. */
  readonly isNamed: boolean;
}

/**
 * As git would have it, but for files of the agent's own: where neither a repository nor `.gitmodules` says that they are a
 * submodule's, they count, and so do those of a repository that is none.
 */
export function isGitlink(place: GitlinkPlace): boolean {
  const { indexed, isKnown, holds, isKept, isTakenOut, isNamed } = place;
  if (indexed === 'files') return false;
  if (holds === 'nothing') return indexed === 'gitlink' || (indexed === undefined && isKnown);
  if (indexed === 'nothing') return holds === 'repository' && (isNamed || (isKept && !isTakenOut));
  return isNamed || (holds === 'repository' && (isKnown || isKept));
}
