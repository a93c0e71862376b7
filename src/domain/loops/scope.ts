/** What can be named at one place of a loop, and of which type it is. Pure. */
import type { Input } from './definition.ts';
import { nameWithin } from './include.ts';
import { ofTextInYaml, type Reference, referenceText, SKILL_STATES, STATE } from './references.ts';
import type { Skill } from './skill.ts';
import { typeText, type ValueType } from './value-types.ts';

export interface Scope {
  readonly inputs: ReadonlyMap<string, Input | undefined>;
  /** Those that stand before this place; undefined for one that could not be read, of which anything may be true. */
  readonly skills: ReadonlyMap<string, Skill | undefined>;
  /** All ids of skills, to tell one that stands later from one that is not there. */
  readonly known: readonly string[];
  /** Beginnings of ids whose included loop is not known, so that anything may be one of its; '' of any. */
  readonly unread?: readonly string[];
  /** The item of the `for_each` around this place. */
  readonly item?: string;
}

/** Whether an id may be of an included loop that is not known. */
export const mayBeIncluded = (id: string, { unread = [] }: Pick<Scope, 'unread'>): boolean =>
  unread.some((as) => as === '' || id.startsWith(nameWithin(as, '')));

/** `undefined`: what it names could not be read, and its own faults are told where it stands. */
export type Looked =
  | { readonly type: ValueType | undefined }
  | {
      readonly problem: string;
      /** Nothing is called so: it may be meant as a text. */
      readonly isNothing?: 'word' | 'path';
    };

const STATE_TYPE: ValueType = { kind: 'enum', of: SKILL_STATES };

export function lookUp(reference: Reference, scope: Scope): Looked {
  switch (reference.of) {
    case 'inputs':
      return inputIn(reference.name, scope);
    case 'item':
      return itemIn(reference.name, scope);
    case 'skill':
      return outputIn(reference, scope);
    default:
      return reference satisfies never;
  }
}

function inputIn(name: string, { inputs }: Scope): Looked {
  if (inputs.has(name)) return { type: inputs.get(name)?.type };
  return { problem: `there is no input ${name}: expected ${oneOf([...inputs.keys()], 'an input')}` };
}

function itemIn(name: string, { item, known }: Scope): Looked {
  if (item === name) return { type: { kind: 'string' } };
  if (known.includes(name))
    return { problem: `${name} is a skill: name one of its outputs, or its state, such as ${name}.state` };
  return {
    problem: `there is no ${name} here: ${item === undefined ? 'only within a for_each an item has a name' : `the item is called ${item}`}`,
    isNothing: 'word',
  };
}

function outputIn(reference: Reference & { of: 'skill' }, scope: Scope): Looked {
  const { skill: id, every, output } = reference;
  const { skills, known } = scope;
  if (!skills.has(id)) {
    if (!known.includes(id) && mayBeIncluded(id, scope)) return { type: undefined };
    if (known.includes(id))
      return { problem: `${id} stands later, or is this skill itself: only what stands before can be named` };
    const problem = `there is no skill ${id}: expected ${oneOf([...skills.keys()], 'a skill that stands before')}`;
    return { problem, isNothing: 'path' };
  }
  const skill = skills.get(id);
  if (skill === undefined) return { type: undefined };
  const each = isPerItem(skill);
  if (every && !each)
    return { problem: `${id} is done once: write ${id}.${output} in place of ${referenceText(reference)}` };
  if (output === STATE) return { type: STATE_TYPE };
  const type = skill.returns[output];
  if (type === undefined)
    return { problem: `${id} returns no ${output}: expected ${oneOf(Object.keys(skill.returns), STATE)}` };
  if (each && !every)
    return {
      problem: `${id} is done for each of a list: write ${id}.every.${output}, which is about all of them`,
    };
  return { type };
}

/** Whether its outputs are one of each item; of those of which one is picked, that one's count. */
export const isPerItem = ({ forEach }: Skill): boolean => forEach !== undefined && forEach.join !== 'pick';

/** The same where a value is needed and not a comparison: those of all items are a list, if they are texts. */
export function lookUpValue(reference: Reference, scope: Scope): Looked {
  const found = lookUp(reference, scope);
  if (reference.of !== 'skill' || !reference.every || !('type' in found) || found.type === undefined)
    return found;
  const { kind } = found.type;
  if (kind === 'string' || kind === 'enum') return { type: { kind: 'string[]' } };
  return {
    problem: `${referenceText(reference)} is a list of ${typeText(found.type)}: only texts can be a list`,
  };
}

/** The same of a value under `with`, where a text looks like a reference once YAML has taken its quotes off. */
export function lookUpGiven(reference: Reference, scope: Scope, expected?: ValueType): Looked {
  const found = lookUpValue(reference, scope);
  if (!('problem' in found) || found.isNothing === undefined) return found;
  const isText = expected === undefined || expected.kind === 'string' || expected.kind === 'enum';
  const more = isText ? ofTextInYaml(referenceText(reference)) : `; expected ${typeText(expected)}`;
  return { problem: `${found.problem}${more}` };
}

const oneOf = (names: readonly string[], none: string): string =>
  names.length === 0 ? `${none}, and there is none` : `one of ${names.slice(0, 20).join(', ')}`;
