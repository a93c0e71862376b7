/** What the activities need from the place where pull requests live. */
import type { PullRequestNews, WatchInput } from '../../domain/pull-request-news.ts';
import type { TaskRef } from '../../domain/steps.ts';

/** Where pull requests live. Every call has a key, looks before it acts and settles an unknown outcome by reading. */
export interface Forge {
  /** A line a person can act on when this task could not be delivered (no token, no right to push); asked before an agent spends money. */
  problem(task: TaskRef): Promise<string | undefined>;
  /**
   * Makes the commit reachable as the task's branch in the user's repository or remote. What a person has put on that
   * branch is never replaced: nothing is done where it has what the commit does not stand on, and does not stand on that.
   */
  push(task: TaskRef, commit: string): Promise<'pushed' | 'worked_on'>;
  /** Exactly one pull request per task: creates it, or brings the one there is up to date. */
  ensurePullRequest(request: PullRequestRequest): Promise<{ readonly number: number; readonly url: string }>;
  /** Merges exactly `commit` onto exactly `baseCommit`; answers `base_moved` when the base is elsewhere. */
  merge(request: MergeRequest): Promise<
    | {
        readonly kind: 'merged';
        readonly commit: string;
        readonly takeCommand?: string;
        readonly takeReason?: string;
        /** In words, where the base got something else than the commit. */
        readonly unchecked?: string;
      }
    | { readonly kind: 'base_moved'; readonly baseCommit: string }
    | { readonly kind: 'pending'; readonly why: string }
    /** The task's branch holds what the commit does not: nothing was done. */
    | { readonly kind: 'worked_on' }
    /** By a person, and without a merge. `why`: what they can do, where that is not what they meant. */
    | { readonly kind: 'closed'; readonly why: string }
  >;
  /** Settles when there is something new about a pull request; where there never is (`local`), it is not asked. */
  watch(input: WatchInput, signal: AbortSignal): Promise<PullRequestNews>;
}

export interface PullRequestRequest {
  readonly task: TaskRef;
  readonly key: string;
  readonly commit: string;
  readonly title: string;
  readonly body: string;
}

export interface MergeRequest {
  readonly task: TaskRef;
  readonly key: string;
  readonly number: number;
  readonly commit: string;
  readonly baseCommit: string;
}
