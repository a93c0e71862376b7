/** A skill of an execution: who does it, how it stands, what it was given and what it has made. */

import type { ExecutionState, SkillView } from '../../domain/executions/execution-state.ts';
import { taskPage } from '../../domain/page-paths.ts';
import { Chip } from '../decision/standing-chip.tsx';
import { sinceText } from '../shown/clock.ts';
import { EngineWords } from '../shown/engine-words.tsx';
import { EvidenceList } from '../shown/evidence-list.tsx';
import { Scrolled } from '../shown/scrolled.tsx';
import { Values } from '../shown/values.tsx';
import { Visible } from '../shown/visible.tsx';
import { withoutColours } from '../shown/visible-text.ts';
import { Pick } from './execution-ways.tsx';
import { doerText, doneCommandOf, skillStanding, standingOf, tookText } from './execution-words.ts';
import { Guarantees } from './guarantees.tsx';
import { isResolvable } from './part-ways.ts';
import { SkillWays } from './skill-ways.tsx';

interface SkillProps {
  readonly of: SkillView;
  readonly execution: ExecutionState;
  readonly isOver: boolean;
}

export function SkillCard({ of: skill, execution, isOver }: SkillProps) {
  const { id, title, items = [], guarantees, evidence = [], returns } = skill;
  const done = isOver ? undefined : doneCommandOf(skill, execution);
  return (
    <article class="card">
      <div class="row spread">
        <h3>
          <Visible text={title ?? id} />
        </h3>
        <span class="row">
          <Took of={skill} />
          <Chip of={skillStanding(skill, execution, isOver)} />
        </span>
      </div>
      <Facts of={skill} execution={execution} />
      <Part of={skill} />
      {done !== undefined && (
        <div>
          Once it is done:{' '}
          <code>
            <Visible text={done} />
          </code>
        </div>
      )}
      {returns !== undefined && skill.state === 'in-progress' && (
        <div class="quiet">
          Has to return{' '}
          {Object.entries(returns)
            .map(([name, type]) => `${name}: ${type}`)
            .join(', ')}
        </div>
      )}
      {items.length > 0 && (
        <ul class="plain items" aria-label={`Items of ${id}`}>
          {items.map((item) => (
            <li key={item.item}>
              <div class="row spread">
                <strong>
                  <Visible text={item.item} />
                </strong>
                <span class="row">
                  <Took of={item} />
                  <Chip of={standingOf(item.state, isOver)} />
                </span>
              </div>
              <Part of={item} />
              {skill.isToPick === true && item.state === 'completed' && (
                <Pick execution={execution.id} skill={id} item={item.item} />
              )}
            </li>
          ))}
        </ul>
      )}
      <Guarantees
        of={guarantees}
        {...(isResolvable(skill, execution) && { holder: { execution: execution.id, part: { skill: id } } })}
      />
      {evidence.length > 0 && <EvidenceList of={evidence} />}
      <SkillWays of={skill} execution={execution} />
    </article>
  );
}

function Facts({ of: skill, execution }: Omit<SkillProps, 'isOver'>) {
  const { id, round, by, via } = skill;
  const facts = [
    id,
    doerText(skill, execution),
    ...(round > 1 ? [`round ${round}`] : []),
    ...(by === undefined ? [] : [`reported by ${by}${via === undefined ? '' : ` via ${via}`}`]),
  ];
  return <div class="quiet">{facts.join(' · ')}</div>;
}

type Made = Omit<NonNullable<SkillView['items']>[number], 'item'>;

/** What a skill and an item of it have alike. */
function Part({ of: part }: { readonly of: Made }) {
  const { task, taskStatus, waitingFor, brief, summary, outputs = {}, why } = part;
  return (
    <>
      {task !== undefined && (
        <div>
          <a href={taskPage(task as never)}>{task}</a>
          {taskStatus !== undefined && <span class="quiet"> {taskStatus.replaceAll('_', ' ')}</span>}
          {waitingFor !== undefined && (
            <span class="quiet">
              : <EngineWords text={waitingFor} />
            </span>
          )}
        </div>
      )}
      {why !== undefined && why !== summary && (
        <div>
          Why: <EngineWords text={withoutColours(why)} />
        </div>
      )}
      {brief !== undefined && (
        <details open={part.state === 'in-progress' && task === undefined}>
          <summary>Brief</summary>
          <Scrolled class="brief" name="Brief">
            <pre>
              <Visible text={brief} />
            </pre>
          </Scrolled>
        </details>
      )}
      {summary !== undefined && (
        <p class="summary">
          <Visible text={withoutColours(summary)} />
        </p>
      )}
      {Object.keys(outputs).length > 0 && (
        <dl class="facts">
          <Values of={outputs} label="Output" />
        </dl>
      )}
    </>
  );
}

function Took({ of }: { readonly of: Made }) {
  const took = tookText(of);
  if (took !== undefined) return <span class="quiet">{took}</span>;
  if (of.startedAt === undefined || of.state !== 'in-progress') return null;
  return <span class="quiet">{sinceText(of.startedAt)}</span>;
}
