/** What has happened to a task, oldest first. */

import type { TaskRow } from '../../domain/rows.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { momentText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { storyOf } from './task-story.ts';

const SIGNS = { done: '✓', now: '●', waits: '?', failed: '✗', left: '–' };
const SAID = { done: '', now: 'under way', waits: 'waits for a person', failed: 'not well', left: '' };

export function Story({ of, row }: { readonly of: TaskState; readonly row: TaskRow | undefined }) {
  return (
    <section class="stack" aria-labelledby="story">
      <h2 id="story">Story</h2>
      <ol class="plain story">
        {storyOf(of, row).map(({ key, mark, what, text, at }) => (
          <li key={key} class={mark}>
            <span aria-hidden="true">{SIGNS[mark]}</span>
            <strong>
              {what}
              {SAID[mark] !== '' && <span class="visually-hidden">, {SAID[mark]}</span>}
            </strong>
            <span class="said">
              <EngineWords text={text} />
            </span>
            {at === undefined ? <span /> : <time dateTime={at}>{momentText(at)}</time>}
          </li>
        ))}
      </ol>
    </section>
  );
}
