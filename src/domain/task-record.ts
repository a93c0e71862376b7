/**
 * What a task workflow knows, as one plain JSON object that survives continue-as-new. The phase is a discriminated
 * union on `status`, so that a state which cannot be does not compile; `viewOf` flattens it for readers.
 */
import { gatesMeanwhile } from './carried.ts';
import type { Failure, FailureClass } from './failures.ts';
import { identified, nextAt } from './gates.ts';
import type { ExecutionId, TaskId } from './ids.ts';
import type { Value } from './loops/value-types.ts';
import type { SeenMessage } from './messages.ts';
import type { Dependency, Plan } from './plan.ts';
import type { PriorityWord } from './priority.ts';
import type { PullRequestSeen } from './pull-request-news.ts';
import type { Prepared, Published } from './steps.ts';
import type {
  Attempt,
  AttemptReason,
  Checkpoint,
  Evidence,
  Gate,
  Step,
  TaskKind,
  TaskState,
} from './task-state.ts';

export type Phase =
  | { readonly status: 'pending' }
  | { readonly status: 'blocked'; readonly waitingFor?: string }
  | { readonly status: 'in_progress' }
  | { readonly status: 'awaiting_gate'; readonly gate: Gate }
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'cancelled' };

/**
 * The rules that a task lives by are those it was started under, so that its history replays for ever. 2: what it can hold
 * is bounded, each change is told to lists with its time, and what waits anyway is not blocked by saying so. 3: each of its
 * workflow tasks leaves an event (`workflows/activations.ts`, which reads the edition in the memo), every end closes the
 * workspace, and a provider's `Retry-After` is bounded on both sides. 4: what an attempt leaves is named after its run too,
 * a task that is cancelled waits for the end of its attempt before it cleans up, where an approved change is watched no more
 * on its forge a person is asked, who asks in vain to be told of a task's end is told so, and an attempt that runs may report under its token. 5: the
 * step that makes the spec of an execution's task opens its branch.
 */
export const EDITION = 5;
export const APART_SINCE = 3;
export const ALIKE_SINCE = 3;
export const BOUNDED_WAIT_SINCE = 3;
export const NAMED_BY_RUN_SINCE = 4;
export const HEARD_OUT_SINCE = 4;
export const ASKED_UNWATCHED_SINCE = 4;
export const REFUSES_DEPENDANTS_SINCE = 4;
export const AGENT_REPORTS_SINCE = 4;
export const BRANCH_WITH_SPEC_SINCE = 5;
export type Edition = 2 | 3 | 4 | typeof EDITION;

export interface TaskRecord {
  readonly id: TaskId;
  /** Absent in tasks that were started before there was a second one. */
  readonly edition?: Edition;
  readonly kind: TaskKind;
  phase: Phase;
  title: string;
  description: string;
  progress?: number;
  context?: Record<string, unknown>;
  summary?: string;
  notes: readonly string[];
  artifacts: readonly string[];
  seen: readonly SeenMessage[];
  ignoredMessages: number;
  run?: Run;
  plan?: Plan;
  readonly plannedAt?: string;
  /** Dependencies that are not completed. */
  waitsFor?: readonly Dependency[];
  /** Those of them that know that this task waits. */
  asked?: readonly string[];
  /** Tasks that wait for this one. */
  dependants?: readonly string[];
  claims?: Claims;
  /** Messages that counted; what readers see is shown anew after each. */
  changes?: number;
  /** When the last of them came, by the workflow's clock. */
  changedAt?: string;
}

/** Fencing among clients: only the latest claim's token may report. */
export interface Claims {
  readonly count: number;
  readonly token: string;
  readonly by: string;
  /** Who held the claim before. */
  readonly takenFrom?: string;
}

