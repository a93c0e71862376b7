/** The parts of a loop, as far as they can be read, with those of the loops that it includes. Pure. */
import type { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { WrittenCheck } from '../repository-config.ts';
import type { CheckDefinition } from '../task-spec.ts';
import { type Phase, type UnexpandedLoop, WrittenInput } from './definition.ts';
import { includedParts } from './expand.ts';
import { type Include, WrittenInclude } from './include.ts';
import { WrittenGate } from './loop-gate.ts';
import type { Included, IncludeParts, LoopParts, Part, PhaseParts } from './loop-parts.ts';
import { LoopId, Named } from './loop-words.ts';
import { WrittenSkill } from './skill.ts';
import { fieldsOf, listOf, wordOf } from './written-fields.ts';

type Loops = ReadonlyMap<string, Included>;

/** The parts of a loop whose form has no fault. */
export const partsOf = ({ inputs, checks, budget, phases }: UnexpandedLoop, loops: Loops): LoopParts => ({
  inputs: new Map(Object.entries(inputs)),
  checks: checks.map((check) => ({ id: check.name, read: check })),
  hasBudget: budget !== undefined,
  places: phases.map((one) =>
    'include' in one ? includeParts(one, { as: one.as, name: one.include }, loops) : phaseParts(one),
  ),
});

const phaseParts = ({ id, skills, gates }: Phase): PhaseParts => ({
  id,
  skills: skills.map((skill) => ({ id: skill.id, read: skill })),
  gates: gates.map((gate) => ({ id: gate.id, read: gate })),
});

/** @param said what is readable of it, where it has faults itself */
function includeParts(
  include: Include | undefined,
  { as, name }: { readonly as: string | undefined; readonly name: string | undefined },
  loops: Loops,
): IncludeParts {
  const included =
    name === undefined ? undefined : (loops.get(name) ?? { problem: `there is no loop ${name}` });
  if (included === undefined || !('loop' in included) || as === undefined)
    return { include, as, included, phases: [], checks: [] };
  const { loop } = included;
  const { phases, checks } = includedParts(include ?? { include: loop.loop, as, with: {} }, loop);
  return {
    ...{ include, as, included },
    phases: phases.map(phaseParts),
    checks,
  };
}

/** Of a list that is too long nobody looks at more than there may be: each may stand for many phases. */
export const placesOf = (phases: unknown): readonly unknown[] =>
  listOf(phases).slice(0, LIMITS.phasesPerLoopMax);

/** What can be read of a loop that has faults: what is wrong elsewhere is told as well, and nothing because of them. */
export function readableParts(written: unknown, loops: Loops): LoopParts {
  const { inputs, checks, budget, phases } = fieldsOf(written);
  return {
    inputs: new Map(
      Object.entries(fieldsOf(inputs)).map(([name, one]) => [name, WrittenInput.safeParse(one).data]),
    ),
    checks: checks === undefined || Array.isArray(checks) ? listOf(checks).map(checkPart) : undefined,
    hasBudget: budget !== undefined,
    places: placesOf(phases).map((place): PhaseParts | IncludeParts => {
      const { id, skills, gates, include, as = include } = fieldsOf(place);
      if (include !== undefined) {
        const said = { as: Named.safeParse(as).data, name: LoopId.safeParse(include).data };
        return includeParts(WrittenInclude.safeParse(place).data, said, loops);
      }
      return {
        id: wordOf(id),
        skills: listOf(skills).map((one) => partOf(one, WrittenSkill, NAMING.skill)),
        gates: listOf(gates).map((one) => partOf(one, WrittenGate, NAMING.gate)),
      };
    }),
  };
}

function checkPart(written: unknown): Part<CheckDefinition> {
  const read = WrittenCheck.safeParse(written).data;
  return { id: read?.name ?? wordOf(fieldsOf(written).name), read };
}

/** What stands under these keys the rest of a skill or gate is about: without it nothing can be said of that. */
const NAMING = {
  skill: ['id', 'for_each', 'with', 'manual', 'run', 'agent', 'deliver'],
  gate: ['id', 'kind'],
};

/** Where keys of it have faults, what is left without them. */
function partOf<T>(written: unknown, schema: z.ZodType<T>, naming: readonly string[]): Part<T> {
  const id = wordOf(fieldsOf(written).id);
  const { data: read, error } = schema.safeParse(written);
  if (error === undefined) return { id, read };
  const wrong = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys
      : String(issue.path[0] ?? 'id'),
  );
  if (wrong.some((key) => naming.includes(key))) return { id, read };
  const left = Object.entries(fieldsOf(written)).filter(([key]) => !wrong.includes(key));
  return { id, read, left: schema.safeParse(Object.fromEntries(left)).data };
}
