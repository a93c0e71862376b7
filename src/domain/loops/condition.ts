/**
 * The conditions of a loop, `when` and `passes_if`: comparisons joined by `&&` and `||`, of which `&&` binds closer, as
 * everywhere. No parentheses, no calls, nothing that computes, so that a condition can be read at a glance. Pure.
 */
import { z } from 'zod';
import { clip, LIMITS } from '../limits.ts';
import { type Operand, operandFrom, operandText } from './references.ts';

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;

export interface Comparison {
  readonly left: Operand;
  readonly is: (typeof COMPARISONS)[number];
  readonly right: Operand;
}

/** True where all comparisons of at least one of `any` are. */
export interface Condition {
  readonly text: string;
  readonly any: readonly (readonly Comparison[])[];
}

/** What stands between two pieces, or is one: each has its own alternative. */
const TOKEN = /\s*(?:(&&|\|\|)|(==|!=|<=|>=|<|>)|('[^']*'|"[^"]*")|([^\s'"=!<>&|()]+)|(.))/suy;

interface Token {
  readonly kind: 'join' | 'comparison' | 'operand' | 'other';
  readonly text: string;
}

/** A condition from its text; a problem says what was expected and where (characters from 1). */
export function conditionFrom(text: string): Condition | { readonly problem: string } {
  const tokens = tokensOf(text.trim());
  const any: Comparison[][] = [[]];
  for (let at = 0; ; at += 4) {
    const comparison = comparisonFrom(tokens.slice(at, at + 3));
    if ('problem' in comparison) return comparison;
    any.at(-1)?.push(comparison);
    const join = tokens[at + 3];
    if (join === undefined) break;
    if (join.kind !== 'join') return { problem: problemWith(join) };
    if (join.text === '||') any.push([]);
  }
  const count = any.flat().length;
  if (count > LIMITS.comparisonsPerConditionMax)
    return { problem: `expected at most ${LIMITS.comparisonsPerConditionMax} comparisons, got ${count}` };
  return { text: text.trim(), any };
}

function tokensOf(text: string): readonly Token[] {
  const kinds = ['join', 'comparison', 'operand', 'operand', 'other'] as const;
  return [...text.matchAll(new RegExp(TOKEN, 'gsu'))].map((match) => {
    const index = match.slice(1).findIndex((group) => group !== undefined);
    return { kind: kinds[index] ?? 'other', text: match[index + 1] ?? '' };
  });
}

function comparisonFrom([left, is, right]: readonly Token[]): Comparison | { readonly problem: string } {
  const other = [left, is, right].find((token) => token?.kind === 'other');
  if (other !== undefined) return { problem: problemWith(other) };
  const comparison = COMPARISONS.find((one) => one === is?.text);
  if (left?.kind !== 'operand' || comparison === undefined || right?.kind !== 'operand')
    return { problem: expectedComparison([left, is, right]) };
  const [one, two] = [operandFrom(left.text), operandFrom(right.text)];
  if ('problem' in one) return one;
  return 'problem' in two ? two : { left: one, is: comparison, right: two };
}

const EXPECTED = "expected a comparison such as plan.risk == 'high'";

function expectedComparison(tokens: readonly (Token | undefined)[]): string {
  const words = tokens.flatMap((token) => token?.text ?? []).join(' ');
  const [first, second] = tokens;
  if (first?.kind === 'operand' && (second === undefined || second.kind === 'join'))
    return `${EXPECTED}, got only ${JSON.stringify(clip(first.text, 60))}: of a boolean write ${first.text} == true`;
  return `${EXPECTED} (one of ${COMPARISONS.join(' ')}), got ${words === '' ? 'nothing' : JSON.stringify(clip(words, 60))}`;
}

function problemWith({ text }: Token): string {
  if (text === '(' || text === ')')
    return `there are no parentheses in a condition: && binds closer than ||, and what is left is a second skill or gate`;
  if (text === '=') return 'expected == where two things are compared, got =';
  if (text === '!') return 'expected != or a comparison with false, got !';
  if (text === '&' || text === '|') return `expected ${text}${text} between comparisons, got ${text}`;
  if (text === "'" || text === '"') return `a quote (${text}) is not closed`;
  return `expected && or || between comparisons, got ${JSON.stringify(clip(text, 60))}`;
}

/** The condition of these comparisons, with the text by which people are told of it. */
export const conditionOf = (any: Condition['any']): Condition => ({
  text: clip(any.map((all) => all.map(comparisonText).join(' && ')).join(' || '), LIMITS.conditionCharsMax),
  any,
});

const comparisonText = ({ left, is, right }: Comparison): string =>
  `${operandText(left)} ${is} ${operandText(right)}`;

/** What holds where both do. Without parentheses: each of one with each of the other. */
export const bothOf = (one: Condition, other: Condition): Condition =>
  conditionOf(one.any.flatMap((all) => other.any.map((more) => [...all, ...more])));

/** A condition as it is written; parsed once it is read. */
export const WrittenCondition = z
  .string({ error: "expected a condition in one text, such as plan.risk == 'high'" })
  .max(LIMITS.conditionCharsMax, { error: `expected at most ${LIMITS.conditionCharsMax} characters` })
  .transform((text, context): Condition => {
    const read = conditionFrom(text);
    if (!('problem' in read)) return read;
    context.issues.push({ code: 'custom', message: read.problem, input: text });
    return z.NEVER;
  });
