/** What a person can do about a skill that holds its execution up. */
import type { ExecutionState, SkillView } from '../../domain/executions/execution-state.ts';
import { calls } from '../client/ask.ts';
import { mayDo } from '../client/tab-session.ts';
import { skillWays } from './part-ways.ts';
import { Reasoned } from './reasoned.tsx';
import { Steering } from './steering.tsx';

interface WaysProps {
  readonly of: SkillView;
  readonly execution: ExecutionState;
}

export function SkillWays({ of: skill, execution: { id, status, currentPhase, phases } }: WaysProps) {
  const current = phases.find((phase) => phase.id === currentPhase);
  const isCurrent = current?.skills.some((one) => one.id === skill.id) === true;
  const ways = skillWays(skill, { status, isCurrent });
  if (ways.length === 0) return null;
  const skip = (summary: string, key: string) =>
    calls.completeSkill(id, { skill: skill.id, outcome: 'skipped', summary, via: 'http' }, key);
  return (
    <div class="row ways">
      {ways.includes('retry') && (
        <Steering execution={id} steer={{ act: 'retry', skill: skill.id }} word="Try again" />
      )}
      {ways.includes('look') && (
        <Steering execution={id} steer={{ act: 'look', skill: skill.id }} word="Look again" />
      )}
      {ways.includes('reset') && mayDo('operate') && (
        <details class="way">
          <summary>Do it again from its beginning…</summary>
          <div class="stack">
            <p class="quiet">
              What came after it in its phase is done again as well. Commits stay on the branch.
            </p>
            <Steering execution={id} steer={{ act: 'reset', skill: skill.id }} word="Do it again" />
          </div>
        </details>
      )}
      {ways.includes('skip') && <Reasoned summary="Leave it out…" word="Leave it out" send={skip} />}
    </div>
  );
}
