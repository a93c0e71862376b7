/** Tasks that were put away: to be looked at, and nothing else. */
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso/router';
import { failureWord } from '../../domain/failure-words.ts';
import { PAGE_PATHS, taskPage } from '../../domain/page-paths.ts';
import type { TaskRow } from '../../domain/rows.ts';
import { calls } from '../client/ask.ts';
import { useAsked } from '../client/live.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { Artifacts } from '../shown/artifact-list.tsx';
import { momentText } from '../shown/clock.ts';
import { Problem } from '../shown/problem.tsx';
import { Status } from '../shown/status.tsx';
import { Visible } from '../shown/visible.tsx';
import './archive.css';

const ROWS_STEP = 50;
/** What one list answers at most. */
const ROWS_MAX = 1_000;

export function Archive() {
  useTabTitle('Archive');
  const { query, route } = useLocation();
  const text = query.text ?? '';
  const shown = useSignal(ROWS_STEP);
  const { value, problem } = useAsked(`archive ${shown.value} ${text}`, () =>
    calls.archived(text, shown.value),
  );
  const search = (wanted: string) => {
    shown.value = ROWS_STEP;
    route(
      wanted === '' ? PAGE_PATHS.archive : `${PAGE_PATHS.archive}?${new URLSearchParams({ text: wanted })}`,
      true,
    );
  };
  return (
    <div class="stack">
      <div class="row spread">
        <h1>Archive</h1>
        <span class="quiet" role="status">
          {value !== undefined && `${value.total.toLocaleString()} put away`}
        </span>
      </div>
      <search>
        <label>
          Words of title or description
          <input
            type="search"
            maxLength={4_000}
            value={text}
            onInput={({ currentTarget }) => search(currentTarget.value)}
          />
        </label>
      </search>
      {problem !== undefined && <Problem of={problem} />}
      {value === undefined && problem === undefined && <p class="quiet">Asking…</p>}
      {value?.total === 0 && (
        <p class="sheet">
          {text === '' ? 'Nothing was put away.' : 'Nothing that was put away has all of these words.'}
        </p>
      )}
      <ul class="plain stack">
        {value?.tasks.map((row) => (
          <li key={row.id} class="sheet">
            <PutAway row={row} />
          </li>
        ))}
      </ul>
      {value !== undefined && value.total > value.tasks.length && (
        <div class="row">
          {shown.value < ROWS_MAX ? (
            <button
              type="button"
              onClick={() => {
                shown.value = Math.min(ROWS_MAX, shown.value + ROWS_STEP);
              }}
            >
              {(value.total - value.tasks.length).toLocaleString()} more
            </button>
          ) : (
            <span class="quiet">The rest is found by its words.</span>
          )}
        </div>
      )}
    </div>
  );
}

function PutAway({ row }: { readonly row: TaskRow }) {
  const isOpen = useSignal(false);
  return (
    <details
      class="put-away"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <span>
          <Status of={row.status} />{' '}
          <strong>
            <Visible text={row.title} />
          </strong>
        </span>
        <span class="quiet">{row.archivedAt !== undefined && momentText(row.archivedAt)}</span>
      </summary>
      {isOpen.value && <Details row={row} />}
    </details>
  );
}

function Details({ row }: { readonly row: TaskRow }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Description', row.description],
    ['Summary', row.summary],
    ['Failed', row.failureClass && failureWord(row.failureClass)],
    ['Repository', row.repository],
    ['Agent', row.agent],
    ['Kind of work', [row.plan?.type, row.plan?.specialist].filter(Boolean).join(', ') || undefined],
    ['Begun', momentText(row.startedAt)],
    ['Ended', row.closedAt === undefined ? undefined : momentText(row.closedAt)],
  ];
  return (
    <div class="stack">
      <dl class="facts">
        {facts.map(
          ([name, text]) =>
            text !== undefined && (
              <div key={name} class="fact">
                <dt>{name}</dt>
                <dd>
                  <Visible text={text} />
                </dd>
              </div>
            ),
        )}
      </dl>
      {row.artifacts !== undefined && <Artifacts of={row.artifacts} />}
      <div>
        <a href={taskPage(row.id)}>All of {row.id}</a>
      </div>
    </div>
  );
}
