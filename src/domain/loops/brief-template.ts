/**
 * Briefs: texts with `{{ }}`, filled with values when a skill begins. Filled in one pass, so that a value with `{{` in it
 * stays as it is. Nothing else of a loop is filled this way: a command gets variables (`variables.ts`). Pure.
 */
import { z } from 'zod';
import { clip, LIMITS } from '../limits.ts';
import type { Given } from './given.ts';
import { operandFrom, type Reference, referenceText } from './references.ts';
import type { Value } from './value-types.ts';

/** A fill is as it is written, but in a loop that is included: there it may be any value that its input is given. */
export type BriefPart = { readonly text: string } | { readonly fill: Given };

export interface Brief {
  readonly parts: readonly BriefPart[];
}

/** A brief from its text; a problem says which `{{` is wrong, and how to write one that is meant as it stands. */
export function briefFrom(text: string): Brief | { readonly problem: string } {
  const parts: BriefPart[] = [];
  let rest = text;
  for (let open = rest.indexOf('{{'); open >= 0; open = rest.indexOf('{{')) {
    const inside = /^\{\{\s*('[^']*'|"[^"]*"|[^{}'"]*?)\s*\}\}/.exec(rest.slice(open));
    if (inside === null) return { problem: unclosed(rest.slice(open)) };
    const fill = operandFrom(inside[1] ?? '');
    if ('problem' in fill) return { problem: `in {{ }}: ${fill.problem}` };
    if (open > 0) parts.push({ text: rest.slice(0, open) });
    parts.push({ fill });
    rest = rest.slice(open + inside[0].length);
  }
  if (rest !== '') parts.push({ text: rest });
  return { parts };
}

const unclosed = (rest: string): string =>
  `expected {{ with one reference and }}, such as {{ inputs.goal }}, got ${JSON.stringify(clip(rest, 40))}: write {{ '{{' }} for the two characters themselves`;

export const referencesIn = ({ parts }: Brief): readonly Reference[] =>
  parts.flatMap((part) => ('fill' in part && 'reference' in part.fill ? [part.fill.reference] : []));

export type Filled =
  | { readonly ok: true; readonly text: string }
  /** What had no value: the skill that should have given it failed, was skipped or has not run. */
  | { readonly ok: false; readonly missing: readonly string[] };

/**
 * The text with its values. A list alone on its line becomes one item a line, elsewhere its items with commas.
 * @param lookUp undefined where there is none: then nothing is filled
 */
export function fillBrief({ parts }: Brief, lookUp: (reference: Reference) => Value | undefined): Filled {
  const missing: string[] = [];
  let text = '';
  for (const [index, part] of parts.entries()) {
    if ('text' in part) {
      text += part.text;
      continue;
    }
    const value = 'literal' in part.fill ? part.fill.literal : lookUp(part.fill.reference);
    if (value === undefined) {
      if ('reference' in part.fill) missing.push(referenceText(part.fill.reference));
      continue;
    }
    text += textOf(value, indentBefore(text, parts[index + 1]));
  }
  return missing.length > 0 ? { ok: false, missing: [...new Set(missing)] } : { ok: true, text };
}

/** What stands before a value that has its line to itself; undefined where something else is on it. */
function indentBefore(before: string, after: BriefPart | undefined): string | undefined {
  const indent = /(?:^|\n)([ \t]*)$/.exec(before)?.[1];
  const isLast = after === undefined || ('text' in after && /^[ \t]*(?:\r?\n|$)/.test(after.text));
  return isLast ? indent : undefined;
}

function textOf(value: Value, indent: string | undefined): string {
  if (typeof value !== 'object') return String(value);
  if (value.length === 0) return '(none)';
  return indent === undefined
    ? value.join(', ')
    : value.map((item) => `- ${item.replaceAll('\n', `\n${indent}  `)}`).join(`\n${indent}`);
}

/** A brief as it is written; its parts once it is read. */
export const WrittenBrief = z
  .string({ error: 'expected a text that says what to do' })
  .min(1)
  .max(LIMITS.briefCharsMax, { error: `expected at most ${LIMITS.briefCharsMax} characters` })
  .transform((text, context): Brief => {
    const read = briefFrom(text);
    if (!('problem' in read)) return read;
    context.issues.push({ code: 'custom', message: read.problem, input: text });
    return z.NEVER;
  });
