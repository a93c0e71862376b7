/**
 * What a run was begun with, part by part: a start under its id that asks for another thing is told in which parts. Bodies
 * are kept nowhere, so of each part there is a short digest, and only of what lists show its value. Pure.
 */
import { digestOf } from './digest.ts';
import { PawlError } from './failures.ts';
import { workflowTypeOf } from './ids.ts';
import { clip, LIMITS } from './limits.ts';

/** Short digests of its parts, by name; those of an object in it each by itself: `inputs.goal`. */
export const partsOfBody = (body: object): Readonly<Record<string, string>> =>
  Object.fromEntries(partsIn(body).map(([name, value]) => [name, digestOf(value).slice(-DIGITS)]));

/** Enough to tell two parts from each other, and too few to find out what a part was. */
const DIGITS = 8;

const partsIn = (body: object): readonly (readonly [string, unknown])[] =>
  saidIn(body).flatMap(([name, value]) =>
    isInParts(value)
      ? saidIn(value).map(([inner, one]) => [`${name}.${inner}`, one] as const)
      : [[name, value] as const],
  );

const saidIn = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).filter(([, one]) => one !== undefined);

/** What has no bound of its own, such as the context of a planned task, is one part. */
const isInParts = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= LIMITS.inputsPerLoopMax &&
  Object.keys(value).every((name) => name.length <= NAME_CHARS_MAX);

const NAME_CHARS_MAX = 40;

/** The refusal of a start. @param memo of the run that has the id */
export function otherBody(
  { id, memo }: { readonly id: string; readonly memo: Readonly<Record<string, unknown>> | undefined },
  body: object,
): PawlError {
  const noun = workflowTypeOf(id) ?? 'task';
  const shown = fieldsIn(memo?.[noun]);
  const names = differing(memo?.parts, shown, body);
  const others = names.map((name) => `${name}${valuesOf(name, shown, body)}`);
  const another = others.length === 0 ? 'body' : clip(others.join(', '), WORDS_CHARS_MAX);
  return new PawlError(
    'conflict',
    `${noun} ${id} exists already, begun with another ${another}: choose another id, or ask for what it was begun with`,
    names.length === 0 ? {} : { details: names.map((name) => name.split('.')) },
  );
}

const WORDS_CHARS_MAX = 1_000;

/** What lists show of every run as it was asked for, and what it is where nobody has said it. */
const SHOWN: Readonly<Record<string, string | undefined>> = { loop: undefined, priority: 'normal' };

type Fields = Readonly<Record<string, unknown>>;

function differing(kept: unknown, shown: Fields, body: object): readonly string[] {
  const asked = partsOfBody(body);
  if (typeof kept !== 'object' || kept === null)
    return Object.keys(SHOWN).filter((name) => shownOf(shown, name) !== shownOf(fieldsIn(body), name));
  const before = fieldsIn(kept);
  const names = new Set([...Object.keys(before), ...Object.keys(asked)]);
  return [...names].filter((name) => before[name] !== asked[name]).toSorted();
}

function valuesOf(name: string, shown: Fields, body: object): string {
  const [was, asks] = [shownOf(shown, name), shownOf(fieldsIn(body), name)];
  return was === undefined || asks === undefined ? '' : ` (${was}; this asks for ${asks})`;
}

function shownOf(fields: Fields, name: string): string | undefined {
  if (!Object.hasOwn(SHOWN, name)) return undefined;
  const value = fields[name] ?? SHOWN[name];
  return typeof value === 'string' ? value : undefined;
}

const fieldsIn = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
