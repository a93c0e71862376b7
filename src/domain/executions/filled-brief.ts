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
  const known = knownIn(execution);
  const within: Known =
    item === undefined || skill.forEach === undefined
      ? known
      : { ...known, item: { name: skill.forEach.as, value: item } };
  const said = execution.record.feedback.filter(({ phase }) => phase === id);
  const parts = [briefOf(skill, within), ...givenTo(skill, within), ...said.map(feedbackText)];
  return [...parts, ...placeOf(execution, skill)].join('\n\n');
}

/** Evidence is taken there. */
const placeOf = ({ spec: { id, base, project } }: Execution, { by }: Skill): readonly string[] =>
  base === undefined || by.kind !== 'manual'
    ? []
    : [`Commit it on the branch ${branchOf(id)} of ${project}: others work on it before and after you.`];

function briefOf({ brief, title, id }: Skill, known: Known): string {
  if (brief === undefined) return `${title ?? id}.${inputsText(known.inputs)}`;
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
