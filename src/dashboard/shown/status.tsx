/** The status of a task or an execution: a word, never a colour alone. */
import type { ExecutionStatus } from '../../domain/executions/execution-state.ts';
import type { TaskStatus } from '../../domain/task-state.ts';

const LOOKS: Readonly<Record<TaskStatus | ExecutionStatus, readonly [word: string, look: string]>> = {
  pending: ['Waits', ''],
  blocked: ['Blocked', 'ask'],
  in_progress: ['Working', 'busy'],
  awaiting_gate: ['Needs you', 'ask'],
  active: ['Active', 'busy'],
  paused: ['Paused', 'ask'],
  completed: ['Done', 'good'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', ''],
  aborted: ['Aborted', 'bad'],
};

export function Status({ of }: { readonly of: TaskStatus | ExecutionStatus }) {
  const [word, look] = LOOKS[of];
  return <span class={`chip ${look}`}>{word}</span>;
}
