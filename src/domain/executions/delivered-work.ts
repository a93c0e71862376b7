/** For the agent that mends a delivery, which has seen nothing of the work: what was asked for, and what came of it. Pure. */
import { clip } from '../limits.ts';
import { phaseAt, type SkillParts, skillsOf } from './execution-parts.ts';
import type { Execution, ItemRecord, SkillRecord } from './execution-record.ts';
import { ownBrief } from './filled-brief.ts';

/** Of each skill, so that many do not leave the last ones out. */
const PART_CHARS_MAX = 4_000;

export function deliveredWork(execution: Execution): readonly string[] {
  const { base, title } = execution.spec;
  const done = execution.record.phases.flatMap((_, place) =>
    skillsOf(phaseAt(execution, place))
      .filter(({ definition, skill }) => skill.state === 'completed' && definition.by.kind !== 'deliver')
      .map((one) => clip(workOf(execution, one), PART_CHARS_MAX)),
  );
  return [
    `This delivers to ${base} what was made for "${title}". It is in your directory already: change only what is in its way.`,
    ...done,
  ];
}

function workOf(execution: Execution, { definition, skill }: SkillParts): string {
  const head = `Skill ${skill.id}${definition.writes === 'none' ? ', which only read' : ''}`;
  const { items = [] } = skill;
  if (items.length === 0) return [`${head}: ${ownBrief(execution, definition)}`, ...cameTo(skill)].join('\n');
  return items
    .filter(({ state, item }) => state === 'completed' && (skill.picked ?? item) === item)
    .map((one) =>
      [`${head} (${one.item}): ${ownBrief(execution, definition, one.item)}`, ...cameTo(one)].join('\n'),
    )
    .join('\n\n');
}

function cameTo({ report }: SkillRecord | ItemRecord): readonly string[] {
  const { summary, outputs } = report ?? {};
  return [
    ...(summary === undefined ? [] : [`It came to: ${summary}`]),
    ...(outputs === undefined ? [] : [`It returned: ${JSON.stringify(outputs)}`]),
  ];
}
