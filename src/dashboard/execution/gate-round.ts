/** What somebody looks at and types at a gate of an execution, which may be decided, or opened anew, meanwhile. */
import type { Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { GateView } from '../../domain/executions/execution-state.ts';
import { useKeptText } from '../client/kept-text.ts';

export interface Round {
  /** Typed and not sent yet. */
  readonly reason: Signal<string>;
  /** The gate is open, but what it shows is not what one has looked at. */
  readonly isOther: boolean;
  /** Goes over to what the gate shows now, with what was typed. */
  lookAgain(): void;
  /** It was sent: what the gate shows next is no surprise. */
  sent(): void;
}

/**
 * Both what was typed and the digest of what it is about are kept in this tab, so that a reload does not take another round for the
 * one that was looked at.
 * @param execution with `gate`, the same for the whole life of the component
 * @param isOpen it waits for a decision
 */
export function useRound(execution: string, { id, digest = '' }: GateView, isOpen: boolean): Round {
  const reason = useKeptText(`pawl gate ${execution} ${id}`);
  const looked = useKeptText(`pawl gate looked at ${execution} ${id}`);
  // Whoever has typed nothing decides about what they see now.
  useState(() => {
    if (reason.peek() === '') looked.value = '';
  });
  useEffect(() => {
    if (isOpen && looked.value === '') looked.value = digest;
  }, [isOpen, digest]);
  return {
    reason,
    isOther: isOtherRound(looked.value, isOpen, digest),
    lookAgain() {
      looked.value = digest;
    },
    sent() {
      reason.value = '';
      looked.value = '';
    },
  };
}

const isOtherRound = (looked: string, isOpen: boolean, digest: string): boolean =>
  isOpen && looked !== '' && looked !== digest;
