/** All work by how far it is. What is shown is in the address, so that it can be kept and sent to somebody. */
import { useComputed } from '@preact/signals';
import { useLocation } from 'preact-iso/router';
import { executions, isKnown, tasks } from '../client/known-rows.ts';
import { useTabTitle } from '../client/open-decisions.ts';
import { usePaced } from '../shown/paced.ts';
import { BoardCard } from './board-card.tsx';
import { type BoardFilter, boardOf, boardPage, filterFrom } from './board-cards.ts';
import { COLUMNS, type Column } from './board-columns.ts';
import { BoardFilters } from './board-filters.tsx';
import { useMore } from './more-cards.ts';
import './board.css';

const CARDS_MAX = 30;
/** Of a thousand open tasks one changes all the time. */
const DRAWN_EVERY_MS = 250;

export function Board() {
  useTabTitle('Board');
  const { query, route } = useLocation();
  const filter = filterFrom(query);
  const more = useMore();
  const known = useComputed(() => ({ tasks: tasks.value, executions: executions.value }));
  const rows = usePaced(known, DRAWN_EVERY_MS);
  if (!isKnown.value) return <p class="quiet">Asking the engine…</p>;
  const most = (column: Column) => CARDS_MAX + (more.value[column] ?? 0);
  const columns = boardOf(rows, filter, most);
  const total = columns.reduce((sum, column) => sum + column.total, 0);
  const change = (changes: Partial<BoardFilter>) => route(boardPage({ ...filter, ...changes }), true);
  return (
    <div class="stack">
      <div class="row spread">
        <h1>Board</h1>
        <span class="quiet" role="status">
          {total.toLocaleString()} shown
        </span>
      </div>
      <BoardFilters filter={filter} onChange={change} />
      <nav class="row jumps" aria-label="Columns">
        {columns.map(({ name, total: count }, index) => (
          <a key={name} href={`#column-${name}`}>
            {COLUMNS[index]?.[1]} {count.toLocaleString()}
          </a>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a short cut between its links */}
      <div class="board" onKeyDown={moveFocus}>
        {columns.map(({ name, cards, total: count }, index) => (
          <section key={name} class="column" aria-labelledby={`column-${name}`} data-column={index}>
            <h2 id={`column-${name}`}>
              {COLUMNS[index]?.[1]} <span class="quiet">{count.toLocaleString()}</span>
            </h2>
            <p class="quiet about">{COLUMNS[index]?.[2]}</p>
            <ul class="plain">
              {cards.map((card) => (
                <li key={`${card.is} ${card.row.id}`}>
                  <BoardCard card={card} />
                </li>
              ))}
            </ul>
            {count > cards.length && (
              <button
                type="button"
                onClick={() => {
                  more.value = { ...more.value, [name]: (more.value[name] ?? 0) + CARDS_MAX };
                }}
              >
                {(count - cards.length).toLocaleString()} more
              </button>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}

const STEPS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** From the card that has the focus to the one beside it; past columns without a card. */
function moveFocus(event: KeyboardEvent): void {
  const [across, down] = STEPS[event.key] ?? [0, 0];
  const [here, board] = [document.activeElement, event.currentTarget];
  if (across === 0 && down === 0) return;
  if (!(board instanceof HTMLElement && here instanceof HTMLElement)) return;
  const columns = [...board.querySelectorAll('.column')]
    .map((column) => [...column.querySelectorAll<HTMLElement>('.board-card a.title')])
    .filter((links) => links.length > 0);
  const column = columns.findIndex((links) => links.includes(here));
  const row = columns[column]?.indexOf(here) ?? -1;
  const there = columns[column + across];
  const next = there?.[Math.min(row + down, there.length - 1)];
  if (column < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
