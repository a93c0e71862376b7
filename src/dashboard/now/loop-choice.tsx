/** One agent, or a loop: those of the repository as the engine knows them, of its home, and those that Pawl brings. */
import type { Signal } from '@preact/signals';
import { calls } from '../client/ask.ts';
import { useAsked } from '../client/live.ts';

interface ChoiceProps {
  readonly loop: Signal<string>;
  /** Empty: not known yet. */
  readonly repository: string;
}

export function LoopChoice({ loop, repository }: ChoiceProps) {
  const { value } = useAsked(`loops ${repository}`, () => calls.loops(repository));
  const rows = value?.loops ?? [];
  return (
    <label>
      Who works
      <select
        value={loop}
        onChange={({ currentTarget }) => {
          loop.value = currentTarget.value;
        }}
      >
        <option value="">One agent</option>
        {loop.value !== '' && rows.every((row) => row.loop !== loop.value) && (
          <option value={loop.value}>Loop {loop.value}</option>
        )}
        {rows.map(({ loop: id, title, faults }) => (
          <option key={id} value={id} disabled={faults.length > 0}>
            Loop {id}
            {faults.length > 0 ? ' (has faults: pawl loops list)' : title !== undefined && `: ${title}`}
          </option>
        ))}
      </select>
    </label>
  );
}
