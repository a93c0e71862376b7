/** What is wrong with a skill where it stands: what it names, of which types, and what contradicts itself. Pure. */
import { WrittenAgentName } from '../repository-config.ts';
import { type Brief, referencesIn } from './brief-template.ts';
import { problemsWithCondition } from './comparing.ts';
import { agentNamesOf, guideNamesOf } from './fanned-names.ts';
import type { Guarantee } from './guarantees.ts';
import type { Fault } from './loop-parts.ts';
import { RESERVED_NAMES, referenceText } from './references.ts';
import { type Looked, lookUp, lookUpGiven, lookUpValue, type Scope } from './scope.ts';
import type { Skill } from './skill.ts';
import { typeText } from './value-types.ts';

type Path = readonly PropertyKey[];

export function skillFaults(skill: Skill, scope: Scope, path: Path): readonly Fault[] {
  const { forEach, when } = skill;
  const inside: Scope = forEach === undefined ? scope : { ...scope, item: forEach.as };
  return [
    // Decided once, before there is an item.
    ...(when === undefined ? [] : problemsWithCondition(when, scope)).map((message) => ({
      path: [...path, 'when'],
      message,
    })),
    ...itemFaults(skill, scope, path),
    ...Object.entries(skill.with).flatMap(([name, given]) =>
      'reference' in given ? problemAt([...path, 'with', name], lookUpGiven(given.reference, inside)) : [],
    ),
    ...(skill.brief === undefined ? [] : briefFaults(skill.brief, inside, [...path, 'brief'])),
    ...nameFaults(skill, path),
    ...contradictions(skill, path),
    ...repeatedGuarantees(skill.guarantees, path),
  ];
}

const problemAt = (path: Path, found: Looked): readonly Fault[] =>
  'problem' in found ? [{ path, message: found.problem }] : [];

const briefFaults = (brief: Brief, scope: Scope, path: Path): readonly Fault[] =>
  referencesIn(brief).flatMap((reference) => problemAt(path, lookUpValue(reference, scope)));

function itemFaults({ forEach, with: given }: Skill, scope: Scope, path: Path): readonly Fault[] {
  if (forEach === undefined) return [];
  const { in: items, as } = forEach;
  const faults: Fault[] = [];
  if (RESERVED_NAMES.includes(as) || scope.known.includes(as) || as in given) {
    const message = `expected a name that nothing else has here: ${as} is a skill, a name under with, or has a meaning of its own`;
    faults.push({ path: [...path, 'for_each', 'as'], message });
  }
  if ('reference' in items) {
    const found = items.reference.of === 'skill' && items.reference.every ? lookUpValue : lookUp;
    const looked = found(items.reference, scope);
    const at = [...path, 'for_each', 'in'];
    if ('problem' in looked) faults.push({ path: at, message: looked.problem });
    else if (looked.type !== undefined && looked.type.kind !== 'string[]')
      faults.push({
        path: at,
        message: `${referenceText(items.reference)} is ${typeText(looked.type)}: expected a string[]`,
      });
  }
  return faults;
}

/** Names of guides and agents are known when a loop is read, so that they can be pinned. */
function nameFaults(skill: Skill, path: Path): readonly Fault[] {
  const { by, guides } = skill;
  const agents = by.kind === 'agent' ? by.agents : [];
  const templates = [
    ...guides.map((name, index) => ({ name, path: [...path, 'guides', index] })),
    ...agents.map((name) => ({ name, path: [...path, 'agent'] })),
  ];
  const wrong = templates.flatMap(({ name, path: at }) => templateFaults(name, skill, at));
  if (wrong.length > 0) return wrong;
  return [
    ...guideNamesOf(skill)
      .filter((name) => !GUIDE.test(name))
      .map((name) => ({
        path: [...path, 'guides'],
        message: `expected the name of a folder with a SKILL.md, such as write-plan, got ${JSON.stringify(name)}`,
      })),
    ...agentNamesOf(skill)
      .filter((name) => !WrittenAgentName.safeParse(name).success)
      .map((name) => ({
        path: [...path, 'agent'],
        message: `expected the name of an agent, such as claude or one under agents in pawl.yaml, got ${JSON.stringify(name)}`,
      })),
  ];
}

/** As the open standard has it. */
const GUIDE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function templateFaults(name: Brief, { forEach }: Skill, path: Path): readonly Fault[] {
  const references = referencesIn(name);
  if (references.length === 0) return [];
  const isFixed = forEach !== undefined && 'list' in forEach.in;
  const isItem = references.every((one) => one.of === 'item' && one.name === forEach?.as);
  if (isFixed && isItem) return [];
  const found = references.map(referenceText).join(', ');
  const message = `only the item of a for_each over a list that is written out can be part of a name, got ${found}`;
  return [{ path, message }];
}

function contradictions(
  { by, writes, guarantees, returns, with: given }: Skill,
  path: Path,
): readonly Fault[] {
  const changed = guarantees.find((one) => one.kind === 'deliverable' && one.changed);
  const faults: Fault[] = [];
  if (writes === 'none' && changed !== undefined)
    faults.push({
      path: [...path, 'writes'],
      message: `contradicts the guarantee ${changed.id}: what is changed here is discarded`,
    });
  const asks = [
    ['returns', returns],
    ['with', given],
  ] as const;
  if (by.kind === 'deliver')
    for (const [key, values] of asks)
      if (Object.keys(values).length > 0)
        faults.push({ path: [...path, key], message: 'a delivery takes and gives no values' });
  return faults;
}

/** By its id a person resolves or waives a guarantee. */
export function repeatedGuarantees(guarantees: readonly Guarantee[], path: Path): readonly Fault[] {
  return guarantees.flatMap(({ id }, index): Fault[] =>
    guarantees.findIndex((one) => one.id === id) < index
      ? [{ path: [...path, 'guarantees', index, 'id'], message: `expected another id: ${id} is one already` }]
      : [],
  );
}
