/** What the agent of a task has printed: followed or held still, searched, of any of its attempts. */
import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { EngineWords } from '../shown/engine-words.tsx';
import { useLog } from './log.ts';
import { type Found, nextMatch, searchIn } from './log-lines.ts';
import { LogRows } from './log-rows.tsx';
import './log.css';

interface LogViewProps {
  readonly id: string;
  readonly attempts: number;
}

export function LogView({ id, attempts }: LogViewProps) {
  const chosen = useSignal<number>();
  const attempt = chosen.value ?? (attempts === 0 ? undefined : attempts);
  if (attempt === undefined) return null;
  const choose = (number: number) => {
    chosen.value = number === attempts ? undefined : number;
  };
  return (
    <section class="stack" aria-labelledby="log">
      <div class="row spread">
        <h2 id="log">Log</h2>
        {attempts > 1 && <Attempts count={attempts} chosen={attempt} onChoose={choose} />}
      </div>
      <LogOf key={`${id} ${attempt}`} id={id} attempt={attempt} />
    </section>
  );
}

interface AttemptsProps {
  readonly count: number;
  readonly chosen: number;
  readonly onChoose: (attempt: number) => void;
}

const Attempts = ({ count, chosen, onChoose }: AttemptsProps) => (
  <label class="inline">
    Attempt
    <select value={chosen} onChange={({ currentTarget }) => onChoose(Number(currentTarget.value))}>
      {Array.from({ length: count }, (_, index) => (
        <option key={index + 1} value={index + 1}>
          {index + 1 === count ? `${count}, the latest` : index + 1}
        </option>
      ))}
    </select>
  </label>
);

function LogOf({ id, attempt }: { readonly id: string; readonly attempt: number }) {
  const { lines, problem } = useLog(id, attempt);
  const query = useSignal('');
  const at = useSignal<number>();
  const withTimes = useSignal(false);
  const follows = useSignal(true);
  /** Where the log ended when it was held still. */
  const heldAt = useSignal<number>();
  const found = useRef<Found | undefined>(undefined);
  found.current = searchIn(lines, query.value, found.current);
  const end = heldAt.value ?? lines.end;
  return (
    <>
      <div class="row log-tools">
        <Search query={query} at={at} found={found.current} />
        <div class="row">
          <label class="inline">
            <input
              type="checkbox"
              checked={withTimes}
              onChange={({ currentTarget }) => {
                withTimes.value = currentTarget.checked;
              }}
            />
            Times
          </label>
          <button
            type="button"
            aria-pressed={heldAt.value !== undefined}
            onClick={() => {
              heldAt.value = heldAt.value === undefined ? lines.end : undefined;
            }}
          >
            {heldAt.value === undefined ? 'Pause' : `Go on (${lines.end - heldAt.value} new)`}
          </button>
          {!follows.value && (
            <button
              type="button"
              onClick={() => {
                heldAt.value = undefined;
                follows.value = true;
              }}
            >
              To the end
            </button>
          )}
        </div>
      </div>
      {problem !== undefined && (
        <p role="alert">
          <EngineWords text={problem.message} />
        </p>
      )}
      {lines.first > 0 && (
        <p class="quiet">
          The first {lines.first.toLocaleString()} lines are not shown here: <code>pawl logs {id}</code>
        </p>
      )}
      {lines.end === 0 ? (
        <p class="sheet quiet">Nothing has been printed yet.</p>
      ) : (
        <LogRows {...{ lines, end, query: query.value, at: at.value, withTimes: withTimes.value, follows }} />
      )}
    </>
  );
}

interface SearchProps {
  readonly query: Signal<string>;
  /** The line that it has come to. */
  readonly at: Signal<number | undefined>;
  readonly found: Found;
}

function Search({ query, at, found }: SearchProps) {
  const step = (to: 'next' | 'previous') => {
    at.value = nextMatch(found, at.value, to);
  };
  const isNone = found.numbers.length === 0;
  return (
    <search class="row">
      <input
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        value={query}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
          at.value = undefined;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          step(event.shiftKey ? 'previous' : 'next');
        }}
      />
      {query.value !== '' && (
        <>
          <span role="status">{countText(found, at.value)}</span>
          <button type="button" disabled={isNone} onClick={() => step('previous')}>
            Previous
          </button>
          <button type="button" disabled={isNone} onClick={() => step('next')}>
            Next
          </button>
        </>
      )}
    </search>
  );
}

function countText({ numbers }: Found, at: number | undefined): string {
  const count = numbers.length.toLocaleString();
  if (at === undefined) return numbers.length === 1 ? '1 line' : `${count} lines`;
  return `${(numbers.indexOf(at) + 1).toLocaleString()} of ${count}`;
}
