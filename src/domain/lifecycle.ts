/**
 * What each message does to a task, and why it may not. Pure: the validator, the handler and the tests ask the same
 * functions. `problemWith…` answers why a message is refused, in one sentence with what to do instead.
 */
import { countReport, FENCED, problemWithReporter } from './attempt-reports.ts';
import { dropFromPlan, leftOf, problemWithDrop } from './dropped-dependencies.ts';
import { decidedGate, problemAtGates } from './gates.ts';
import { clip, LIMITS } from './limits.ts';
import type {
  ApproveGateMessage,
  ClaimMessage,
  CompleteMessage,
  TellMessage,
  UpdateMessage,
} from './messages.ts';
import { type Dependency, waitingForText, withEnded } from './plan.ts';
import { notedGate, noteTold, problemWithAgent } from './said.ts';
import { gatesOf, openGateOf, type Phase, type TaskRecord } from './task-record.ts';
import { isClosed, type TaskStatus } from './task-state.ts';

/** From → to. Staying where one is is no transition and always allowed. */
const TRANSITIONS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  pending: ['in_progress', 'blocked', 'completed', 'failed', 'cancelled'],
  blocked: ['pending', 'in_progress', 'completed', 'failed', 'cancelled'],
  in_progress: ['blocked', 'awaiting_gate', 'completed', 'failed', 'cancelled'],
  awaiting_gate: ['in_progress', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

export const mayMove = (from: TaskStatus, to: TaskStatus): boolean =>
  from === to || TRANSITIONS[from].includes(to);

/** Moves the task. An illegal move here is a bug of the engine, because messages were asked before. */
export function move(record: TaskRecord, phase: Phase): void {
  if (!mayMove(record.phase.status, phase.status)) {
    throw new TypeError(`illegal transition from ${record.phase.status} to ${phase.status}`);
  }
  record.phase = phase;
}

/** Keeps the latest notes. */
export function addNote(record: TaskRecord, note: string): void {
  record.notes = [...record.notes, clip(note, LIMITS.noteCharsMax)].slice(-LIMITS.notesKeptMax);
}

export function problemWithUpdate(record: TaskRecord, message: UpdateMessage): string | undefined {
  const { status } = record.phase;
  if (isClosed(status)) return closedProblem(record);
  const unbounded =
    problemWithReporter(record, message) ??
    problemWithBounds(record, message) ??
    problemWithDrop(record, message);
  if (unbounded !== undefined || message.status === undefined) return unbounded;
  if (record.kind === 'agent_run') {
    return `the engine sets the status of an agent-run task, it is ${status}: leave status out`;
  }
  const waitsFor = leftOf(record, message);
  if (message.status !== 'blocked' && waitsFor.length > 0) return waitsProblem({ waitsFor });
  if (mayMove(status, message.status)) return undefined;
  return `expected a status that can follow ${status} (${TRANSITIONS[status].join(', ')}), got ${message.status}`;
}

export function applyUpdate(record: TaskRecord, message: UpdateMessage): void {
  countReport(record, message);
  if (message.title !== undefined) record.title = message.title;
  if (message.description !== undefined) record.description = message.description;
  if (message.progress !== undefined) record.progress = message.progress;
  if (message.context !== undefined) record.context = { ...record.context, ...message.context };
  const { complexity, specialist, effort, due } = message;
  const planned = Object.entries({ complexity, specialist, effort, due }).filter(
    ([, value]) => value !== undefined,
  );
  if (planned.length > 0) record.plan = { ...record.plan, ...Object.fromEntries(planned) };
  dropFromPlan(record, message);
  for (const id of message.dropDependencies ?? []) waitOn(record, id, () => leftOf(record, message));
  if (message.artifacts !== undefined) addArtifacts(record, message.artifacts);
  if (message.note !== undefined) addNote(record, message.note);
  // What waits becomes ready by itself, unless somebody says why not.
  const waitsAnyway = record.edition !== undefined && waits(record) && message.note === undefined;
  if (message.status === 'blocked' && !waitsAnyway) {
    move(record, { status: 'blocked', ...(message.note === undefined ? {} : { waitingFor: message.note }) });
  } else if (message.status !== undefined && message.status !== record.phase.status) {
    move(record, { status: message.status });
  }
}

export function problemWithComplete(record: TaskRecord, message: CompleteMessage): string | undefined {
  const { phase, run } = record;
  if (isClosed(phase.status)) return closedProblem(record);
  const token = record.kind === 'client_driven' ? record.claims?.token : run?.token;
  if (message.attemptToken !== undefined && message.attemptToken !== token) return FENCED;
  if (record.kind === 'client_driven') {
    if (message.outcome !== 'failed' && waits(record)) return waitsProblem(record);
    return problemWithBounds(record, message);
  }
  if (phase.status !== 'awaiting_gate')
    return 'an attempt or step of the engine is running: wait for its gate, or cancel';
  if (message.outcome === 'failed')
    return message.mayDecide === false
      ? 'a gate waits for a decision, and whoever says this may not decide'
      : undefined;
  return 'an agent-run task is completed by its merge: approve or reject its gate';
}

/**
 * A failed outcome keeps the summary as the failure's message, and closes the open gate in the name of who says so.
 * @param now ISO 8601, by the workflow's clock
 */
export function applyComplete(record: TaskRecord, message: CompleteMessage, via: string, now: string): void {
  const { run } = record;
  const gate = openGateOf(record);
  if (run !== undefined && gate?.status === 'open' && message.by !== undefined) {
    const reason = clip(message.summary, LIMITS.noteCharsMax);
    const { by, inside } = message;
    const rejected = decidedGate(gate, { decision: 'reject', by, inside, reason }, via, now);
    run.gates = [...run.gates, notedGate(run, rejected)];
  }
  record.summary = message.summary;
  addArtifacts(record, message.artifacts ?? []);
  const failed = message.outcome === 'failed';
  move(
    record,
    failed
      ? { status: 'failed', failure: { class: 'unknown', message: message.summary } }
      : { status: 'completed' },
  );
}

export function problemWithDecision(record: TaskRecord, message: ApproveGateMessage): string | undefined {
  const { status } = record.phase;
  if (isClosed(status)) return closedProblem(record);
  return problemAtGates(gatesOf(record), message, status);
}

/**
 * Records the decision on the open gate; the workflow's main loop acts on it.
 * @param now ISO 8601, by the workflow's clock
 */
export function applyDecision(
  record: TaskRecord,
  message: ApproveGateMessage,
  via: string,
  now: string,
): void {
  const gate = openGateOf(record);
  if (gate === undefined) throw new TypeError('a decision without an open gate was not refused');
  const decided = decidedGate(gate, message, via, now);
  record.phase = { status: 'awaiting_gate', gate: notedGate(record.run, decided) };
}

export function problemWithTell(
  record: TaskRecord,
  { mayDecide }: Pick<TellMessage, 'mayDecide'> = {},
): string | undefined {
  const { phase, run } = record;
  if (isClosed(phase.status)) return closedProblem(record);
  if (run === undefined) return 'no agent of the engine works on a client-driven task: update it instead';
  const untold = problemWithAgent(run);
  if (untold !== undefined) return untold;
  const gate = openGateOf(record);
  if (mayDecide === false && gate?.gate === 'escalation' && gate.status === 'open')
    return 'an escalation waits for a decision, and whoever says this may not decide';
  return undefined;
}

/** The main loop gives it to the agent: at once where it works or waits, else with its next attempt. */
export function applyTell({ run }: TaskRecord, { text, by, inside, mayDecide }: TellMessage): void {
  const signed = { by, ...(inside !== undefined && { inside }) };
  noteTold(run, { text, ...signed, ...(mayDecide === false && { mayDecide }) });
}

export function problemWithClaim(record: TaskRecord): string | undefined {
  const { status } = record.phase;
  if (isClosed(status)) return closedProblem(record);
  if (record.kind === 'agent_run') return 'an agent of the engine works on this task: it cannot be claimed';
  return waits(record) ? waitsProblem(record) : undefined;
}

/** @param token names the claim; whoever holds an older one is fenced off */
export function applyClaim(record: TaskRecord, { by }: ClaimMessage, token: string): void {
  const { count, by: takenFrom } = record.claims ?? { count: 0 };
  record.claims = { count: count + 1, token, by, ...(takenFrom !== undefined && { takenFrom }) };
  if (record.phase.status !== 'in_progress') move(record, { status: 'in_progress' });
}

/** A dependency has ended: the task becomes ready with the last one that was completed. */
export function applyEnded(
  record: TaskRecord,
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
): void {
  waitOn(record, id, (open) => withEnded(open, id, status));
}

/** A dependency will not tell of its end: the task says so, and what can be done. */
export function applySilent(record: TaskRecord, id: string): void {
  waitOn(record, id, (open) => open.map((one) => (one.id === id ? { ...one, silent: true } : one)));
}

function waitOn(
  record: TaskRecord,
  id: string,
  next: (open: readonly Dependency[]) => readonly Dependency[],
): void {
  const { phase, waitsFor = [] } = record;
  if (!waitsFor.some((one) => one.id === id)) return;
  record.waitsFor = next(waitsFor);
  // Who blocked it for a reason of their own unblocks it.
  if (phase.status === 'blocked' && phase.waitingFor === waitingForText(waitsFor))
    move(record, phaseOf(record.waitsFor));
}

/** How a task with these open dependencies starts. */
export const phaseOf = (open: readonly Dependency[]): Phase =>
  open.length === 0 ? { status: 'pending' } : { status: 'blocked', waitingFor: waitingForText(open) };

const waits = ({ waitsFor = [] }: TaskRecord): boolean => waitsFor.length > 0;

const waitsProblem = ({ waitsFor = [] }: Pick<TaskRecord, 'waitsFor'>): string =>
  `task waits for ${waitingForText(waitsFor)}: it becomes ready by itself once they are completed`;

/** What is acknowledged is kept: a message that brings more than a task can hold is refused. */
function problemWithBounds(
  { edition, artifacts, context }: TaskRecord,
  added: Pick<UpdateMessage, 'artifacts' | 'context'>,
): string | undefined {
  if (edition === undefined) return undefined;
  const count = withArtifacts(artifacts, added.artifacts).length;
  if (count > LIMITS.artifactsPerTaskMax)
    return `artifacts: a task keeps at most ${LIMITS.artifactsPerTaskMax}, with these it would have ${count}: report fewer, or plan a part of its own for them`;
  const { length } = added.context === undefined ? '' : JSON.stringify({ ...context, ...added.context });
  if (length > LIMITS.contextCharsMax)
    return `context: a task keeps at most ${LIMITS.contextCharsMax} characters of JSON, with this it would have ${length}: report long texts as results`;
  return undefined;
}

function addArtifacts(record: TaskRecord, added: readonly string[]): void {
  record.artifacts = withArtifacts(record.artifacts, added).slice(0, LIMITS.artifactsPerTaskMax);
}

const withArtifacts = (kept: readonly string[], added: readonly string[] = []): string[] => [
  ...new Set([...kept, ...added]),
];

const closedProblem = ({ id, phase }: Pick<TaskRecord, 'id' | 'phase'>): string =>
  `task ${id} is ${phase.status}`;
