/** What is wrong with an include where it stands: the loop that it names, its names, what it gives to which inputs. Pure. */
import { LIMITS } from '../limits.ts';
import { CheckDefinition } from '../task-spec.ts';
import { problemsWithCondition } from './comparing.ts';
import type { Condition } from './condition.ts';
import type { Input, LoopDefinition } from './definition.ts';
import type { Given } from './given.ts';
import type { Include } from './include.ts';
import { problemWithInput } from './inputs.ts';
import type { Fault, IncludeParts } from './loop-parts.ts';
import { Named } from './loop-words.ts';
import { type Reference, referenceText } from './references.ts';
import { lookUpGiven, type Scope } from './scope.ts';
import { problemWithValue, typeText, type ValueType } from './value-types.ts';

type Path = readonly PropertyKey[];

interface Place {
  readonly scope: Scope;
  /** Whether the loop around it has one. */
  readonly hasBudget: boolean;
}

export function includeFaults(
  parts: IncludeParts,
  { scope, hasBudget }: Place,
  path: Path,
): readonly Fault[] {
  const { include, included } = parts;
  if (included === undefined) return [];
  if (!('loop' in included)) return [{ path: [...path, 'include'], message: included.problem }];
  const { loop } = included;
  return [
    ...(loop.budget === undefined || hasBudget
      ? []
      : [{ path: [...path, 'include'], message: noBudget(loop) }]),
    ...longNames(parts, path),
    ...(include === undefined ? [] : inputFaults(include, loop, scope, path)),
    ...(include?.when === undefined ? [] : whenFaults(include.when, parts, scope, path)),
  ];
}

/** A bound on money must not be lost without a word. */
const noBudget = ({ loop }: LoopDefinition): string =>
  `${loop} has a budget, which bounds nothing here: expected a budget of this loop`;

function longNames({ phases, checks }: IncludeParts, path: Path): readonly Fault[] {
  const ids = phases.flatMap(({ id, skills, gates }) => [id, ...[...skills, ...gates].map((one) => one.id)]);
  const long = [
    ...ids.filter((id) => !Named.safeParse(id).success),
    ...checks.flatMap(({ name }) => (CheckDefinition.shape.name.safeParse(name).success ? [] : name)),
  ][0];
  if (long === undefined) return [];
  return [{ path: [...path, 'as'], message: `expected a shorter one: ${long} would be too long a name` }];
}

function inputFaults(
  { include, with: given }: Include,
  { inputs }: LoopDefinition,
  scope: Scope,
  path: Path,
): readonly Fault[] {
  const names = Object.keys(inputs);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
  const expected = names.length === 0 ? 'none' : `one of ${names.join(', ')}`;
  return [
    ...unknown.map((name) => ({
      path: [...path, 'with', name],
      message: `${include} has no such input: expected ${expected}`,
    })),
    ...Object.entries(inputs).flatMap(([name, input]): readonly Fault[] => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      const problem = value === undefined ? lacking(input, include) : problemWith(value, input.type, scope);
      return problem === undefined ? [] : [{ path: [...path, 'with', name], message: problem }];
    }),
  ];
}

/** What is included is given its inputs once and for all, so that none of its references is to nothing. */
function lacking({ type, required, default: fallback }: Input, loop: string): string | undefined {
  if (fallback !== undefined) return undefined;
  const problem = problemWithInput({ loop, type, required }, undefined);
  return problem ?? `expected a value: ${loop} has no default for it, and is asked for none later`;
}

function problemWith(given: Given, type: ValueType, scope: Scope): string | undefined {
  if ('literal' in given) return problemWithValue(type, given.literal);
  const { reference } = given;
  const found = lookUpGiven(reference, scope, type);
  if ('problem' in found) return found.problem;
  if (found.type !== undefined && !fits(found.type, type))
    return `${referenceText(reference)} is ${typeText(found.type)}: expected ${typeText(type)}`;
  return mayLack(reference, scope)
    ? `${referenceText(reference)} may be left out: expected an input that is required or has a default`
    : undefined;
}

function fits(given: ValueType, type: ValueType): boolean {
  if (given.kind !== 'enum') return given.kind === type.kind;
  return type.kind === 'enum' ? given.of.every((value) => type.of.includes(value)) : type.kind === 'string';
}

function mayLack(reference: Reference, { inputs }: Scope): boolean {
  const input = reference.of === 'inputs' ? inputs.get(reference.name) : undefined;
  return input !== undefined && !input.required && input.default === undefined;
}

function whenFaults(when: Condition, { phases }: IncludeParts, scope: Scope, path: Path): readonly Fault[] {
  const at = [...path, 'when'];
  const wrong = problemsWithCondition(when, scope).map((message) => ({ path: at, message }));
  const conditions = phases.flatMap(({ skills, gates }) =>
    [...skills, ...gates].flatMap(({ id, read }) => ({ id, count: read?.when?.any.flat().length ?? 0 })),
  );
  const long = conditions.find(({ count }) => count > LIMITS.comparisonsPerConditionMax);
  if (long === undefined) return wrong;
  const message = `together with that of ${long.id} it has ${long.count} comparisons: expected at most ${LIMITS.comparisonsPerConditionMax}`;
  return [...wrong, { path: at, message }];
}

/** What a loop comes to with all that it includes: as large as one that is written out may be. */
export function sizeFaults(loop: LoopDefinition): readonly Fault[] {
  const { phases, checks } = loop;
  const fault = (what: string): Fault[] => [{ path: ['phases'], message: `with what it includes: ${what}` }];
  if (phases.length > LIMITS.phasesPerLoopMax)
    return fault(`expected at most ${LIMITS.phasesPerLoopMax} phases, got ${phases.length}`);
  if (checks.length > LIMITS.checksPerTaskMax)
    return fault(`expected at most ${LIMITS.checksPerTaskMax} checks, got ${checks.length}`);
  return isLonger(loop, LIMITS.loopCharsMax)
    ? fault(`expected at most ${LIMITS.loopCharsMax} characters as JSON, got more`)
    : [];
}

/** Whether it has more characters as JSON. Counted only so far: one value may stand in many places of an expanded loop. */
function isLonger(value: unknown, most: number): boolean {
  const waiting = [value];
  let chars = 0;
  while (waiting.length > 0 && chars <= most) {
    const one = waiting.pop();
    if (typeof one !== 'object' || one === null) chars += String(one).length + 2;
    else
      for (const [key, part] of Object.entries(one)) {
        chars += key.length + 4;
        waiting.push(part);
      }
  }
  return chars > most;
}
