/**
 * Of a skill that is done for each of a list and writes: the tasks of its items work beside each other, each keeps what it made on a
 * branch of its own, and that is merged in the order of the list, or where a person picks one, of that one alone. Pure.
 */
import type { Skill } from '../loops/skill.ts';
import { isEnded } from './execution-parts.ts';
import type { ItemRecord, SkillRecord } from './execution-record.ts';
import type { ExecutionSpec } from './execution-spec.ts';

/** Executions that began before there was an order merge each item as its task ends. */
export const isMergedByItems = ({ mergesInOrder }: ExecutionSpec, { forEach, writes }: Skill): boolean =>
  mergesInOrder === true && forEach !== undefined && writes !== 'none';

/** Still worked on, where others may be done and wait for their turn. */
export const isAtWork = ({ state, made }: ItemRecord): boolean =>
  state === 'in-progress' && made === undefined;

/** The one whose turn it is; undefined where it has nothing yet, or nobody has picked one. */
export function itemToMerge({ forEach }: Skill, { items = [], picked }: SkillRecord): ItemRecord | undefined {
  const next =
    forEach?.join === 'pick' ? items.find(({ item }) => item === picked) : items.find((one) => !isEnded(one));
  return next?.made === undefined ? undefined : next;
}

/** Whether a person has to pick one now. */
export const isToPick = ({ forEach }: Skill, { state, items = [], picked, report }: SkillRecord): boolean =>
  forEach?.join === 'pick' &&
  state === 'in-progress' &&
  picked === undefined &&
  report === undefined &&
  items.length > 0 &&
  items.every(isEnded);
