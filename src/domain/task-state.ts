/**
 * How a task stands, as its workflow answers it: status, attempts, gates and what they came to. JSON-safe. Decisions about
 * it stand in `lifecycle.ts`, `ladder.ts` and `gates.ts`.
 */

import { z } from 'zod';
import { Failure, Permission } from './failures.ts';
import { ExecutionId, TaskId } from './ids.ts';
import { Plan } from './plan.ts';
import { Command, Priority } from './task-spec.ts';

/** What an agent used, as its protocol says. */
export const Usage = z.object({
  inputTokens: z.int().min(0),
  /** Those of the input that came from the provider's cache. */
  cachedInputTokens: z.int().min(0).optional(),
  outputTokens: z.int().min(0),
  costUsd: z.number().min(0).optional(),
  turns: z.int().min(0).optional(),
});
export type Usage = z.infer<typeof Usage>;

export const TASK_STATUSES = [
  'pending',
  'blocked',
  'in_progress',
  'awaiting_gate',
  'completed',
  'failed',
  'cancelled',
] as const;

export const TaskStatus = z.enum(TASK_STATUSES);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** Where an attempt had got to. Small by construction: it travels in heartbeats and in failures. */
export const Checkpoint = z.object({
  /** Ordinal of the checkpoint within its attempt, from 1. */
  number: z.int(),
  attempt: z.int(),
  agentSession: z.string().optional(),
  /** Git tree of everything not ignored in the workspace at that moment. */
  tree: z.string().optional(),
  completed: z.array(z.string()),
  next: z.array(z.string()),
  createdFiles: z.array(z.string()),
  outputTail: z.string().optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** Why an attempt was started: the rung of the ladder that led to it. */
export const ATTEMPT_REASONS = [
  'first',
  'resume',
  'restart',
  'fix',
  'reassign',
  'conflict',
  'retry',
  /** A person had something to say to the agent. */
  'told',
  /** Review comments or failed checks of the forge. */
  'review',
  /** A person granted or refused what the agent had asked for. */
  'permission',
  /** A person changed the work themselves. */
  'by_hand',
] as const;

export const AttemptReason = z.enum(ATTEMPT_REASONS);
export type AttemptReason = z.infer<typeof AttemptReason>;

export const Attempt = z.object({
  number: z.int().min(1),
  reason: AttemptReason,
  agent: z.string(),
  outcome: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** The checkpoint this attempt was resumed from, as `<attempt>.<checkpoint number>`. */
  resumedFrom: z.string().optional(),
  commit: z.string().optional(),
  summary: z.string().optional(),
  failure: Failure.omit({ output: true }).optional(),
  /** The agent's own conversation, by which a person can look at it with the agent's own tools. */
  session: z.string().optional(),
  usage: Usage.optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** What the engine itself saw when it ran a check: never written by an agent. */
export const Evidence = z.object({
  name: z.string(),
  command: Command,
  commit: z.string(),
  /** null when the process ended by a signal or a timeout. */
  exitCode: z.int().nullable(),
  passed: z.boolean(),
  durationMs: z.number(),
  /** Digest of the whole output in the artifact store. */
  output: z.string(),
  tail: z.string(),
  /** Files taken from the base commit for this run, because the agent had changed them. */
  restored: z.array(z.string()).optional(),
  /** Of a check that failed: names that are ignored in the workspace, and so not there where checks run. */
  notInCommit: z.array(z.string()).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const GATE_KINDS = ['check', 'approval', 'escalation'] as const;

/** A decision that must be made before going on. A `check` gate is decided by the engine alone. */
export const Gate = z.object({
  /** `<kind>-<n>`, the n-th of its kind in this run of the task. Absent only in what an older Pawl answers or has put away. */
  id: z.string().optional(),
  /** Its kind. */
  gate: z.enum(GATE_KINDS),
  status: z.enum(['open', 'approved', 'rejected', 'passed', 'failed', 'unverified', 'stale']),
  commit: z.string().optional(),
  /** Digest of what was shown (diff and evidence); a decision is bound to it. */
  digest: z.string().optional(),
  question: z.string().optional(),
  /** Of an open one, where a person decides: what to do next, as commands and as the operations that they are. */
  next: z.string().optional(),
  /** What the agent asks for; then the gate is not about a change. */
  permission: Permission.optional(),
  by: z.string().optional(),
  via: z.string().optional(),
  /** Where in Pawl's own work the deciding program ran, as it said itself: `attempt 2 of fix-login`, `check of fix-login`. */
  inside: z.string().optional(),
  /** The id of the gate at which a person approved this very change, before its base had moved. */
  carriedFrom: z.string().optional(),
  reason: z.string().optional(),
  evidence: z.array(Evidence).optional(),
  /** When it began to wait, by the workflow's clock. Absent in gates from before it was kept. */
  openedAt: z.iso.datetime().optional(),
  /** When it was decided, or became stale while it was open. */
  decidedAt: z.iso.datetime().optional(),
});
export type Gate = z.infer<typeof Gate>;

export const PullRequest = z.object({
  number: z.int().min(1),
  url: z.string(),
  branch: z.string(),
  commit: z.string(),
  files: z.int(),
  insertions: z.int(),
  deletions: z.int(),
  /** Digest of the diff in the artifact store. */
  diff: z.string(),
  /** Check definitions, tests and lock files that the diff touches: a person should look at them. */
  flagged: z.array(z.string()),
  /** What else a person should look at, and why (`domain/remarks.ts`). */
  remarks: z.array(z.object({ path: z.string(), why: z.string() })).optional(),
  /** The base was rewritten since the task began: only the task's own change was carried over to it. */
  baseRewritten: z.literal(true).optional(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** How far an agent-run task is; the step that runs now. */
export const STEPS = ['workspace', 'attempt', 'check', 'pull_request', 'approval', 'merge'] as const;

export const Step = z.enum(STEPS);
export type Step = z.infer<typeof Step>;

/**
 * What a state, a row and an event are about: the one field by which their readers tell them apart. Each workflow type has
 * kinds of its own; these are those of tasks.
 */
export const TaskKind = z.enum(['client_driven', 'agent_run']);
export type TaskKind = z.infer<typeof TaskKind>;

/** What `state`, `pawl show --json` and `run --json` answer. */
export const TaskState = z.object({
  id: TaskId,
  kind: TaskKind,
  title: z.string(),
  description: z.string(),
  status: TaskStatus,
  /** Why the task is blocked or what it waits for. */
  waitingFor: z.string().optional(),
  progress: z.number().min(0).max(1).optional(),
  notes: z.array(z.string()),
  context: z.record(z.string(), z.unknown()).optional(),
  summary: z.string().optional(),
  artifacts: z.array(z.string()),
  plan: Plan.optional(),
  plannedAt: z.iso.datetime().optional(),
  /** Dependencies that are not completed. */
  openDependencies: z.array(z.string()).optional(),
  /** Tasks that wait for this one. */
  dependants: z.array(z.string()).optional(),
  /** The execution of a loop of which it does a skill. */
  execution: ExecutionId.optional(),
  /** How often a client has claimed the task; messages of an older claim are refused. */
  claims: z.int().optional(),
  changedAt: z.iso.datetime().optional(),
  /** Which of its runs this is: part of the keys of its effects and of where its logs are. */
  run: z.string().optional(),
  step: Step.optional(),
  repository: z.string().optional(),
  base: z.string().optional(),
  /** The folder of the repository in which agent, set-up and checks start; absent for its top. */
  dir: z.string().optional(),
  /** The name of the agent that was chosen for it. */
  agent: z.string().optional(),
  /** How soon an agent works on it, where several tasks wait for one; absent where that is normal. */
  priority: Priority.optional(),
  baseCommit: z.string().optional(),
  /** Set when the user's working tree had changes that are not part of the run. */
  dirty: z.boolean().optional(),
  /** True when no check is configured: the result was verified by nobody. */
  unverified: z.boolean().optional(),
  attempts: z.array(Attempt),
  gates: z.array(Gate),
  pullRequest: PullRequest.nullable(),
  mergedCommit: z.string().nullable(),
  /** Printed when the merge commit waits because files where the base branch is checked out are in its way. */
  takeCommand: z.string().optional(),
  /** Why it waits, as part of a sentence. */
  takeReason: z.string().optional(),
  /** What people have said about the work, in this run of the task and those before it. */
  said: z.string().optional(),
  failure: Failure.nullable(),
  /** Messages that could not be understood and were dropped, newest last. */
  ignoredMessages: z.int(),
});
export type TaskState = z.infer<typeof TaskState>;

export const isClosed = (status: TaskStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';
