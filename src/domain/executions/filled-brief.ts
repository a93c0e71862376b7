/** What whoever does a skill is told: its brief with values, and what was said by who sent the work back. Pure. */
import { branchOf } from '../ids.ts';
import { fillBrief } from '../loops/brief-template.ts';
import { type Known, valueFor } from '../loops/evaluate.ts';
import type { Skill } from '../loops/skill.ts';
import type { Value } from '../loops/value-types.ts';
import { knownIn, type PhaseParts } from './execution-parts.ts';
import type { Execution, Feedback } from './execution-record.ts';

/** @param item of its list, where it is done for each of one */
export function filledBrief(
  execution: Execution,
  { definition: { id } }: PhaseParts,
  skill: Skill,
  item?: string,
): string {
  const within = withItem(knownIn(execution), skill, item);
  const said = execution.record.feedback.filter(({ phase }) => phase === id);
  const parts = [briefOf(skill, within), ...givenTo(skill, within), ...said.map(feedbackText)];
  return [...parts, ...placeOf(execution, skill)].join('\n\n');
}

export const withItem = (known: Known, { forEach }: Skill, item: string | undefined): Known =>
  item === undefined || forEach === undefined ? known : { ...known, item: { name: forEach.as, value: item } };

/** What it was to do, in its own words alone; its title where it has none. */
export const ownBrief = (execution: Execution, skill: Skill, item?: string): string =>
  skill.brief === undefined ? titleOf(skill) : briefOf(skill, withItem(knownIn(execution), skill, item));

const titleOf = ({ title, id }: Skill): string => `${title ?? id}.`;

/** Of what somebody does by hand: evidence is taken there. */
function placeOf({ spec: { id, base, project } }: Execution, { by, writes }: Skill): readonly string[] {
  if (by.kind !== 'manual' && base !== undefined) return [];
  if (writes === 'none') return ['Change nothing in the repository: what you report is all that counts.'];
  return base === undefined
    ? []
    : [`Commit it on the branch ${branchOf(id)} of ${project}: others work on it before and after you.`];
}

function briefOf(skill: Skill, known: Known): string {
  const { brief } = skill;
  if (brief === undefined) return `${titleOf(skill)}${inputsText(known.inputs)}`;
  const filled = fillBrief(brief, (reference) => valueFor(reference, known));
  return filled.ok
    ? filled.text.trimEnd()
    : `This brief cannot be filled in, because there is no ${filled.missing.join(', ')}.`;
}

const inputsText = (inputs: Known['inputs']): string =>
  Object.entries(inputs)
    .map(([name, value]) => `\n${name}: ${textOf(value)}`)
    .join('');

const givenTo = ({ with: given }: Skill, known: Known): readonly string[] =>
  Object.entries(given).flatMap(([name, one]) => {
    const value = 'literal' in one ? one.literal : valueFor(one.reference, known);
    return value === undefined ? [] : [`${name}: ${textOf(value)}`];
  });

const textOf = (value: Value): string => (typeof value === 'object' ? value.join(', ') : String(value));

const feedbackText = ({ gate, by, reason }: Feedback): string =>
  `The work was sent back at the gate ${gate} by ${by}:\n${reason}`;