/** How far an agent-run task is. `step` is what happens next; the rest is what the steps before it found out. */
export interface Run {
  /** Tells it from the task's other runs. Absent in tasks that were started before it was kept. */
  readonly id?: string;
  readonly repository: string;
  readonly base: string;
  /** The folder of the repository that it is about; absent for all of it. */
  readonly dir?: string;
  /** Of which it does a skill. */
  readonly execution?: ExecutionId;
  /** Absent in tasks that were started before it was kept. */
  readonly agent?: string;
  /** Absent: normal. */
  readonly priority?: PriorityWord;
  /** Since when its latest attempt counts as waiting for a free agent (`waiting-order.ts`). */
  waitsSinceMs?: number;
  /** What ended the latest attempt before it had begun, which is none of `attempts`. Present until the next one. */
  unbegun?: FailureClass;
  /** It has no agent (`skill-task.ts`). */
  readonly mendedByPeople?: true;
  step: Step;
  attempts: readonly Attempt[];
  gates: readonly Gate[];
  prepared?: Prepared;
  /** The base commit that checks and approval are about; moves on when the base does. */
  baseCommit?: string;
  /** The base has lost a commit that the task stood on. */
  baseRewritten?: true;
  next: NextAttempt;
  /** Fencing: messages of any other attempt are refused. Present while an attempt runs. */
  token?: string;
  /** What that attempt has reported itself, counted. */
  reports?: number;
  checkpoint?: Checkpoint;
  /** The engine's own commit that is checked, shown and merged. */
  commit?: string;
  /** The last of them that is nothing but the approved change with a base that had moved. */
  moved?: string;
  commitSummary?: string;
  /** What the task returns to the execution of which it does a skill. */
  outputs?: Readonly<Record<string, Value>>;
  evidence?: readonly Evidence[];
  published?: Published;
  mergedCommit?: string;
  takeCommand?: string;
  takeReason?: string;
  /** The agent's own conversation, which an attempt that is no fresh start goes on with. */
  session?: string;
  /** What people have said to the agent and it has not got yet, oldest first. */
  told?: readonly Told[];
  /** All that people have said about the work, also in runs of the task before this one (`said.ts`). */
  said?: string;
  /** What a person has granted and refused, by `Permission.id`. */
  granted?: readonly string[];
  refused?: readonly string[];
  /** How far the forge's comments and checks were heard. */
  heard?: PullRequestSeen;
  /** How often in a row all tries of its merge were lost with their workers. */
  lostMerges?: number;
  /** People have put something on the task's branch that it has yet to take up, or may have. */
  untaken?: true;
  /** The step that is next could not be done. Present while a person is asked, who may let it be done again. */
  undone?: true;
  /** What of a delivery people have to mend. Present once they were asked, who may have it delivered anew. */
  unmended?: Failure;
  /** They have: the execution does it once more. */
  isDoneAnew?: true;
  /** What the forge wants before it merges. Present while a person is asked because that is watched no more. */
  unwatched?: string;
}

/** An instruction for the agent. */
export interface Told {
  readonly text: string;
  readonly by: string;
  readonly inside?: string;
  /** It answers no escalation, and waits until somebody else has. */
  readonly mayDecide?: false;
}

/** The attempt that the ladder decided on. */
export interface NextAttempt {
  readonly reason: AttemptReason;
  readonly waitMs?: number;
  readonly checkpoint?: Checkpoint;
  readonly feedback?: string;
}

/** All gates of the run as readers see them, in the order in which they opened; what is open is the last. */
export function gatesOf(record: TaskRecord): Gate[] {
  const { run } = record;
  const gate = openGateOf(record);
  if (gate === undefined) return identified(run === undefined ? [] : gatesMeanwhile(run));
  const next = gate.status === 'open' ? { next: nextAt(record.id, gate, run) } : {};
  return identified([...(run?.gates ?? []), { ...gate, ...next }]);
}

export const openGateOf = (record: TaskRecord): Gate | undefined =>
  record.phase.status === 'awaiting_gate' ? record.phase.gate : undefined;

/** What a reader sees. Pure; the attempt token stays inside. */
export function viewOf(record: TaskRecord): TaskState {
  const { phase, run } = record;
  return {
    id: record.id,
    kind: record.kind,
    title: record.title,
    description: record.description,
    status: phase.status,
    ...(phase.status === 'blocked' && phase.waitingFor !== undefined ? { waitingFor: phase.waitingFor } : {}),
    ...present('progress', record.progress),
    notes: [...record.notes],
    ...present('context', record.context),
    ...present('summary', record.summary),
    artifacts: [...record.artifacts],
    ...present('plan', record.plan),
    ...present('plannedAt', record.plannedAt),
    ...(record.waitsFor === undefined ? {} : { openDependencies: record.waitsFor.map(({ id }) => id) }),
    ...present('dependants', record.dependants?.slice()),
    ...present('claims', record.claims?.count),
    ...present('changedAt', record.changedAt),
    ...(run === undefined ? {} : runViewOf(run)),
    attempts: [...(run?.attempts ?? [])],
    gates: gatesOf(record),
    pullRequest: run?.published?.pullRequest ?? null,
    mergedCommit: run?.mergedCommit ?? null,
    failure: phase.status === 'failed' ? phase.failure : null,
    ignoredMessages: record.ignoredMessages,
  };
}

function runViewOf(run: Run): Partial<TaskState> {
  return {
    ...present('run', run.id),
    step: run.step,
    repository: run.repository,
    base: run.base,
    ...present('dir', run.dir),
    ...present('execution', run.execution),
    ...present('agent', run.agent),
    ...present('priority', run.priority),
    ...present('baseCommit', run.baseCommit),
    ...present('dirty', run.prepared?.dirty),
    ...(run.prepared === undefined ? {} : { unverified: run.prepared.checks.length === 0 }),
    ...present('takeCommand', run.takeCommand),
    ...present('takeReason', run.takeReason),
    ...present('said', run.said),
  };
}

/** An optional property is left out, not set to undefined: that is how JSON sees it too. */
function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
