/** What conditions, briefs and `with` can name: inputs, outputs and states of skills, the item of a `for_each`. Pure. */
import { z } from 'zod';
import { clip } from '../limits.ts';

/** `inputs.goal` · `plan.risk` · `build.state` · `review.every.verdict` · `lens` */
export type Reference =
  | { readonly of: 'inputs'; readonly name: string }
  | { readonly of: 'skill'; readonly skill: string; readonly every: boolean; readonly output: string }
  | { readonly of: 'item'; readonly name: string };

export type Operand =
  | {
      readonly literal: string | number | boolean;
      /** The input in whose place it stands, by its name in the included loop that has it. */
      readonly input?: string;
    }
  | { readonly reference: Reference };

/** In the place of an output: how the skill stands, which it always says. */
export const STATE = 'state';
export const SKILL_STATES = ['pending', 'in-progress', 'completed', 'skipped', 'failed'] as const;
export type SkillState = (typeof SKILL_STATES)[number];

/** Words that mean something else where a skill or an item is named. */
export const RESERVED_NAMES: readonly string[] = ['inputs', 'every', STATE, 'true', 'false'];

/** Names of inputs, outputs and items: what a variable of a command can be called. */
export const ValueName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, {
  error: 'expected a name of lower-case letters, digits and _, such as base_ref',
});

const WORD = '[a-z][a-z0-9_-]*';
const REFERENCE = new RegExp(`^(${WORD})(?:\\.(every)\\.(${WORD})|\\.(${WORD}))?$`);

/** A reference from its text; undefined for a text that is none. */
export function referenceFrom(text: string): Reference | undefined {
  const [found, first = '', every, ofEach, output] = REFERENCE.exec(text) ?? [];
  if (found === undefined) return undefined;
  if (every !== undefined && ofEach !== undefined)
    return { of: 'skill', skill: first, every: true, output: ofEach };
  if (output === undefined) return { of: 'item', name: first };
  return first === 'inputs'
    ? { of: 'inputs', name: output }
    : { of: 'skill', skill: first, every: false, output };
}

export const referenceText = (reference: Reference): string => {
  if (reference.of === 'inputs') return `inputs.${reference.name}`;
  if (reference.of === 'item') return reference.name;
  return `${reference.skill}.${reference.every ? 'every.' : ''}${reference.output}`;
};

/** A quoted text, a number, `true`, `false` or a reference. The problem says what would be one. */
export function operandFrom(text: string): Operand | { readonly problem: string } {
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(text);
  if (quoted !== null) return { literal: quoted[1] ?? quoted[2] ?? '' };
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return { literal: Number(text) };
  if (text === 'true' || text === 'false') return { literal: text === 'true' };
  const reference = referenceFrom(text);
  if (reference !== undefined) return { reference };
  return {
    problem: `expected a reference such as inputs.goal or plan.risk, a number, true, false or a text in quotes, got ${JSON.stringify(clip(text, 60))}`,
  };
}

export const operandText = (operand: Operand): string => {
  if ('reference' in operand) return referenceText(operand.reference);
  const { literal, input } = operand;
  const text = typeof literal === 'string' ? quoted(literal) : String(literal);
  return input === undefined ? text : `inputs.${input} (here ${text})`;
};

const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);

/** What would say these words as a text, where somebody may have forgotten its quotes. */
export const ofText = (words: string): string => `; as a text write ${quoted(words)}`;

/** The same for a value that is a YAML scalar by itself: YAML takes one pair of quotes off. */
export function ofTextInYaml(words: string): string {
  if (words.includes("'") && words.includes('"')) return '; a text can hold one kind of quotes, not both';
  const text = quoted(words);
  const scalar = text.startsWith("'")
    ? `"${text.replaceAll('\\', '\\\\')}"`
    : `'${text.replaceAll("'", "''")}'`;
  return `; as a text write ${scalar}, in quotes within quotes`;
}
