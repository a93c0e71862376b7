/** Whether the two sides of a comparison can be compared: told when a loop is read, never when it runs. Pure. */
import type { Comparison, Condition } from './condition.ts';
import { type Operand, ofText, operandText, referenceText } from './references.ts';
import { lookUp, type Scope } from './scope.ts';
import { typeText, type ValueType } from './value-types.ts';

/** Every problem of a condition at this place. */
export const problemsWithCondition = (condition: Condition, scope: Scope): readonly string[] =>
  condition.any.flat().flatMap((comparison) => problemsWith(comparison, scope));

function problemsWith({ left, is, right }: Comparison, scope: Scope): readonly string[] {
  const sides = [sideOf(left, scope), sideOf(right, scope)] as const;
  const wrong = sides.flatMap((side) => ('problem' in side ? [side.problem] : []));
  if (wrong.length > 0) return wrong;
  const [one, other] = sides;
  if ('literal' in left && 'literal' in right)
    return [`${operandText(left)} ${is} ${operandText(right)} is always the same: expected a reference`];
  if (!('type' in one) || !('type' in other) || one.type === undefined || other.type === undefined) return [];
  const problem =
    problemOfKinds(left, one.type, is) ??
    problemOfKinds(right, other.type, is) ??
    problemOfPair({ operand: left, type: one.type }, { operand: right, type: other.type });
  return problem === undefined ? [] : [problem];
}

function sideOf(operand: Operand, scope: Scope): ReturnType<typeof lookUp> {
  if ('reference' in operand) {
    const found = lookUp(operand.reference, scope);
    const isWord = 'problem' in found && found.isNothing === 'word';
    return isWord ? { problem: `${found.problem}${ofText(referenceText(operand.reference))}` } : found;
  }
  const { literal } = operand;
  if (typeof literal === 'string') return { type: { kind: 'string' } };
  return { type: { kind: typeof literal === 'number' ? 'number' : 'boolean' } };
}

function problemOfKinds(operand: Operand, type: ValueType, is: Comparison['is']): string | undefined {
  const name = operandText(operand);
  if (type.kind === 'string[]')
    return `${name} is a list, which cannot be compared: let a skill return what is asked about it`;
  if (is === '==' || is === '!=' || type.kind === 'number') return undefined;
  return `${name} is ${typeText(type)}: only numbers are compared by ${is}`;
}

interface Side {
  readonly operand: Operand;
  readonly type: ValueType;
}

function problemOfPair(one: Side, other: Side): string | undefined {
  const [kindOfOne, kindOfOther] = [one.type, other.type].map(({ kind }) =>
    kind === 'enum' ? 'string' : kind,
  );
  if (kindOfOne !== kindOfOther) {
    const words = [one, other].map(({ operand, type }) => `${operandText(operand)} is ${typeText(type)}`);
    return `${words.join(', ')}: expected two of one type`;
  }
  return unknownValue(one, other) ?? unknownValue(other, one) ?? nothingInCommon(one.type, other.type);
}

/** A value that an enum does not have makes a comparison that never says what was meant. */
function unknownValue({ operand, type }: Side, other: Side): string | undefined {
  if (type.kind !== 'enum' || !('literal' in other.operand)) return undefined;
  const { literal } = other.operand;
  if (typeof literal === 'string' && type.of.includes(literal)) return undefined;
  return `${operandText(operand)} is never ${operandText(other.operand)}: expected one of ${type.of.join(', ')}`;
}

function nothingInCommon(one: ValueType, other: ValueType): string | undefined {
  if (one.kind !== 'enum' || other.kind !== 'enum' || one.of.some((value) => other.of.includes(value)))
    return undefined;
  return `${typeText(one)} and ${typeText(other)} have no value in common`;
}
