/** What a task was given, where that is more than its title. */
import type { TaskState } from '../../domain/task-state.ts';
import { Visible } from './visible.tsx';

export function Asked({ of: { title, description } }: { readonly of: TaskState }) {
  if (description === '' || description === title) return null;
  return (
    <section class="stack" aria-labelledby="asked">
      <h2 id="asked">What was asked</h2>
      <div class="sheet words">
        <Visible text={description} charsMax={40_000} />
      </div>
    </section>
  );
}
