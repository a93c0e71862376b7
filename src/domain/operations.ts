/**
 * The public surface of Pawl, once. CLI commands, the typed client and (by their own loops) HTTP routes and MCP tools
 * are made from this table; an operation without a row here does not exist.
 */
import { z } from 'zod';
import { ArtifactType, Digest } from './artifacts.ts';
import { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { ClaimMessage, CompleteMessage, TellMessage, UpdateMessage } from './messages.ts';
import { Due, Plan, SessionId } from './plan.ts';
import { Counts, RowFilter, TaskRow } from './rows.ts';
import { Session, SessionTally } from './session.ts';
import { AgentChoice, CheckDefinition, Command, Gate, Policy, TaskState, TaskStatus } from './task.ts';
import { RESTART_REASONS, Restart, Vitals } from './vitals.ts';

const ById = z.strictObject({ id: TaskId });

/** `run`: a requirement to be done by an agent in a repository. */
export const RunInput = z.strictObject({
  /** Start is idempotent by id: the same id and body finds the task, another body is a conflict. */
  id: TaskId,
  requirement: z
    .string()
    .trim()
    .min(1, { error: 'expected what should be done, in words' })
    .max(LIMITS.requirementCharsMax),
  /** Any path inside the repository, absolute. */
  repository: z.string().min(1).max(4096),
  /** Branch to start from and merge into; default: what the repository has checked out. */
  base: z.string().min(1).max(255).optional(),
  /** Default `auto`: the first of claude, codex, gemini and opencode that is installed and has credentials. */
  agent: AgentChoice.optional(),
  checks: z.array(CheckDefinition).max(LIMITS.checksPerTaskMax).optional(),
  setup: Command.optional(),
  /** Default: `github` where the remote is there and the engine has a token for it, else Pawl's own. */
  forge: z.enum(['local', 'github']).optional(),
  policy: Policy.partial().optional(),
});
export type RunInput = z.infer<typeof RunInput>;

export const Title = z
  .string()
  .max(LIMITS.titleCharsMax)
  .regex(/\S/, { error: 'expected a title in words, got none' });

/** A key of that name is none to a program that sets it, so it would be lost without a word. */
const withoutPrototype = (context: Readonly<Record<string, unknown>>, { addIssue }: z.RefinementCtx) => {
  if (typeof context === 'object' && context !== null && Object.hasOwn(context, '__proto__'))
    addIssue({ code: 'custom', path: ['__proto__'], message: 'expected another name for this key' });
  return context;
};
export const Context = z.preprocess(
  withoutPrototype,
  z
    .record(z.string(), z.unknown())
    .refine((context) => JSON.stringify(context).length <= LIMITS.messageCharsMax, {
      error: `expected at most ${LIMITS.messageCharsMax} characters of JSON: report long texts as results`,
    }),
);

/** `create`: a task that the client works on itself. */
export const CreateInput = z.strictObject({
  id: TaskId,
  title: Title,
  description: z.string().max(LIMITS.descriptionCharsMax).default(''),
  context: Context.optional(),
  ...Plan.shape,
  due: Due,
});
export type CreateInput = z.infer<typeof CreateInput>;

const Started = z.object({ id: TaskId, created: z.boolean() });
const Acknowledged = z.object({ id: TaskId, status: TaskStatus });
const Decision = z.strictObject({
  id: TaskId,
  gate: z.enum(['approval', 'escalation']).default('approval'),
  digest: z.string().optional(),
  by: z.string().min(1).max(200),
  via: z.enum(['cli', 'http', 'mcp', 'client']).default('client'),
  messageId: z.string().min(1).max(200).optional(),
});

export const LogLine = z.object({ t: z.string(), attempt: z.int(), type: z.string(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** What was done, kept in the artifact store; the task holds addresses. */
const Results = {
  detail: z.string().max(LIMITS.detailCharsMax).optional(),
  /** Files of the session's working directory, relative to it or absolute. */
  files: z.array(z.string().min(1).max(4096)).max(LIMITS.filesPerMessageMax).optional(),
  artifactType: ArtifactType.optional(),
};

export const operations = {
  run: {
    summary: 'Give a requirement to an agent',
    input: RunInput,
    output: Started,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/runs',
  },
  create: {
    summary: 'Create a task that you work on yourself',
    input: CreateInput,
    output: Started,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks',
  },
  list: {
    summary: 'List tasks, newest first',
    input: RowFilter,
    /** `total`: how many there are without limit and offset. */
    output: z.object({ tasks: z.array(TaskRow), total: z.int() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks',
  },
  show: {
    summary: 'Show one task',
    input: ById,
    output: TaskState,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}',
  },
  update: {
    summary: 'Report progress on a task, or change its words',
    input: z.strictObject({
      id: TaskId,
      ...UpdateMessage.shape,
      ...Results,
      title: Title.optional(),
      context: Context.optional(),
      due: Due,
    }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'PATCH',
    path: '/api/tasks/{id}',
  },
  count: {
    summary: 'Count tasks by status and by who should do them',
    input: z.strictObject({ session: SessionId.optional() }),
    output: Counts,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/counts',
  },
  claim: {
    summary: 'Take a task to work on it: whoever had it before may not report any more',
    input: z.strictObject({ id: TaskId, ...ClaimMessage.shape }),
    output: Acknowledged.extend({ attemptToken: z.string() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/claim',
  },
  complete: {
    summary: 'Close a task that you worked on yourself',
    input: z.strictObject({ id: TaskId, ...CompleteMessage.shape, ...Results }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/complete',
  },
  archive: {
    summary: 'Put a task away that is over: lists leave it out',
    input: ById,
    output: Acknowledged.extend({ archivedAt: z.iso.datetime() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/archive',
  },
  remove: {
    summary: 'Forget a task for good; its artifacts stay',
    input: ById,
    output: z.object({ id: TaskId, removed: z.literal(true) }),
    scope: 'operate',
    idempotent: false,
    method: 'DELETE',
    path: '/api/tasks/{id}',
  },
  artifact: {
    summary: 'Read an artifact, or a part of it',
    input: z.strictObject({ digest: Digest, offset: z.int().min(0).default(0) }),
    /** `bytes` of all of it; `content` in base64; `next` offset, null at the end. */
    output: z.object({ digest: Digest, bytes: z.int(), content: z.string(), next: z.int().nullable() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/artifacts/{digest}',
  },
  open: {
    summary: 'Open the session of a working directory, or find it',
    input: z.strictObject({ directory: z.string().min(1).max(4096) }),
    output: Session.extend({ created: z.boolean() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/sessions',
  },
  sessions: {
    summary: 'List sessions, latest activity first',
    input: z.strictObject({}),
    output: z.object({ sessions: z.array(SessionTally) }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/sessions',
  },
  forget: {
    summary: 'Forget a session without open tasks',
    input: z.strictObject({ session: SessionId }),
    output: z.object({ session: SessionId, forgotten: z.literal(true) }),
    scope: 'operate',
    idempotent: false,
    method: 'DELETE',
    path: '/api/sessions/{session}',
  },
  answer: {
    summary: 'Keep what a call was answered, for the same call again; or recall it',
    input: z.strictObject({
      /** Names the call: a digest of what is called and of the key that was chosen for it. */
      key: z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' }),
      /** Another request of the same caller under the same key is a conflict, that of another caller a call of its own. */
      caller: z.string().max(200).default(''),
      /** Digest of what was asked. */
      request: Digest,
      /** To keep before the call acts, as JSON: what its answer needs to know of how it was. The first one stays. */
      intent: z.string().max(LIMITS.answerCharsMax).optional(),
      /** To keep, as JSON; the first one stays. Without this and an intent: only recall. */
      answer: z.string().max(LIMITS.answerCharsMax).optional(),
    }),
    output: z.object({ intent: z.string().optional(), answer: z.string().nullable() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/answers/{key}',
  },
  vitals: {
    summary: 'Measure how the engine is',
    input: z.strictObject({}),
    output: Vitals,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/vitals',
  },
  restart: {
    summary: 'Restart the worker; what runs is handed over to the next one',
    input: z.strictObject({
      reason: z.enum(RESTART_REASONS).default('manual_request'),
      /** After so long a worker that does not end counts as failed to. */
      timeoutSeconds: z.int().min(10).max(300).default(30),
    }),
    output: Restart,
    scope: 'operate',
    idempotent: false,
    method: 'POST',
    path: '/api/restart',
  },
  gates: {
    summary: 'List the decisions that wait for a person',
    input: z.strictObject({}),
    output: z.object({ gates: z.array(z.object({ id: TaskId, title: z.string(), gate: Gate })) }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/gates',
  },
  approve: {
    summary: 'Approve what a task shows',
    input: Decision,
    output: Acknowledged,
    scope: 'approve',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/approve',
  },
  reject: {
    summary: 'Reject what a task shows, with a reason the agent gets',
    input: Decision.extend({ reason: z.string().min(1).max(LIMITS.noteCharsMax) }),
    output: Acknowledged,
    scope: 'approve',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/reject',
  },
  tell: {
    summary: 'Give the agent of a task a further instruction',
    input: z.strictObject({ id: TaskId, ...TellMessage.shape }),
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/tell',
  },
  retry: {
    summary: 'Run a failed or cancelled task again, or go on from an escalation',
    input: ById,
    output: Started,
    scope: 'operate',
    idempotent: false,
    method: 'POST',
    path: '/api/tasks/{id}/retry',
  },
  cancel: {
    summary: 'Cancel a task and clean up after it',
    input: ById,
    output: Acknowledged,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/tasks/{id}/cancel',
  },
  diff: {
    summary: 'Show the change of a task',
    input: ById,
    output: z.object({ id: TaskId, commit: z.string(), patch: z.string() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}/diff',
  },
  logs: {
    summary: 'Show what the agent printed',
    input: z.strictObject({
      id: TaskId,
      attempt: z.int().min(1).optional(),
      /** Byte offset into the attempt's log, to go on where an earlier answer ended. */
      offset: z.int().min(0).default(0),
    }),
    output: z.object({ lines: z.array(LogLine), attempt: z.int(), offset: z.int() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/tasks/{id}/logs',
  },
} as const satisfies Record<string, Operation>;

interface Operation {
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly scope: 'read' | 'operate' | 'approve' | 'agent';
  /** The same call twice does what one does. */
  readonly idempotent: boolean;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
}

export type OperationName = keyof typeof operations;
/** What a caller writes: defaults may be left out. */
export type CallOf<N extends OperationName> = z.input<(typeof operations)[N]['input']>;
export type InputOf<N extends OperationName> = z.output<(typeof operations)[N]['input']>;
export type OutputOf<N extends OperationName> = z.output<(typeof operations)[N]['output']>;

/** The operations as functions. */
export type Calls = { [N in OperationName]: (input: InputOf<N>) => Promise<OutputOf<N>> };

/** What every edge depends on. `client.ts` is the Temporal one; tests pass a plain object. */
export interface Engine extends Calls {
  /**
   * The task's state now and after each change, until it is closed or `signal` aborts. Costs one long poll while
   * nothing moves; outlives a Temporal that is away for a while.
   */
  follow(id: TaskId, signal: AbortSignal): AsyncIterable<TaskState>;
}
