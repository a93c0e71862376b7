/** A phase of an execution: its skills, then its gates. */
import type { ExecutionState } from '../../domain/executions/execution-state.ts';
import { Chip } from '../decision/standing-chip.tsx';
import { Visible } from '../shown/visible.tsx';
import { standingOf } from './execution-words.ts';
import { GateCard } from './gate-card.tsx';
import { SkillCard } from './skill-card.tsx';

interface PhaseProps {
  readonly of: ExecutionState['phases'][number];
  readonly execution: ExecutionState;
  readonly isOver: boolean;
}

export function Phase({ of: phase, execution, isOver }: PhaseProps) {
  const isNow = !isOver && execution.currentPhase === phase.id;
  return (
    <li class={`phase ${phase.status}`} aria-current={isNow ? 'step' : undefined}>
      <div class="row spread">
        <h2>
          <Visible text={phase.title ?? phase.id} />
          {!phase.required && <span class="quiet"> (may be left out)</span>}
        </h2>
        <Chip of={standingOf(phase.status, isOver)} />
      </div>
      <div class="stack">
        {phase.skills.map((skill) => (
          <SkillCard key={skill.id} of={skill} execution={execution} isOver={isOver} />
        ))}
        {phase.gates.map((gate) => (
          <GateCard key={gate.id} of={gate} execution={execution} isOver={isOver} />
        ))}
      </div>
    </li>
  );
}
