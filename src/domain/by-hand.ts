/** What people have made of a task's change themselves: the step that takes it up, and an attempt among those of its agent. Pure. */
import type { MovedConfiguration } from './base-configuration.ts';
import type { TaskRef } from './steps.ts';
import type { Run } from './task-record.ts';
import type { Attempt, TaskState } from './task-state.ts';

export interface TakeUpInput {
  readonly task: TaskRef;
  /** The number that what is taken up has among the attempts. */
  readonly attempt: number;
  readonly baseCommit: string;
  /** The task's last commit. */
  readonly commit: string;
  /** Of its commits, the one that was put on its branch last. */
  readonly shown: string;
}
/** What became of what people have put on the task's branch. */
export type TakenUp =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'taken';
      readonly commit: string;
      /** Who made the last of their commits, as that says, and what they are called. */
      readonly by: string;
      readonly summary: string;
      /** The commit of the base that they have merged into it; absent where they have merged none. */
      readonly baseCommit?: string;
      /** Present where `pawl.yaml` of that is another one. */
      readonly configuration?: MovedConfiguration;
    }
  /** It cannot be part of the change as it is. Nothing was done. */
  | { readonly kind: 'refused'; readonly why: string };

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

/** The agent that works, or has worked last; before the first attempt the one that was chosen. */
export const agentOf = ({ attempts, agent }: Pick<TaskState, 'attempts' | 'agent'>): string | undefined =>
  byAgents(attempts).at(-1)?.agent ?? agent;
