/** What the agent of a skill's task is told, and by which guides it goes. Pure. */
import { clip, LIMITS } from '../limits.ts';
import { type Filled, fillBrief } from '../loops/brief-template.ts';
import { type Known, valueFor } from '../loops/evaluate.ts';
import { returnsText } from '../loops/returned.ts';
import type { Skill } from '../loops/skill.ts';
import { deliveredWork } from './delivered-work.ts';
import { knownIn, type PhaseParts } from './execution-parts.ts';
import type { Execution } from './execution-record.ts';
import type { ExecutionSpec } from './execution-spec.ts';
import { filledBrief, withItem } from './filled-brief.ts';

export const fill = (text: Parameters<typeof fillBrief>[0], known: Known): Filled =>
  fillBrief(text, (reference) => valueFor(reference, known));

/** What its agent is told, but for guides, which are long (`guidesFor`). */
export function requirementOf(
  execution: Execution,
  parts: PhaseParts,
  { definition, item }: { readonly definition: Skill; readonly item: string | undefined },
): string {
  const { feedback } = parts.phase.skills.find(({ id }) => id === definition.id) ?? {};
  const said = [
    filledBrief(execution, parts, definition, item),
    ...guidesIn(execution.spec, definition, withItem(knownIn(execution), definition, item))
      .filter(({ text }) => text === undefined)
      .map(({ name, folder }) => {
        const file = folder === undefined ? 'its SKILL.md' : `${folder}/SKILL.md`;
        return `Follow the guide ${name}: read ${file} first.`;
      }),
    ...(feedback === undefined ? [] : [`It was done before, and did not count: ${feedback}`]),
    ...(definition.by.kind === 'deliver' ? deliveredWork(execution) : []),
    ...(definition.writes === 'none' ? [NONE_STAYS] : []),
    returnsText(definition.returns),
  ];
  return clip(said.filter((text) => text !== '').join('\n\n'), LIMITS.messageCharsMax);
}

const NONE_STAYS =
  'Nothing that you change stays: the directory is thrown away, and only what you say in the end counts.';

/** A guide whose SKILL.md is in the artifact store, and where its other files are. */
export interface GuideText {
  readonly name: string;
  readonly folder: string;
  readonly text: string;
}

/** Those that the step adds which makes the spec; none where there are none, or none was kept at the start. */
export function guidesFor(
  spec: ExecutionSpec,
  definition: Skill,
  known: Known,
): { readonly guides?: readonly GuideText[] } {
  const guides = guidesIn(spec, definition, known).flatMap(({ name, folder = '', text }) =>
    text === undefined ? [] : { name, folder, text },
  );
  return guides.length === 0 ? {} : { guides };
}

const guidesIn = ({ guides = {}, guideTexts = {} }: ExecutionSpec, definition: Skill, known: Known) =>
  definition.guides.flatMap((guide) => {
    const filled = fill(guide, known);
    if (!filled.ok) return [];
    const name = filled.text;
    return { name, folder: ownOf(guides, name), text: ownOf(guideTexts, name) };
  });

const ownOf = (values: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;
