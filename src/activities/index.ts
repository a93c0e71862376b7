/**
 * Dependencies in, activities out: the worker wires real ones, tests wire what they like. Everything that acts outside
 * stands behind the ports.
 */

import type { TakenUp, TakeUpInput } from '../domain/by-hand.ts';
import type { TaskId } from '../domain/ids.ts';
import { maskAll } from '../domain/mask.ts';
import type { PullRequestNews, WatchInput } from '../domain/pull-request-news.ts';
import type {
  AttemptInput,
  AttemptResult,
  CheckInput,
  CheckReport,
  CleanedUp,
  CleanUpInput,
  Merged,
  MergeInput,
  Prepared,
  PrepareInput,
  Published,
  PublishInput,
  TaskRef,
  WorkedOn,
} from '../domain/steps.ts';
import type { AgentChoice } from '../domain/task-spec.ts';
import { runAttempt } from './attempt.ts';
import { runChecks } from './check.ts';
import { cleanUp, merge, publish, takeUp } from './delivery.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor, titleMasked } from './masking.ts';
import { createMergeTurns } from './merge-turns.ts';
import { type Answers, type Running, running } from './running.ts';
import { createWatches, watchPullRequest } from './watch-pull-request.ts';
import { prepareWorkspace } from './workspace.ts';

export type Activities = ReturnType<typeof createActivities>;

/** @param settled settles what dead workers left of a workflow; each step waits for it */
export function createActivities(
  deps: ActivityDeps,
  answers: Answers,
  settled: (workflowId: string) => Promise<unknown> = async () => undefined,
) {
  const { journal, owner, marks, observer } = deps;
  const step = async <T, I extends { readonly task: TaskRef; readonly agent?: AgentChoice }>(
    mark: string,
    failureClass: 'git' | 'unknown',
    given: I,
    work: (input: I, run: Running) => Promise<T>,
    silent = false,
  ): Promise<T> => {
    const mask = () => maskFor(deps, given);
    // Also in the journal, from which a commit is made where the worker dies.
    const input = titleMasked(mask(), given);
    const options = { journal, owner, mark, input, mask, failureClass, answers, settled, silent };
    observer.stepRuns(input.task.id, true);
    try {
      return await running(options, (run) => work(input, run));
    } finally {
      observer.stepRuns(input.task.id, false);
    }
  };
  const watches = createWatches();
  const turns = createMergeTurns();
  /** Ends the watch on the pull request before a step that changes it. */
  const unwatched = <T>(task: TaskId, work: () => Promise<T>): Promise<T> => {
    watches.end(task);
    return work();
  };
  /** A step that is none of those by which a change comes to its merge: others may come to theirs meanwhile. */
  const aside = <T>(task: TaskId, work: () => Promise<T>): Promise<T> => {
    turns.giveUp({ id: task });
    return unwatched(task, work);
  };
  return {
    prepareWorkspace: (given: PrepareInput): Promise<Prepared> =>
      step(marks.ofStep(given.task.id, 'setup'), 'git', given, (input, run) =>
        prepareWorkspace(deps, input, run),
      ),
    runAttempt: (given: AttemptInput): Promise<AttemptResult> =>
      step(marks.ofAttempt(given.task, given.attempt.number), 'unknown', given, (input, run) =>
        aside(input.task.id, () => runAttempt(deps, input, run)),
      ),
    runChecks: (given: CheckInput): Promise<CheckReport> =>
      step(marks.ofStep(given.task.id, 'check'), 'unknown', given, (input, run) =>
        turns.during(input.task, () => runChecks(deps, input, run)),
      ),
    publish: (given: PublishInput): Promise<Published | WorkedOn> =>
      step(marks.ofStep(given.task.id, 'publish'), 'git', given, (input) =>
        turns.during(input.task, () => publish(deps, input)),
      ),
    takeUp: (given: TakeUpInput): Promise<TakenUp> =>
      step(marks.ofStep(given.task.id, 'take-up'), 'git', given, (input) =>
        aside(input.task.id, async () => maskAll(maskFor(deps, {}), await takeUp(deps, input))),
      ),
    merge: (given: MergeInput): Promise<Merged> =>
      step(marks.ofStep(given.task.id, 'merge'), 'git', given, (input, run) =>
        unwatched(input.task.id, async () => {
          const merged = await turns.during(input.task, () => merge({ ...deps, turns }, input, run));
          return maskAll(maskFor(deps, {}), merged);
        }),
      ),
    watchPullRequest: (given: WatchInput): Promise<PullRequestNews | undefined> =>
      step(
        marks.ofStep(given.task.id, 'watch'),
        'git',
        given,
        (input, run) => {
          turns.giveUp(input.task);
          return watchPullRequest(deps, watches, input, run);
        },
        true,
      ),
    cleanUp: (given: CleanUpInput): Promise<CleanedUp> =>
      step(marks.ofStep(given.task.id, 'clean-up'), 'git', given, (input) =>
        aside(input.task.id, async () => maskAll(maskFor(deps, {}), await cleanUp(deps, input))),
      ),
  };
}
