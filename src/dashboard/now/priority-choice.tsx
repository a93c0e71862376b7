/** How soon an agent is to work on it, where several tasks wait for one. */
import type { Signal } from '@preact/signals';
import { PRIORITIES } from '../../domain/priority.ts';

interface ChoiceProps {
  /** Empty: normal. */
  readonly priority: Signal<string>;
}

export const PriorityChoice = ({ priority }: ChoiceProps) => (
  <label>
    Priority
    <select
      value={priority.value === '' ? 'normal' : priority.value}
      onChange={({ currentTarget }) => {
        priority.value = currentTarget.value;
      }}
    >
      {PRIORITIES.toReversed().map((word) => (
        <option key={word} value={word}>
          {`${word.charAt(0).toUpperCase()}${word.slice(1)}`}
        </option>
      ))}
    </select>
  </label>
);
