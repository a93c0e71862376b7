/**
 * What the activities need from the world, in their own words. Adapters stand in `src/adapters`, one vendor or tool a
 * file; each port has a conformance suite in `test/conformance` that every adapter of it passes.
 */
import type { FailureClass, Permission } from '../domain/failures.ts';
import type { AttemptInput, PullRequestNews, TaskRef, WatchInput } from '../domain/steps.ts';
import type { AgentChoice, Checkpoint, Command, Policy, Usage } from '../domain/task.ts';

/** Something that works in a directory. */
export interface Agent {
  readonly name: string;
  /** A line a person can act on when this agent cannot run here; undefined when it can. */
  problem(choice: AgentChoice): Promise<string | undefined>;
  /**
   * Runs one attempt to its end. Aborting `signal` ends the agent's whole process group within 10 s.
   * @throws AgentFailure with the class decided from facts (exit status, protocol), never from words alone.
   */
  run(request: AgentRequest, observe: (event: AgentEvent) => void, signal: AbortSignal): Promise<AgentReport>;
}
export interface AgentRequest {
  readonly choice: AgentChoice;
  readonly task: { readonly id: string; readonly title: string; readonly requirement: string };
  readonly attempt: AttemptInput['attempt'];
  /** Marks the agent and everything it starts: `PAWL_PROCESS=<mark>`. */
  readonly mark: string;
  /** The agent's working directory. */
  readonly workspace: string;
  /** A private folder outside the workspace for the task file and the like. */
  readonly scratch: string;
  /** The engine's environment, from which the adapter takes only what it names. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly permissions: NonNullable<Policy['permissions']>;
  /** Those that the agent can be told; the others the engine holds itself. */
  readonly limits: Pick<Policy, 'costUsdMax' | 'turnsMax'>;
}
export type AgentEvent =
  /** The process runs; noted durably before anything else, so that a left-over can be found and ended. */
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'session'; readonly id: string }
  | { readonly type: 'log'; readonly text: string; readonly stream: 'stdout' | 'stderr' }
  | { readonly type: 'progress'; readonly text: string }
  /** The agent says that it changed this file. */
  | { readonly type: 'file'; readonly path: string }
  /** Of the attempt so far; the latest counts. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'checkpoint'; readonly completed: readonly string[]; readonly next: readonly string[] };
export interface AgentReport {
  readonly status: 'done' | 'blocked';
  readonly summary: string;
  /** Of the events `session` and `usage`; an adapter need not repeat them. */
  readonly session?: string;
  readonly usage?: Usage;
}
/** What is known of a failure besides its class. */
export interface FailureFacts {
  /** What the provider answered. */
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
  /** With class `permission`: what a person may grant. */
  readonly permission?: Permission;
}
export class AgentFailure extends Error {
  readonly class: FailureClass;
  readonly facts: FailureFacts;
  constructor(failureClass: FailureClass, message: string, facts: FailureFacts = {}) {
    super(message);
    this.name = 'AgentFailure';
    this.class = failureClass;
    this.facts = facts;
  }
}

/** Runs programs of the user or the repository (set-up, checks): no shell, scrubbed environment, own process group. */
export interface ProgramRunner {
  run(request: ProgramRequest, signal: AbortSignal): Promise<ProgramResult>;
}
export interface ProgramRequest {
  readonly command: Command;
  readonly cwd: string;
  /** Marks the processes, so that left-overs of a killed worker can be found: `PAWL_PROCESS=<mark>`. */
  readonly mark: string;
  readonly timeoutMs: number;
  readonly onStarted?: (pid: number) => void;
}
export interface ProgramResult {
  /** null when it ended by a signal or the timeout. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  /** stdout and stderr in the order they came; bounded, keeping head and tail. */
  readonly output: string;
}

/**
 * The engine's own git: a private bare mirror per repository and one worktree per task. It runs no hook, filter,
 * fsmonitor or other program that a repository names.
 */
export interface Workspaces {
  /** Fetches the base and makes (or finds) the worktree at it. Running it twice changes nothing. */
  prepare(
    task: TaskRef,
  ): Promise<{ readonly baseCommit: string; readonly path: string; readonly dirty: boolean }>;
  pathOf(task: TaskRef): string;
  /** A file of a commit, or undefined. Never follows a link. */
  fileAt(task: TaskRef, commit: string, path: string): Promise<string | undefined>;
  /** Tree id of everything not ignored, without touching the worktree's own index. */
  snapshot(task: TaskRef): Promise<{ readonly tree: string; readonly changedFiles: readonly string[] }>;
  /** Puts the worktree (tracked and not ignored files) into the state of a commit or tree. */
  restore(task: TaskRef, treeish: string): Promise<void>;
  /**
   * Commits everything not ignored on the task's branch with the effect's key as a trailer. When the tip has that
   * key already it is returned as it is; undefined when there is nothing to commit.
   */
  commit(task: TaskRef, message: string, key: string): Promise<string | undefined>;
  /** Tip of the task's branch. */
  head(task: TaskRef): Promise<string>;
  diff(task: TaskRef, from: string, to: string): Promise<Diff>;
  /** The same without the patch. */
  changes(task: TaskRef, from: string, to: string): Promise<Changes>;
  /** Paths of all files of a commit, from the top of the repository. */
  files(task: TaskRef, commit: string): Promise<readonly string[]>;
  /** Writes the files at `paths` as they are in `commit` into the worktree (deleting those that are not there). */
  overlay(task: TaskRef, commit: string, paths: readonly string[]): Promise<void>;
  /** Replaces one file of the worktree by `text`, never through a link and never outside the worktree. */
  write(task: TaskRef, path: string, text: string): Promise<void>;
  /** Whether there is a worktree of the task now. */
  exists(task: TaskRef): Promise<boolean>;
  /**
   * Fetches a newer base commit and merges it into the task's branch and worktree. Never leaves a half-made merge; on
   * a conflict the worktree holds the conflict markers for an agent to solve, nothing is committed, and the next
   * `commit` becomes the merge: its second parent is `base`.
   */
  mergeBase(
    task: TaskRef,
    head: string,
    base: string,
  ): Promise<
    | { readonly kind: 'merged'; readonly commit: string }
    | { readonly kind: 'conflict'; readonly files: readonly string[] }
  >;
  /** Removes the worktree and the mirror's branch. Running it twice changes nothing. */
  remove(task: TaskRef): Promise<void>;
}
export interface Changes {
  readonly files: readonly { readonly path: string; readonly status: 'added' | 'modified' | 'deleted' }[];
  readonly insertions: number;
  readonly deletions: number;
}
export interface Diff extends Changes {
  readonly patch: string;
}

