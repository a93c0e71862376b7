/** Watches a pull request on its forge while the task waits for a person. On Pawl's own forge there is nothing to watch. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { PullRequestNews, WatchInput } from '../domain/pull-request-news.ts';
import type { Steps } from './activity-options.ts';
import { stepFailureOf } from './step-failure.ts';
import { need, refOf, type Turn } from './turn.ts';

export type News = () => PullRequestNews | undefined;

/**
 * Runs `wait` while an activity watches the pull request.
 * @param lost hears why nothing is watched any more, for a reason that trying again does not change
 */
export async function whileHearing<T>(
  turn: Turn,
  steps: Steps,
  until: WatchInput['until'],
  wait: (news: News) => Promise<T>,
  lost: (why: string) => void,
): Promise<T> {
  const { record, run, spec } = turn;
  if (spec.forge === undefined) return wait(() => undefined);
  const { published, commit, baseCommit } = need(run, 'published', 'commit', 'baseCommit');
  const { number } = published.pullRequest;
  const seen = run.heard ?? {};
  const input = { task: refOf(record, spec), pullRequest: number, commit, baseCommit, seen, until };
  let news: PullRequestNews | undefined;
  const scope = new CancellationScope();
  const heard = scope
    .run<PullRequestNews | undefined>(() =>
      steps.watchPullRequest.executeWithOptions({ summary: `watch #${number}` }, [input]),
    )
    .then(
      (told) => {
        news = told;
      },
      (error: unknown) => {
        if (isCancellation(error)) return;
        const { failure } = stepFailureOf(error);
        lost(`#${number} is not watched: ${failure.message}`);
      },
    );
  try {
    return await wait(() => news);
  } finally {
    scope.cancel();
    await heard;
  }
}
