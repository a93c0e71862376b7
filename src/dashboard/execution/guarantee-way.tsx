/** A person takes it that a guarantee is met otherwise, or need not hold. */
import { useSignal } from '@preact/signals';
import type { RESOLUTIONS } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { Reasoned } from './reasoned.tsx';

type Resolution = (typeof RESOLUTIONS)[number];

const WAYS: readonly (readonly [Resolution, string])[] = [
  ['satisfied_alternatively', 'It is met in another way'],
  ['acceptable_deviation', 'It is not met, and that is acceptable'],
  ['waived_with_reason', 'It is waived: it need not be met'],
];

/** Whose it is. */
export interface Holder {
  readonly execution: string;
  readonly part: { readonly skill: string } | { readonly gate: string };
}

export function GuaranteeWay({ guarantee, holder }: { readonly guarantee: string; readonly holder: Holder }) {
  const type = useSignal<Resolution>('satisfied_alternatively');
  const { execution, part } = holder;
  const send = (evidence: string, key: string) =>
    calls.steerExecution(
      execution,
      { steer: { act: 'resolve', ...part, guarantee, type: type.value, evidence }, via: 'http' },
      key,
    );
  return (
    <Reasoned summary="Resolve or waive it…" label="Why, or what shows it" word="Take it so" send={send}>
      <label>
        How
        <select
          value={type}
          onChange={({ currentTarget }) => {
            type.value = currentTarget.value as Resolution;
          }}
        >
          {WAYS.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
    </Reasoned>
  );
}