/** Where pull requests live. Every call has a key, looks before it acts and settles an unknown outcome by reading. */
export interface Forge {
  /** A line a person can act on when this task could not be delivered (no token, no right to push); asked before an agent spends money. */
  problem(task: TaskRef): Promise<string | undefined>;
  /** Makes the commit reachable as the task's branch in the user's repository or remote. */
  push(task: TaskRef, commit: string): Promise<void>;
  /** Exactly one pull request per task: creates it, or brings the one there is up to date. */
  ensurePullRequest(request: PullRequestRequest): Promise<{ readonly number: number; readonly url: string }>;
  /** Base's tip now. */
  baseTip(task: TaskRef): Promise<string>;
  /** Merges exactly `commit` onto exactly `baseCommit`; answers `base_moved` when the base is elsewhere. */
  merge(
    request: MergeRequest,
  ): Promise<
    | { readonly kind: 'merged'; readonly commit: string; readonly takeCommand?: string }
    | { readonly kind: 'base_moved'; readonly baseCommit: string }
    | { readonly kind: 'pending'; readonly why: string }
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

/** Content-addressed store of what is too big for history. Digests read `sha256:<hex>`. */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<string>;
  /** Moves a finished file in without holding it in memory. */
  putFile(path: string): Promise<string>;
  read(digest: string): Promise<Buffer | undefined>;
}

/** One attempt's log as JSON lines (`{"t":iso,"type":"log"|"progress"|…,"text":…}`), readable while it is written. */
export interface AttemptLogs {
  open(task: string, attempt: number): AttemptLog;
  pathOf(task: string, attempt: number): string;
}
export interface AttemptLog {
  readonly path: string;
  write(line: { readonly type: string; readonly text: string }): void;
  close(): Promise<void>;
}

/**
 * What runs on this host, on disk before it runs: a worker that comes back after a kill ends what is left of it and
 * fails the activity at once, with the last checkpoint.
 */
export interface Journal {
  /** Opens the entry of one running activity; fsynced. */
  open(entry: JournalHeader): Promise<JournalEntry>;
  /** Entries whose worker is gone, of one workflow or all, with all that was noted in them. */
  leftOvers(workflowId?: string): Promise<readonly JournalRecord[]>;
  discard(id: string): Promise<void>;
}
export interface JournalHeader {
  /** Unique and file-name safe: one running activity. Begins with its workflow's id. */
  readonly id: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
  readonly activityType: string;
  /** The mark that its processes carry in `PAWL_PROCESS`. */
  readonly mark: string;
  /** The activity's input as JSON, for whoever has to finish or settle it. */
  readonly input?: unknown;
  /** Names exactly this try of the activity to the server, in base64: a later try has the same `activityId`. */
  readonly taskToken?: string;
  /** The worker that wrote it, so that entries of a living one are left alone. */
  readonly owner: JournalOwner;
}
export interface JournalOwner {
  readonly pid: number;
  readonly startedAt: string;
  /** Its id among the workers of the home, by which also one of another container is known to run. */
  readonly worker?: string;
}
export interface JournalEntry {
  /** Appends facts; on disk when the promise settles. Later values of a key win. */
  note(facts: JournalFacts): Promise<void>;
  /** Removes the entry: the activity ended. */
  close(): Promise<void>;
}
export interface JournalFacts {
  readonly pid?: number;
  readonly startedAt?: string;
  readonly checkpoint?: Checkpoint;
  /** The agent ended and said this; what is left to do is to commit. */
  readonly report?: AgentReport;
}
export interface JournalRecord extends JournalHeader, JournalFacts {
  /** A step of a running worker has the same mark: what carries it is not known to be left over. */
  readonly markInUse?: true;
}

/** At most so many agents at once on this host and per repository; who waits is told the place in the queue. */
export interface Slots {
  acquire(
    repository: string,
    onPosition: (position: number) => void,
    signal: AbortSignal,
  ): Promise<() => void>;
}
