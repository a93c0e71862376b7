/** Finds parts of an execution in its state, for who shows it. Pure. */
import type { ExecutionState, GateView, SkillView } from './execution-state.ts';

type Phases = Pick<ExecutionState, 'phases'>;

export const skillsIn = ({ phases }: Phases): readonly SkillView[] => phases.flatMap(({ skills }) => skills);
export const gatesIn = ({ phases }: Phases): readonly GateView[] => phases.flatMap(({ gates }) => gates);

/** Those at which a person is asked. */
export const openGatesIn = (state: Phases): readonly GateView[] =>
  gatesIn(state).filter(({ status }) => status === 'open');

/** Ids of the skills and gates that the engine looks at, phase by phase. */
export const lookedAtIn = ({ phases }: Phases): string[] =>
  phases.flatMap(({ skills, gates }) => [
    ...skills.filter(({ isLookedAt }) => isLookedAt === true).map(({ id }) => id),
    ...gates.filter(({ status }) => status === 'looking').map(({ id }) => id),
  ]);
