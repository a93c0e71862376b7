/**
 * Dependencies in, activities out: the worker wires real ones, tests wire what they like. Everything that acts outside
 * stands behind the ports.
 */

import type { TaskId } from '../domain/ids.ts';
import type { Marks } from '../domain/marks.ts';
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
  WatchInput,
} from '../domain/steps.ts';
import type { AgentChoice, CheckDefinition, Command } from '../domain/task.ts';
import { runAttempt } from './attempt.ts';
import { runChecks } from './check.ts';
import { cleanUp, merge, publish } from './delivery.ts';
import type {
  Agent,
  ArtifactStore,
  AttemptLogs,
  Forge,
  Journal,
  JournalHeader,
  ProgramRunner,
  Slots,
  Workspaces,
} from './ports.ts';
import { type Answers, type Running, running } from './running.ts';
import { createWatches, watchPullRequest } from './watching.ts';
import { prepareWorkspace } from './workspace.ts';

export interface ActivityDeps {
  readonly workspaces: Workspaces;
  readonly forge: Forge;
  readonly programs: ProgramRunner;
  readonly artifacts: ArtifactStore;
  readonly logs: AttemptLogs;
  readonly journal: Journal;
  readonly slots: Slots;
  readonly agents: (choice: AgentChoice) => Agent | undefined;
  /** Parses a `pawl.yaml`. @throws PawlError with line and path of every problem */
  readonly parseConfiguration: (text: string) => Configuration;
  readonly matching: (paths: readonly string[], globs: readonly string[]) => string[];
  /** What a person should look at in a diff: check definitions, tests, lock files. */
  readonly flaggedGlobs: readonly string[];
  /** A private folder of one attempt. */
  readonly scratchFor: (task: string, attempt: number) => string;
  /** Removes those of all attempts of a task. Idempotent. */
  readonly removeScratch: (task: string) => Promise<void>;
  readonly marks: Marks;
  /** Ends every process that carries the mark or one below it. */
  readonly endMarked: (mark: string) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly owner: JournalHeader['owner'];
}

/** A `pawl.yaml` with its defaults filled in. */
export interface Configuration {
  readonly setup?: Command | undefined;
  readonly checks: readonly CheckDefinition[];
  readonly protect: readonly string[];
  readonly agents: Readonly<Record<string, Omit<AgentChoice, 'name'>>>;
}

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
    input: unknown,
    work: (run: Running) => Promise<T>,
    silent = false,
  ): Promise<T> => running({ journal, owner, mark, input, failureClass, answers, settled, silent }, work);
  const watches = createWatches();
  /** A step that changes what was watched. */
  const unwatched = <T>(task: TaskId, work: () => Promise<T>): Promise<T> => {
    watches.end(task);
    return work();
  };
  return {
    prepareWorkspace: (input: PrepareInput): Promise<Prepared> =>
      step(marks.ofStep(input.task.id, 'setup'), 'git', input, (run) => prepareWorkspace(deps, input, run)),
    runAttempt: (input: AttemptInput): Promise<AttemptResult> =>
      step(marks.ofAttempt(input.task.id, input.attempt.number), 'unknown', input, (run) =>
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
