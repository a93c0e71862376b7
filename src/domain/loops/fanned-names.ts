/** Names of guides and agents, of which the item of a `for_each` may be a part: `review-{{ lens }}`. Pure. */
import { type Brief, fillBrief } from './brief-template.ts';
import type { Skill } from './skill.ts';

/** Every name that it can come to: those of all items of a list that is written out. */
export const guideNamesOf = (skill: Skill): readonly string[] => namesOf(skill.guides, skill);

/** The same of its agents; none where no agent does it. */
export const agentNamesOf = (skill: Skill): readonly string[] =>
  skill.by.kind === 'agent' ? namesOf(skill.by.agents, skill) : [];

/** Of one item; without an item those that name none. */
export function nameFor(template: Brief, item: string | undefined): string | undefined {
  const filled = fillBrief(template, () => item);
  return filled.ok ? filled.text : undefined;
}

function namesOf(templates: readonly Brief[], { forEach }: Skill): readonly string[] {
  const list = forEach !== undefined && 'list' in forEach.in ? forEach.in.list : [];
  // Of an included loop it may be empty: those who would work are named all the same.
  const items = list.length === 0 ? [undefined] : list;
  const names = templates.flatMap((template) => items.flatMap((item) => nameFor(template, item) ?? []));
  return [...new Set(names)];
}
