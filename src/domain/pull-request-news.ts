/** What is heard of a pull request of a task while it waits on its forge: how far, and what. */
import type { TaskRef } from './steps.ts';

/** What has been heard of a pull request so far. */
export interface PullRequestSeen {
  /** The newest of them: ids of these only grow. */
  readonly comment?: number;
  /**
   * Ids of reviews and of comments in them, newest last. No newest id would do: what a person drafts gets its id at once
   * and is shown when it is submitted, after others that were begun later.
   */
  readonly reviews?: readonly number[];
  readonly reviewComments?: readonly number[];
  /** Failed checks of one commit that were told, by their ids on the forge. Of another commit none has been. */
  readonly failedChecks?: { readonly commit: string; readonly told: readonly string[] };
}
export interface WatchInput {
  readonly task: TaskRef;
  readonly pullRequest: number;
  /** The commit that was offered. */
  readonly commit: string;
  /** The commit of the base that is part of it; absent in steps that an older version has begun. */
  readonly baseCommit?: string;
  readonly seen: PullRequestSeen;
  /** `mergeable` also ends when the forge would take the merge now (required checks have passed). */
  readonly until: 'news' | 'mergeable';
}
export interface FeedbackItem {
  readonly kind: 'comment' | 'check';
  readonly text: string;
  readonly author?: string;
  readonly path?: string;
  readonly line?: number;
  readonly url: string;
}
export type PullRequestNews =
  | { readonly kind: 'feedback'; readonly seen: PullRequestSeen; readonly items: readonly FeedbackItem[] }
  | { readonly kind: 'merged'; readonly commit: string; readonly by: string }
  | { readonly kind: 'closed'; readonly by: string }
  | { readonly kind: 'mergeable' };
