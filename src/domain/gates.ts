/** Gates of an agent-run task as pure values: what a check's evidence decides and what an approval is bound to. */
import type { Failure, Permission } from './failures.ts';
import type { TaskId } from './ids.ts';
import { tail } from './limits.ts';
import type { Published } from './steps.ts';
import type { Evidence, Gate } from './task-state.ts';

/** The check gate: passed only by evidence; without any check it is `unverified`, never passed. */
export function checkGate(commit: string, evidence: readonly Evidence[]): Gate {
  const status =
    evidence.length === 0 ? 'unverified' : evidence.every(({ passed }) => passed) ? 'passed' : 'failed';
  return { gate: 'check', status, commit, evidence: [...evidence] };
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
 * What a person can do next at an open gate: as commands, and as the operations that they are over HTTP and MCP.
 * @param isUnwatched whether a retry goes on with the watch of a pull request, and not with the agent
 */
export function nextAt(id: TaskId, { gate, permission }: Gate, isUnwatched = false): string {
  const reject = `pawl reject ${id} --reason "…"`;
  if (permission !== undefined)
    return `pawl approve ${id} allows it, ${reject} refuses it (operations approve, reject)`;
  if (gate === 'approval')
    return `pawl diff ${id} shows the change, pawl approve ${id} merges it, ${reject} turns it down (operations diff, approve, reject)`;
  const again = isUnwatched ? 'watches the pull request again' : 'starts another attempt';
  return `pawl retry ${id} ${again}, pawl tell ${id} "…" gives the agent an instruction, pawl cancel ${id} stops it (operations retry, tell, cancel)`;
}

/** Why the check gate failed, with the failing output for the agent and for people. */
export function checkFailure(evidence: readonly Evidence[]): Failure {
  const failed = evidence.filter((one) => !one.passed);
  const words = failed.map(
    (one) =>
      `${one.name} ${howItEnded(one)}${one.restored === undefined ? '' : ` with ${one.restored.join(', ')} as in the base commit`}`,
  );
  return {
    class: 'check_failed',
    message: `check failed: ${words.join('; ')}`,
    output: tail(failed.map((one) => one.tail).join('\n')),
  };
}

const howItEnded = ({ exitCode }: Evidence): string =>
  exitCode === null ? 'did not end in time' : `exited with ${exitCode}`;
