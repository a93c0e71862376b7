/**
 * Dependencies in, activities out: the worker wires real ones, tests wire what they like. Everything that acts outside
 * stands behind the ports.
 */
import type { TaskId } from '../domain/ids.ts';
import type {
  AttemptInput,
  AttemptResult,
  CheckInput,
  CheckReport,
  CleanUpInput,
  Merged,
  MergeInput,
  Prepared,
  PrepareInput,
  Published,
  PublishInput,
  PullRequestNews,
  TaskRef,
  WatchInput,
} from '../domain/steps.ts';
import type { AgentChoice } from '../domain/task-spec.ts';
import { runAttempt } from './attempt.ts';
import { runChecks } from './check.ts';
import { cleanUp, merge, publish } from './delivery.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor } from './masking.ts';
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
  const { journal, owner, marks } = deps;
  const step = <T>(
    mark: string,
    failureClass: 'git' | 'unknown',
    input: { readonly task: TaskRef; readonly agent?: AgentChoice },
    work: (run: Running) => Promise<T>,
    silent = false,
  ): Promise<T> => {
    const mask = () => maskFor(deps, input);
    return running({ journal, owner, mark, input, mask, failureClass, answers, settled, silent }, work);
  };
  const watches = createWatches();
  /** Ends the watch on the pull request before a step that changes it. */
  const unwatched = <T>(task: TaskId, work: () => Promise<T>): Promise<T> => {
    watches.end(task);
    return work();
  };
  return {
    prepareWorkspace: (input: PrepareInput): Promise<Prepared> =>
      step(marks.ofStep(input.task.id, 'setup'), 'git', input, (run) => prepareWorkspace(deps, input, run)),
    runAttempt: (input: AttemptInput): Promise<AttemptResult> =>
      step(marks.ofAttempt(input.task, input.attempt.number), 'unknown', input, (run) =>
        unwatched(input.task.id, () => runAttempt(deps, input, run)),
      ),
    runChecks: (input: CheckInput): Promise<CheckReport> =>
      step(marks.ofStep(input.task.id, 'check'), 'unknown', input, (run) => runChecks(deps, input, run)),
    publish: (input: PublishInput): Promise<Published> =>
      step(marks.ofStep(input.task.id, 'publish'), 'git', input, () => publish(deps, input)),
    merge: (input: MergeInput): Promise<Merged> =>
      step(marks.ofStep(input.task.id, 'merge'), 'git', input, () =>
        unwatched(input.task.id, () => merge(deps, input)),
      ),
    watchPullRequest: (input: WatchInput): Promise<PullRequestNews | undefined> =>
      step(
        marks.ofStep(input.task.id, 'watch'),
        'git',
        input,
        (run) => watchPullRequest(deps, watches, input, run),
        true,
      ),
    cleanUp: (input: CleanUpInput): Promise<void> =>
      step(marks.ofStep(input.task.id, 'clean-up'), 'git', input, () =>
        unwatched(input.task.id, () => cleanUp(deps, input)),
      ),
  };
}
