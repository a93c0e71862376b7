/** What the board shows: of which repository, agent and status, and with which words. */
import { computed } from '@preact/signals';
import type { TaskStatus } from '../../domain/task-state.ts';
import { executions, tasks } from '../client/known-rows.ts';
import type { BoardFilter } from './board-cards.ts';

const STATUSES: readonly (readonly [TaskStatus, string])[] = [
  ['pending', 'Waits'],
  ['blocked', 'Blocked'],
  ['in_progress', 'Working'],
  ['awaiting_gate', 'Needs you'],
  ['completed', 'Done'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
];

const distinct = (values: Iterable<string | undefined>): readonly string[] =>
  [...new Set(values)].filter((value) => value !== undefined).sort();
const repositories = computed(() =>
  distinct([
    ...tasks.value.map(({ repository }) => repository),
    ...executions.value.map(({ project }) => project),
  ]),
);
const agents = computed(() => distinct(tasks.value.map(({ agent }) => agent)));

interface FiltersProps {
  readonly filter: BoardFilter;
  readonly onChange: (changes: Partial<BoardFilter>) => void;
}

export function BoardFilters({ filter, onChange }: FiltersProps) {
  const isSet = Object.values(filter).some((value) => value !== '');
  return (
    <search class="board-filters">
      <label>
        Text
        <input
          type="search"
          value={filter.text}
          onInput={({ currentTarget }) => onChange({ text: currentTarget.value })}
        />
      </label>
      <Choice
        name="Repository"
        value={filter.repository}
        of={repositories.value.map((one) => [one, one])}
        onChange={(repository) => onChange({ repository })}
      />
      {(agents.value.length > 0 || filter.agent !== '') && (
        <Choice
          name="Agent"
          value={filter.agent}
          of={agents.value.map((one) => [one, one])}
          onChange={(agent) => onChange({ agent })}
        />
      )}
      <Choice name="Status" value={filter.status} of={STATUSES} onChange={(status) => onChange({ status })} />
      {isSet && (
        <button type="button" onClick={() => onChange({ repository: '', agent: '', status: '', text: '' })}>
          Show all
        </button>
      )}
    </search>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly of: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string) => void;
}

/** What stands in the address may be a value that nothing has any more: it is named all the same. */
const Choice = ({ name, value, of, onChange }: ChoiceProps) => (
  <label>
    {name}
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="">all</option>
      {value !== '' && of.every(([one]) => one !== value) && <option value={value}>{value}</option>}
      {of.map(([one, word]) => (
        <option key={one} value={one}>
          {word}
        </option>
      ))}
    </select>
  </label>
);
