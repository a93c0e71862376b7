/**
 * Whether a condition holds, of what has come of the skills so far. There are three answers: what has no value (its skill
 * failed, was skipped, has not run, or there was no item) makes a comparison neither true nor false, but `unknown`, with its
 * name; and `unknown` passes nothing and skips nothing, so that whoever asks has to say what follows. States always have a
 * value. Pure.
 */
import type { Comparison, Condition } from './condition.ts';
import { type Operand, type Reference, referenceText, type SkillState, STATE } from './references.ts';
import type { Value } from './value-types.ts';

export type Answer =
  | { readonly holds: 'yes' | 'no' }
  /** What had no value, each once: `plan.risk (plan is skipped)`. */
  | { readonly holds: 'unknown'; readonly missing: readonly string[] };

/** How one run of a skill stands, and what it has returned. */
export interface Outcome {
  readonly state: SkillState;
  readonly outputs?: Readonly<Record<string, Value>>;
}

/** How a skill stands; with `items`, in their order, where it is done for each of a list. */
export interface SkillOutcome extends Outcome {
  readonly items?: readonly Outcome[];
}

export interface Known {
  readonly inputs: Readonly<Record<string, Value>>;
  /** By id. A skill that is not there has not begun. */
  readonly skills: Readonly<Record<string, SkillOutcome>>;
  /** Within a `for_each`. */
  readonly item?: { readonly name: string; readonly value: string };
}

/**
 * `a && b` is `no` where one is, `a || b` is `yes` where one is, whatever is unknown: so `plan.state == 'completed' &&
 * plan.risk == 'high'` has an answer also where the plan failed.
 */
export function evaluate({ any }: Condition, known: Known): Answer {
  return anyOf(any.map((all) => allOf(all.map((comparison) => compare(comparison, known)))));
}

/** `yes` of no answers at all: who asks about a list that may be empty asks first whether it is. */
function allOf(answers: readonly Answer[]): Answer {
  return answers.find(({ holds }) => holds === 'no') ?? unknownIn(answers) ?? { holds: 'yes' };
}

function anyOf(answers: readonly Answer[]): Answer {
  return answers.find(({ holds }) => holds === 'yes') ?? unknownIn(answers) ?? { holds: 'no' };
}

function unknownIn(answers: readonly Answer[]): Answer | undefined {
  const missing = answers.flatMap((answer) => (answer.holds === 'unknown' ? answer.missing : []));
  return missing.length === 0 ? undefined : { holds: 'unknown', missing: [...new Set(missing)] };
}

/** With `every` on one side the comparison has to hold of each item. */
function compare({ left, is, right }: Comparison, known: Known): Answer {
  const [ones, others] = [valuesOf(left, known), valuesOf(right, known)];
  return allOf(ones.flatMap((one) => others.map((other) => compareValues(one, is, other))));
}

type Found = { readonly value: Value } | { readonly missing: string };

/** One of most operands, one of each item of `every`; never none. */
function valuesOf(operand: Operand, known: Known): readonly Found[] {
  if ('literal' in operand) return [{ value: operand.literal }];
  const { reference } = operand;
  if (reference.of !== 'skill' || !reference.every) return [singleValue(reference, known)];
  const skill = own(known.skills, reference.skill);
  const items = skill?.items ?? [];
  if (items.length === 0)
    return [
      { missing: `${referenceText(reference)} (${reference.skill} ${standing(skill, 'has no items')})` },
    ];
  return items.map((item, index) => outputOf(reference, item, `item ${index + 1} of ${reference.skill}`));
}

/** The value of a reference that is not about every item. */
function singleValue(reference: Reference, { inputs, skills, item }: Known): Found {
  if (reference.of === 'inputs')
    return found(own(inputs, reference.name), `inputs.${reference.name} (not given)`);
  if (reference.of === 'item')
    return found(item?.name === reference.name ? item.value : undefined, `${reference.name} (no item here)`);
  return outputOf(reference, own(skills, reference.skill), reference.skill);
}

function outputOf(reference: Reference & { of: 'skill' }, outcome: Outcome | undefined, who: string): Found {
  if (reference.output === STATE) return { value: outcome?.state ?? 'pending' };
  // What a skill said before it failed is not what it returns.
  const outputs = outcome?.state === 'completed' ? outcome.outputs : undefined;
  const missing = `${referenceText(reference)} (${who} ${standing(outcome, 'did not return it')})`;
  return found(own(outputs ?? {}, reference.output), missing);
}

const found = (value: Value | undefined, missing: string): Found =>
  value === undefined ? { missing } : { value };

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const standing = (outcome: Outcome | undefined, whenDone: string): string =>
  outcome?.state === 'completed' ? whenDone : `is ${outcome?.state ?? 'pending'}`;

function compareValues(one: Found, is: Comparison['is'], other: Found): Answer {
  const missing = [one, other].flatMap((side) => ('missing' in side ? [side.missing] : []));
  if (!('value' in one) || !('value' in other)) return { holds: 'unknown', missing };
  return { holds: holds(one.value, is, other.value) ? 'yes' : 'no' };
}

/** Of one type, as was checked when the loop was read: what is not is not equal, and neither less nor more. */
function holds(one: Value, is: Comparison['is'], other: Value): boolean {
  if (is === '==') return one === other;
  if (is === '!=') return one !== other;
  if (typeof one !== 'number' || typeof other !== 'number') return false;
  switch (is) {
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    case '>=':
      return one >= other;
    default:
      return is satisfies never;
  }
}

/** The value for a brief or `with`: of `every`, one text of each item; undefined where one of them has none. */
export function valueFor(reference: Reference, known: Known): Value | undefined {
  const values = valuesOf({ reference }, known);
  if (reference.of !== 'skill' || !reference.every) {
    const [first] = values;
    return first !== undefined && 'value' in first ? first.value : undefined;
  }
  const texts = values.flatMap((one) => ('value' in one && typeof one.value === 'string' ? [one.value] : []));
  return texts.length === values.length ? texts : undefined;
}
