/** The steps of a task from left to right. */
import type { TaskState } from '../../domain/task-state.ts';
import { railOf } from './rail-steps.ts';

const SAID = {
  done: 'done',
  now: 'under way',
  waits: 'waits for a person',
  failed: 'ended here',
  ahead: 'to come',
};

export function Rail({ of }: { readonly of: TaskState }) {
  if (of.kind !== 'agent_run') return null;
  return (
    <ol class="rail" aria-label="Steps">
      {railOf(of).map(({ word, mark }) => (
        <li key={word} class={mark} aria-current={mark === 'now' || mark === 'waits' ? 'step' : undefined}>
          <span class="word">{word}</span>
          <span class="visually-hidden">, {SAID[mark]}</span>
        </li>
      ))}
    </ol>
  );
}
