/** What Pawl reads of GitHub's answers, and no more: a field that is not here may come and go. */
import { z } from 'zod';

/** null: the account is gone. */
const User = z.object({ login: z.string(), type: z.string() }).nullish();

export const Repository = z.object({
  full_name: z.string(),
  archived: z.boolean(),
  /** What the token's user may do. */
  permissions: z.object({ push: z.boolean() }).optional(),
  /** Only shown to those who may push. */
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
});
export type Repository = z.infer<typeof Repository>;

export const Ref = z.object({ object: z.object({ sha: z.string() }) });

export const Commit = z.object({
  message: z.string(),
  committer: z.object({ email: z.string() }),
  tree: z.object({ sha: z.string() }),
});

const Side = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ full_name: z.string() }).nullable(),
});

/** As lists show it; `merged_at` is how a merged one differs from one that was closed. */
export const PullRequestInList = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullable(),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  head: Side,
  base: Side,
});
export type PullRequestInList = z.infer<typeof PullRequestInList>;

export const PullRequest = PullRequestInList.extend({
  merged: z.boolean(),
  merged_by: User,
  mergeable_state: z.string(),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const MergeResult = z.object({ sha: z.string(), merged: z.boolean() });

export const Issue = z.object({ closed_by: User });

export const IssueComment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: User,
  author_association: z.string(),
  html_url: z.string(),
});
export type Said = z.infer<typeof IssueComment>;

export const ReviewComment = IssueComment.extend({
  path: z.string(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
});
export type ReviewComment = z.infer<typeof ReviewComment>;
export const Review = IssueComment.extend({ state: z.string() });
export type Review = z.infer<typeof Review>;

export const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullable(),
      details_url: z.string().nullable(),
      output: z.object({
        title: z.string().nullable(),
        summary: z.string().nullable(),
        text: z.string().nullable(),
      }),
    }),
  ),
});
export type CheckRun = z.infer<typeof CheckRuns>['check_runs'][number];

export const CombinedStatus = z.object({
  statuses: z.array(
    z.object({
      id: z.number(),
      state: z.string(),
      context: z.string(),
      description: z.string().nullable(),
      target_url: z.string().nullable(),
    }),
  ),
});
export type Status = z.infer<typeof CombinedStatus>['statuses'][number];

/** Answered with 204. */
export const Nothing = z.unknown();
