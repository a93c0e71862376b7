/** How far a task is, as the rail of its steps shows it. Pure. */
import type { Step, TaskState } from '../../domain/task-state.ts';

export type Mark = 'done' | 'now' | 'waits' | 'failed' | 'ahead';

const WORDS: readonly (readonly [Step, string])[] = [
  ['workspace', 'workspace'],
  ['attempt', 'agent'],
  ['check', 'checks'],
  ['pull_request', 'request'],
  ['approval', 'approval'],
  ['merge', 'merge'],
];

export interface RailStep {
  readonly word: string;
  readonly mark: Mark;
}

export function railOf({
  status,
  step,
  gates,
}: Pick<TaskState, 'status' | 'step' | 'gates'>): readonly RailStep[] {
  const at = WORDS.findIndex(([name]) => name === step);
  const waits = gates.some((one) => one.status === 'open' && one.gate !== 'check');
  return WORDS.map(([, word], index) => {
    if (status === 'completed' || index < at) return { word, mark: 'done' };
    if (index > at) return { word, mark: 'ahead' };
    if (status === 'failed' || status === 'cancelled') return { word, mark: 'failed' };
    return { word, mark: waits ? 'waits' : 'now' };
  });
}
