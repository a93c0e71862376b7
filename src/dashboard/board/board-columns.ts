/**
 * Where work stands on the board. The columns are those of the requirement pipeline, and every task goes through them: an agent's
 * work is implementation unless its plan says that it is of another kind, checks are validation, and what comes after them is
 * integration. Pure.
 */
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import type { TaskRow } from '../../domain/rows.ts';
import type { TaskStatus } from '../../domain/task-state.ts';

export const COLUMNS = [
  ['waiting', 'Waiting', 'for another task, or to begin'],
  ['analysis', 'Analysis', 'what is wanted, and how'],
  ['implementation', 'Implementation', 'an agent or a person works'],
  ['validation', 'Validation', 'checks and reviews'],
  ['integration', 'Integration', 'decided about, and merged'],
  ['done', 'Ended', 'completed, failed or cancelled'],
] as const;
export type Column = (typeof COLUMNS)[number][0];

/** By who should do it, as a plan says. */
const BY_SPECIALIST: Readonly<Record<string, Column>> = {
  analyst: 'analysis',
  architect: 'analysis',
  researcher: 'analysis',
  coordinator: 'analysis',
  tester: 'validation',
  reviewer: 'validation',
  devops: 'integration',
};
/** By words: of a type of task, or of a phase of a loop, which are their author's. The first that fits. */
const BY_WORD: readonly (readonly [RegExp, Column])[] = [
  [/review|test|verif|valid|audit|check|quality/, 'validation'],
  [/ship|deliver|deploy|merge|integrat|release|distribut|complete|retro/, 'integration'],
  [/init|plan|analy|spec|require|research|diagnos|design|architect|scaffold|explor|read/, 'analysis'],
];

const byWord = (text: string): Column => BY_WORD.find(([word]) => word.test(text))?.[1] ?? 'implementation';

export function columnOf({ status, step, gates = [], plan }: TaskRow): Column {
  switch (status) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      return 'done';
    case 'pending':
    case 'blocked':
      return 'waiting';
  }
  // A change is shown at its approval; what an escalation asks is about the step that could not be done, and an agent that is at
  // its attempt asks to be allowed something.
  if (step !== 'attempt' && gates.some(({ gate }) => gate === 'approval')) return 'integration';
  if (step === 'check') return 'validation';
  if (step === 'pull_request' || step === 'approval' || step === 'merge') return 'integration';
  return BY_SPECIALIST[plan?.specialist ?? ''] ?? byWord(plan?.type ?? '');
}

/** By the phase that is next or under way. */
export function columnOfExecution({ status, currentPhase }: ExecutionRow): Column {
  if (status === 'completed' || status === 'failed' || status === 'aborted') return 'done';
  if (status === 'pending') return 'waiting';
  return byWord(currentPhase.toLowerCase());
}

/** In the words of tasks. */
export function statusOfExecution({ status, gates = [] }: ExecutionRow): TaskStatus {
  switch (status) {
    case 'active':
      return gates.length > 0 ? 'awaiting_gate' : 'in_progress';
    case 'blocked':
    case 'paused':
      return gates.length > 0 ? 'awaiting_gate' : 'blocked';
    case 'aborted':
      return 'cancelled';
    default:
      return status;
  }
}
