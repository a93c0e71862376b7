/** What the engine has seen of a project at a commit: what guarantees are judged by (`judge-guarantee.ts`). */
import type { Evidence } from '../task-state.ts';

/** Where something took longer than it may. */
export const TOO_SLOW = 'too slow';
export type TooSlow = typeof TOO_SLOW;

export interface GuaranteeFacts {
  readonly baseCommit: string;
  /** By glob: paths of the commit's files, without links and submodules, that it matches. */
  readonly matched: ReadonlyMap<string, readonly string[] | TooSlow>;
  /** By glob: paths that the client says it has made, that are files in the project and that it matches. */
  readonly reported: ReadonlyMap<string, readonly string[] | TooSlow>;
  /** By path: what the work has done to it since the base commit. */
  readonly changes: ReadonlyMap<string, 'added' | 'modified' | 'deleted'>;
  /** By the guarantee's id, of files that have to say something. */
  readonly contents: ReadonlyMap<string, readonly ContentFact[]>;
  /** By the guarantee's id, what its command came to; once more where the work changed what judges it. */
  readonly runs: ReadonlyMap<string, RunFact>;
  /** Absent where no guarantee is about it. */
  readonly git?: GitFacts;
}

export type ContentFact = { readonly path: string } & (
  | {
      readonly lines: number;
      /** Headings of Markdown, as they are written. */
      readonly headings: readonly string[];
      /** Absent where there is no pattern. */
      readonly matches?: boolean | TooSlow;
    }
  /** Why it was not read, as a part of a sentence. */
  | { readonly unread: string }
);

export type RunFact =
  | { readonly passes: readonly Evidence[] }
  /** Why nothing has run, as a part of a sentence. */
  | { readonly problem: string };

/** Of the project as it is where it is worked in. */
export interface GitFacts {
  /** undefined where a commit is checked out and no branch. */
  readonly branch: string | undefined;
  /** Paths of files that git knows and that differ from HEAD, staged or not. */
  readonly uncommitted: readonly string[];
  /** Paths that git neither knows nor ignores. */
  readonly untracked: readonly string[];
  /** Whether there is any remote-tracking branch: what is known of remotes without asking one. */
  readonly knowsRemote: boolean;
  /** Commits of the looked at one that no remote-tracking branch has. */
  readonly unpushed: number;
  /** Remote-tracking branches of the branch, and whether each has the looked at commit. */
  readonly tracking: readonly { readonly ref: string; readonly hasCommit: boolean }[];
}
