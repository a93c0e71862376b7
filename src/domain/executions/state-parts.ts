/** Finds parts of an execution in its state, for who shows it. Pure. */
import { type ExecutionState, type GateView, isOver, type SkillView } from './execution-state.ts';

type Phases = Pick<ExecutionState, 'phases'>;

export const skillsIn = ({ phases }: Phases): readonly SkillView[] => phases.flatMap(({ skills }) => skills);
export const gatesIn = ({ phases }: Phases): readonly GateView[] => phases.flatMap(({ gates }) => gates);

/** Those at which a person is asked. */
export const openGatesIn = (state: Phases): readonly GateView[] =>
  gatesIn(state).filter(({ status }) => status === 'open');

/** Whether it was reported as done, and what the engine saw does not let that count. */
export const isRefused = ({ state, by, items, isLookedAt, isToPick }: SkillView): boolean =>
  state === 'in-progress' &&
  isLookedAt !== true &&
  isToPick !== true &&
  (items === undefined ? by !== undefined : items.every((item) => item.endedAt !== undefined));

/** Ids of the skills and gates that the engine looks at, phase by phase; none once the execution is over. */
export const lookedAtIn = ({ status: stands, phases }: Phases & Pick<ExecutionState, 'status'>): string[] =>
  isOver(stands)
    ? []
    : phases.flatMap(({ skills, gates }) => [
        ...skills.filter(({ isLookedAt }) => isLookedAt === true).map(({ id }) => id),
        ...gates.filter(({ status }) => status === 'looking').map(({ id }) => id),
      ]);
