/** Gates of an agent-run task as pure values: what a check's evidence decides and what an approval is bound to. */
import { CONFIGURATION_FILE } from './configuration-name.ts';
import type { Failure, Permission } from './failures.ts';
import { branchOf, type ExecutionId, type WorkflowId } from './ids.ts';
import { tail } from './limits.ts';
import type { ApproveGateMessage } from './messages.ts';
import type { Published } from './steps.ts';
import type { Evidence, Gate, TaskStatus } from './task-state.ts';

/**
 * The check gate: passed only by evidence; without any check it is `unverified`, never passed.
 * @param problem why no check could run on what the commit holds
 */
export function checkGate(commit: string, evidence: readonly Evidence[], problem?: string): Gate {
  const gate = { gate: 'check' as const, commit, evidence: [...evidence] };
  if (problem !== undefined) return { ...gate, status: 'failed', reason: problem };
  const status =
    evidence.length === 0 ? 'unverified' : evidence.every(({ passed }) => passed) ? 'passed' : 'failed';
  return { ...gate, status };
}

export function approvalGate(commit: string, { digest }: Published, evidence: readonly Evidence[]): Gate {
  const passed = evidence.filter((one) => one.passed).length;
  const shown =
    evidence.length === 0 ? 'unverified: no check is configured' : `evidence ${passed} of ${evidence.length}`;
  return { gate: 'approval', status: 'open', commit, digest, question: `${shown} for ${commit.slice(0, 7)}` };
}

/** What an agent asks for. The decision is bound to that very wish. */
export const permissionGate = (permission: Permission): Gate => ({
  gate: 'approval',
  status: 'open',
  digest: permission.id,
  question: `the agent asks for permission: ${permission.title}`,
  permission,
});

export const escalationGate = (question: string): Gate => ({ gate: 'escalation', status: 'open', question });

/**
 * The gates of a run, each with its id. They are kept in the order in which they opened and none is ever taken away, so the
 * place among those of its kind names a gate for good, in records from before there were ids as well.
 */
export function identified(gates: readonly Gate[]): Gate[] {
  const counts = new Map<string, number>();
  return gates.map((gate) => {
    const count = (counts.get(gate.gate) ?? 0) + 1;
    counts.set(gate.gate, count);
    return { ...gate, id: `${gate.gate}-${count}` };
  });
}

/**
 * Why a decision meets no open gate, in one sentence; undefined where it does. It names a gate by its id, or by its kind,
 * which means the open one of that kind.
 * @param gates of the run, with their ids
 */
export function problemAtGates(
  gates: readonly Gate[],
  { gate: name, digest }: Pick<ApproveGateMessage, 'gate' | 'digest'>,
  status: TaskStatus,
): string | undefined {
  if (/^check\b/.test(name)) return 'a check gate is decided by the engine alone: nobody can pass it';
  const open = gates.find((gate) => gate.status === 'open');
  if (open === undefined || (open.id !== name && open.gate !== name)) {
    // Where none is open, its kind means the last of that kind.
    const named = gates.findLast(({ id, gate }) => id === name || (open === undefined && gate === name));
    const fate = named === undefined ? '' : `gate ${named.id} ${fateOf(named)}; `;
    if (open === undefined) return `${fate}no gate is open: the task is ${status}`;
    return `${fate}expected a decision on the open gate ${open.id}, got ${name}: ${open.next}`;
  }
  if (digest === undefined || digest === open.digest) return undefined;
  return 'what was shown is stale: a newer commit or evidence waits for the decision; look again, then decide';
}

/** The gate as a person's decision leaves it. @param now ISO 8601, by the workflow's clock */
export const decidedGate = (
  gate: Gate,
  { decision, by, inside, reason }: Pick<ApproveGateMessage, 'decision' | 'by' | 'inside' | 'reason'>,
  via: string,
  now: string,
): Gate => ({
  ...gate,
  status: decision === 'approve' ? 'approved' : 'rejected',
  by,
  via,
  decidedAt: now,
  ...(inside !== undefined && { inside }),
  ...(reason !== undefined && { reason }),
});

