/**
 * Which skills of a phase begin: those whose turn it is, where their condition holds. What writes works alone, one after the
 * other in the order of the loop; what only reads waits for those that write, and for those whose outputs it names. Pure.
 */
import { clip, LIMITS } from '../limits.ts';
import { referencesIn } from '../loops/brief-template.ts';
import type { Condition } from '../loops/condition.ts';
import { evaluate, type Known, valueFor } from '../loops/evaluate.ts';
import type { Operand } from '../loops/references.ts';
import type { Skill } from '../loops/skill.ts';
import { isEnded, knownIn, type PhaseParts, type SkillParts, skillsOf } from './execution-parts.ts';
import type { Execution, ExecutionRecord, ItemRecord, SkillRecord } from './execution-record.ts';
import { isAtWork } from './item-merges.ts';

/** @returns whether something moved */
export function beginSkills(execution: Execution, parts: PhaseParts, now: string): boolean {
  const skills = skillsOf(parts);
  for (const one of skills) {
    if (one.skill.state !== 'pending' || one.skill.unknown !== undefined) continue;
    const earlier = skills.slice(0, one.place);
    if (!isTurnOf(one.definition, earlier)) continue;
    const failed = earlier.filter(({ skill }) => skill.state === 'failed').map(({ skill }) => skill.id);
    if (failed.length > 0 && !isAbout(one.definition.when, failed)) continue;
    decide(execution, one, now);
    return true;
  }
  return false;
}

function isTurnOf(skill: Skill, earlier: readonly SkillParts[]): boolean {
  const named = skillsNamedBy(skill);
  return earlier.every(
    ({ definition, skill: { id, ...one } }) =>
      isEnded(one) || (skill.writes === 'none' && definition.writes === 'none' && !named.has(id)),
  );
}

function decide(execution: Execution, { definition, skill }: SkillParts, now: string): void {
  const known = knownIn(execution);
  const answer = definition.when === undefined ? undefined : evaluate(definition.when, known);
  if (answer?.holds === 'no') {
    skill.state = 'skipped';
    skill.why = `its condition does not hold: ${definition.when?.text}`;
    skill.endedAt = now;
  } else if (answer?.holds === 'unknown') {
    skill.unknown = answer.missing;
  } else {
    begin(execution, { definition, skill }, now);
  }
}

/** Whatever its condition says. What is to be done for each of a list has its items from now on. */
export function begin(
  execution: Execution,
  { definition, skill }: Pick<SkillParts, 'definition' | 'skill'>,
  now: string,
): void {
  delete skill.unknown;
  delete skill.why;
  delete skill.endedAt;
  skill.state = 'in-progress';
  skill.round += 1;
  skill.refusals = 0;
  skill.startedAt = now;
  skill.heardAt = now;
  if (definition.forEach === undefined) return;
  const items = itemsOf(definition.forEach, knownIn(execution));
  if (items === undefined) {
    skill.state = 'failed';
    skill.why = 'the list that it is done for has no value';
    skill.endedAt = now;
    return;
  }
  noteRepeated(execution.record, skill.id, items);
  skill.items = [...new Set(items)].map((item) => ({ item, state: 'pending' }));
  beginItems(definition, skill, now);
}

function itemsOf({ in: items }: NonNullable<Skill['forEach']>, known: Known): readonly string[] | undefined {
  if ('list' in items) return items.list;
  const value = valueFor(items.reference, known);
  return typeof value === 'object' ? value : undefined;
}

/** An item is known by what it is, so one that a list has several times is done once; people are told. */
function noteRepeated(record: ExecutionRecord, id: string, items: readonly string[]): void {
  const repeated = [...new Set(items.filter((item, at) => items.indexOf(item) < at))];
  if (repeated.length === 0) return;
  const note = `${id}: its list has ${repeated.join(', ')} more than once, and each is done once`;
  if (record.notes.includes(note)) return;
  record.notes = [...record.notes, clip(note, LIMITS.noteCharsMax)].slice(-LIMITS.notesKeptMax);
}

/** As many side by side as the loop says; ends the skill where none is left. */
export function beginItems(definition: Skill, skill: SkillRecord, now: string): void {
  const { items = [] } = skill;
  const running = items.filter(isAtWork).length;
  const free = (definition.forEach?.atMost ?? 1) - running;
  const waiting = items.filter(({ state }) => state === 'pending').slice(0, Math.max(0, free));
  skill.items = items.map(
    (one): ItemRecord => (waiting.includes(one) ? { ...one, state: 'in-progress', startedAt: now } : one),
  );
}

/** By what it is given, its condition and its list. */
function skillsNamedBy({ when, brief, with: given, forEach, guides, by }: Skill): ReadonlySet<string> {
  const briefs = [
    ...(brief === undefined ? [] : [brief]),
    ...guides,
    ...(by.kind === 'agent' ? by.agents : []),
  ];
  const references = [
    ...briefs.flatMap(referencesIn),
    ...Object.values(given).flatMap((one) => ('reference' in one ? [one.reference] : [])),
    ...(forEach !== undefined && 'reference' in forEach.in ? [forEach.in.reference] : []),
    ...operandsIn(when).flatMap((one) => ('reference' in one ? [one.reference] : [])),
  ];
  return new Set(references.flatMap((one) => (one.of === 'skill' ? [one.skill] : [])));
}

const operandsIn = (when: Condition | undefined): readonly Operand[] =>
  when === undefined ? [] : when.any.flatMap((all) => all.flatMap(({ left, right }) => [left, right]));

/** Whether a condition is about one of these skills: it may be there for the very case that one has failed. */
const isAbout = (when: Condition | undefined, ids: readonly string[]): boolean =>
  operandsIn(when).some(
    (one) => 'reference' in one && one.reference.of === 'skill' && ids.includes(one.reference.skill),
  );
