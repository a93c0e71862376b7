/**
 * A loop as a client of `create_loop` says it, in JSON: phases with names of skills, gates that say after which phase they
 * stand. It becomes what a YAML file would hold: its skills are done by whoever drives the execution, its gates are for
 * people, and hold their deliverables. Pure.
 */

import { z } from 'zod';
import { issueWords } from '../issue-words.ts';
import { LIMITS } from '../limits.ts';
import type { Fault } from './loop-parts.ts';
import { UNKNOWN_KEY } from './loop-words.ts';

const Name = z.string().min(1).max(200);

const CreatePhase = z.strictObject({
  name: Name,
  skills: z.array(Name).max(LIMITS.skillsPerPhaseMax),
  required: z.boolean().default(true),
});

const CreateGate = z.strictObject({
  id: Name,
  name: Name,
  afterPhase: Name,
  required: z.boolean().default(true),
  deliverables: z.array(Name).max(LIMITS.guaranteesMax).default([]),
});

/** The parameters of `create_loop`. */
export const CreateLoop = z.strictObject({
  id: Name,
  name: Name,
  description: z.string().optional(),
  phases: z.array(CreatePhase).min(1).max(LIMITS.phasesPerLoopMax),
  gates: z
    .array(CreateGate)
    .max(LIMITS.phasesPerLoopMax * LIMITS.gatesPerPhaseMax)
    .default([]),
});
type CreateLoop = z.output<typeof CreateLoop>;

/** What was read: as a YAML file would hold it, and where a fault of that stands in what was written. */
export interface WrittenForm {
  readonly written: unknown;
  readonly faults: readonly Fault[];
  readonly placeOf: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** Whether it is this form: one of YAML has `loop`, and none of these names. */
const isCreateLoop = (raw: object): boolean => !('loop' in raw) && 'name' in raw && 'phases' in raw;

/** What is of the other form comes back as it is. */
export function writtenForm(raw: object): WrittenForm {
  if (!isCreateLoop(raw)) return { written: raw, faults: [], placeOf: (path) => path };
  const read = CreateLoop.safeParse(raw, { error: issueWords });
  if (read.success) return converted(read.data);
  const faults = read.error.issues.flatMap((issue): readonly Fault[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: UNKNOWN_KEY }))
      : [{ path: issue.path, message: issue.message }],
  );
  return { written: undefined, faults, placeOf: (path) => path };
}

function converted({ id, name, description, phases, gates }: CreateLoop): WrittenForm {
  const names = phases.map((phase) => phase.name);
  const lost = gates.flatMap(({ afterPhase }, index): Fault[] =>
    names.includes(afterPhase)
      ? []
      : [
          {
            path: ['gates', index, 'afterPhase'],
            message: `there is no phase ${afterPhase}: expected one of ${names.join(', ')}`,
          },
        ],
  );
  const placed = gates.map((gate, index) => ({ gate, index }));
  const gatesAfter = (phase: string) => placed.filter(({ gate }) => gate.afterPhase === phase);
  return {
    written: {
      loop: wordOf(id),
      title: name,
      ...(description !== undefined && { description }),
      phases: phases.map((phase) => ({
        id: wordOf(phase.name),
        title: phase.name,
        required: phase.required,
        skills: phase.skills.map((skill) => ({ id: wordOf(skill), title: skill, manual: true })),
        gates: gatesAfter(phase.name).map(({ gate }) => ({
          id: wordOf(gate.id),
          title: gate.name,
          kind: 'approval',
          required: gate.required,
          guarantees: gate.deliverables.map((deliverable) => ({ deliverable })),
        })),
      })),
    },
    faults: lost,
    placeOf: (path) => placeIn(path, (phase, index) => gatesAfter(names[phase] ?? '')[index]?.index ?? 0),
  };
}

const NAMES: Readonly<Record<string, readonly string[]>> = { loop: ['id'], title: ['name'] };

/** Where in the JSON that stands which the YAML form has at `path`. @param gateAt the place of a phase's gate in the list of all */
function placeIn(
  path: readonly PropertyKey[],
  gateAt: (phase: number, index: number) => number,
): readonly PropertyKey[] {
  const [first, phase, part, index, ...within] = path;
  if (first !== 'phases' || typeof phase !== 'number') return NAMES[String(first)] ?? path;
  if (part === undefined) return path;
  if (typeof index !== 'number') return ['phases', phase, part === 'id' || part === 'title' ? 'name' : part];
  if (part === 'skills') return ['phases', phase, 'skills', index];
  return ['gates', gateAt(phase, index), ...placeInGate(within)];
}

function placeInGate([key, ...within]: readonly PropertyKey[]): readonly PropertyKey[] {
  if (key === 'guarantees') return ['deliverables', ...within.slice(0, 1)];
  if (key === 'title') return ['name'];
  return key === undefined ? [] : [key];
}

/** `SCAFFOLD` and `Code Review` are names of such a loop: their ids are `scaffold` and `code-review`. */
const wordOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