/** What follows the way a decision came, where its program ran in Pawl's own work. */
export const insideWords = (inside: string | undefined): string =>
  inside === undefined ? '' : `, inside ${inside}`;

/** What became of a gate that is not open any more. */
function fateOf({ status, by, via, inside, decidedAt: at, reason }: Gate): string {
  const words = signed(status === 'stale' ? 'is stale' : `was ${status}`, { by, via, inside, at });
  return `${words}${reason === undefined ? '' : ` (${reason})`}`;
}

interface Signed {
  readonly by: string | undefined;
  readonly via: string | undefined;
  readonly inside?: string | undefined;
  readonly at: string | undefined;
}

/** `rejected by kim via cli at 2026-11-30T12:00:00Z`; what is not known is left out. */
export const signed = (fate: string, { by, via, inside, at }: Signed): string =>
  [
    fate,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(via === undefined ? [] : [`via ${via}${insideWords(inside)}`]),
    ...(at === undefined ? [] : [`at ${at}`]),
  ].join(' ');

/**
 * What a person can do next at an open gate: as commands, and as the operations that they are over HTTP and MCP.
 * @param run by which a retry may go on otherwise than with the agent
 */
export function nextAt(id: WorkflowId, { gate, permission }: Gate, run: GoesOn = {}): string {
  const reject = `pawl reject ${id} --reason "…"`;
  if (permission !== undefined)
    return `pawl approve ${id} allows it, ${reject} refuses it (operations approve, reject)`;
  if (gate === 'approval')
    return `pawl diff ${id} shows the change, pawl approve ${id} merges it, ${reject} turns it down (operations diff, approve, reject)`;
  if (run.unmended !== undefined)
    return `pawl retry ${id} delivers anew what is on ${branchOfWork(run)}, pawl cancel ${id} leaves it undone (operations retry, cancel)`;
  return `pawl retry ${id} ${againAt(run)}, pawl tell ${id} "…" gives the agent an instruction, pawl cancel ${id} stops it (operations retry, tell, cancel)`;
}

const branchOfWork = ({ execution }: GoesOn): string =>
  execution === undefined ? 'the branch of the execution' : branchOf(execution);

interface GoesOn {
  readonly execution?: ExecutionId;
  readonly unmended?: Failure;
  readonly undone?: true;
  readonly untaken?: true;
  readonly unwatched?: string;
}

function againAt({ undone, untaken, unwatched }: GoesOn): string {
  if (undone === true) return 'tries that step again';
  if (untaken === true) return 'looks at the branch again';
  return unwatched === undefined ? 'starts another attempt' : 'watches the pull request again';
}

/** Why the check gate failed, with the failing output for the agent and for people. */
export function checkFailure(evidence: readonly Evidence[], problem?: string): Failure {
  if (problem !== undefined) return { class: 'check_failed', message: `check failed: ${problem}` };
  const failed = evidence.filter((one) => !one.passed);
  const words = failed.map(
    (one) =>
      `${one.name} ${howItEnded(one)}${one.restored === undefined ? '' : ` with ${one.restored.join(', ')} as in the base commit`}`,
  );
  const missing = [...new Set(failed.flatMap(({ notInCommit = [] }) => notInCommit))];
  const hint =
    missing.length === 0
      ? ''
      : ` (a check sees the commit and what set-up makes, and nothing else that is ignored in the workspace: ${missing.join(', ')}; setup in ${CONFIGURATION_FILE} says how to make it)`;
  return {
    class: 'check_failed',
    message: `check failed: ${words.join('; ')}${hint}`,
    output: tail(failed.map((one) => one.tail).join('\n')),
  };
}

const howItEnded = ({ exitCode }: Evidence): string =>
  exitCode === null ? 'did not end in time' : `exited with ${exitCode}`;
