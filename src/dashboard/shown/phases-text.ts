import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';

/** In which phase an execution is, and how far; nothing where its row does not say yet. */
export const placeOf = ({
  currentPhase,
  progress: { phasesCompleted, phasesTotal },
}: Pick<ExecutionRow, 'currentPhase' | 'progress'>): readonly string[] =>
  currentPhase === ''
    ? []
    : [`${currentPhase}, ${phasesCompleted} of ${phasesTotal} ${phasesTotal === 1 ? 'phase' : 'phases'}`];
