/** What a person has typed of a new requirement: kept in this tab until it is sent. */
import { type Signal, useComputed } from '@preact/signals';
import { useKeptText } from '../client/kept-text.ts';
import { tasks } from '../client/known-rows.ts';
import { type Texts, textsIn } from './loop-inputs.ts';

export interface TypedWork {
  readonly requirement: Signal<string>;
  readonly repository: Signal<string>;
  /** Empty: one agent does it. */
  readonly loop: Signal<string>;
  readonly agent: Signal<string>;
  readonly checks: Signal<string>;
  /** Empty: normal. */
  readonly priority: Signal<string>;
  /** Fields of the loop, as JSON. */
  readonly inputs: Signal<string>;
}

export function useTyped(): TypedWork {
  const [only, ...others] = repositoriesKnown();
  return {
    requirement: useKeptText('pawl new requirement'),
    repository: useKeptText('pawl new repository', others.length === 0 ? only : ''),
    loop: useKeptText('pawl new loop'),
    agent: useKeptText('pawl new agent'),
    checks: useKeptText('pawl new checks'),
    priority: useKeptText('pawl new priority'),
    inputs: useKeptText('pawl new inputs'),
  };
}

export const repositoriesKnown = (): readonly string[] =>
  [...new Set(tasks.value.flatMap((row) => row.repository ?? []))].sort();

export const useTexts = (inputs: Signal<string>): Texts => useComputed(() => textsIn(inputs.value)).value;

/** What is typed goes into the signal. */
export const into =
  (field: Signal<string>) =>
  ({ currentTarget }: { readonly currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
    field.value = currentTarget.value;
  };
