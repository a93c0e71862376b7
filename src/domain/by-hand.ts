/** What a person has made of a task's change themselves, as an attempt among those of its agent. Pure. */
import type { TakenUp } from './steps.ts';
import type { Run } from './task-record.ts';
import type { Attempt } from './task-state.ts';

type Taken = Extract<TakenUp, { kind: 'taken' }>;

export interface ByHand {
  readonly attempt: Attempt;
  /** For people and for the agent: who did what. */
  readonly words: string;
}

export function byHand({ attempts }: Pick<Run, 'attempts'>, { by, commit, summary }: Taken): ByHand {
  const number = attempts.length + 1;
  return {
    attempt: { number, reason: 'by_hand', agent: by, outcome: 'done', commit, summary },
    words: `${by} has changed the work since it was shown (${summary})`,
  };
}

/** The attempts of agents among them. */
export const byAgents = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ reason }) => reason !== 'by_hand');
