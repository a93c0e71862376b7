/** What is wrong with a loop though each part of it has the right form: ids, references, types, the way back. Pure. */
import type { Input } from './definition.ts';
import { gateFaults } from './gate-faults.ts';
import { includeFaults } from './include-faults.ts';
import type { Fault, LoopParts, PhaseParts } from './loop-parts.ts';
import type { Scope } from './scope.ts';
import type { Skill } from './skill.ts';
import { skillFaults } from './skill-faults.ts';
import { problemWithValue } from './value-types.ts';

export function meaningFaults(parts: LoopParts): readonly Fault[] {
  const { inputs, places, hasBudget } = parts;
  const placed = placedPhases(places);
  const known = placed.flatMap(({ skills }) => skills.flatMap(({ id }) => id ?? []));
  const unread = places.flatMap((one) => ('include' in one && one.phases.length === 0 ? [one.as ?? ''] : []));
  const before = new Map<string, Skill | undefined>();
  /** By value: what stands later is not there yet. */
  const scope = (): Scope => ({ inputs, skills: new Map(before), known, unread });
  const faults = [...inputFaults(inputs), ...repeatedIds(parts, placed)];
  const leave = (skills: PhaseParts['skills']): void => {
    for (const { id, read } of skills) if (id !== undefined) before.set(id, read);
  };
  for (const [place, one] of places.entries()) {
    const path = ['phases', place];
    if ('include' in one) {
      faults.push(...includeFaults(one, { scope: scope(), hasBudget }, path));
      leave(one.phases.flatMap(({ skills }) => skills));
      continue;
    }
    for (const [index, skill] of one.skills.entries()) {
      const { read, left = read } = skill;
      if (left !== undefined) faults.push(...skillFaults(left, scope(), [...path, 'skills', index]));
      leave([skill]);
    }
    const upTo = placed.filter((other) => other.place <= place).map(({ id }) => id);
    faults.push(...gatesFaults(one, { scope: scope(), upTo, phases: placed.map(({ id }) => id) }, path));
  }
  return [...faults, ...deliveryFaults(placed)];
}

const gatesFaults = (
  { gates }: PhaseParts,
  at: Parameters<typeof gateFaults>[1],
  path: readonly PropertyKey[],
): readonly Fault[] =>
  gates.flatMap(({ read, left = read }, index) =>
    left === undefined ? [] : gateFaults(left, at, [...path, 'gates', index]),
  );

/** A phase where it will stand; what is wrong with one of another loop is told of what includes it. */
interface Placed extends PhaseParts {
  readonly place: number;
  readonly isIncluded: boolean;
}

const placedPhases = (places: LoopParts['places']): readonly Placed[] =>
  places.flatMap((one, place) =>
    ('include' in one ? one.phases : [one]).map((phase) => ({
      ...phase,
      place,
      isIncluded: 'include' in one,
    })),
  );

const pathIn = ({ place, isIncluded }: Placed, ...within: readonly PropertyKey[]): readonly PropertyKey[] =>
  isIncluded ? ['phases', place, 'include'] : ['phases', place, ...within];

function inputFaults(inputs: ReadonlyMap<string, Input | undefined>): readonly Fault[] {
  return [...inputs].flatMap(([name, input]) => {
    const { default: fallback, required, type } = input ?? {};
    if (type === undefined || fallback === undefined) return [];
    const path = ['inputs', name, 'default'];
    const problem = problemWithValue(type, fallback);
    return [
      ...(problem === undefined ? [] : [{ path, message: problem }]),
      ...(required ? [{ path, message: 'a required input has no default: leave one of both out' }] : []),
    ];
  });
}

/** Phases, skills and gates are each named across the whole loop, and included ones with what they are in it. */
function repeatedIds({ places, checks = [] }: LoopParts, placed: readonly Placed[]): readonly Fault[] {
  const found: Readonly<Record<string, readonly Named[]>> = {
    phase: placed.map((phase) => ({ ...phase, path: pathIn(phase, 'id') })),
    skill: idsIn(placed, 'skills'),
    gate: idsIn(placed, 'gates'),
    check: [
      ...checks.map(({ read }, index) => ({
        id: read?.name,
        path: ['checks', index, 'name'],
        isIncluded: false,
        place: index,
      })),
      ...places.flatMap((one, place) =>
        'include' in one
          ? one.checks.map(({ name }) => ({
              id: name,
              path: ['phases', place, 'include'],
              isIncluded: true,
              place,
            }))
          : [],
      ),
    ],
  };
  /** Another `as` mends all of them. */
  const told = new Set<number>();
  return Object.entries(found).flatMap(([what, all]) => {
    const seen = new Set<string>();
    return all.flatMap(({ id, path, isIncluded, place }): Fault[] => {
      if (id === undefined) return [];
      const isFirst = !seen.has(id);
      seen.add(id);
      if (isFirst || (isIncluded && told.has(place))) return [];
      if (isIncluded) told.add(place);
      const own = what === 'check' ? 'name' : 'id';
      const expected = `expected another ${isIncluded ? 'as' : own}`;
      return [{ path, message: `${expected}: there is a ${what} ${id} already` }];
    });
  });
}

interface Named extends Pick<Placed, 'place' | 'isIncluded'> {
  readonly id: string | undefined;
  readonly path: readonly PropertyKey[];
}

const idsIn = (placed: readonly Placed[], kind: 'skills' | 'gates'): readonly Named[] =>
  placed.flatMap((phase) =>
    phase[kind].map(({ id }, index) => ({ ...phase, id, path: pathIn(phase, kind, index, 'id') })),
  );

/** What is written after the delivery would go nowhere. */
function deliveryFaults(placed: readonly Placed[]): readonly Fault[] {
  let delivered: string | undefined;
  return placed.flatMap((phase) =>
    phase.skills.flatMap(({ read }, index): Fault[] => {
      if (read === undefined) return [];
      if (read.by.kind === 'deliver') {
        const first = delivered;
        delivered ??= read.id;
        if (first === undefined) return [];
        const path = pathIn(phase, 'skills', index, 'deliver');
        return [{ path, message: `expected one delivery: ${first} is one already` }];
      }
      const writes = (read.by.kind === 'agent' || read.by.kind === 'run') && read.writes === 'workspace';
      if (delivered === undefined || !writes) return [];
      const message = `stands after the delivery ${delivered}, so what it writes would not be delivered: put it before, or say writes: none`;
      return [{ path: pathIn(phase, 'skills', index), message }];
    }),
  );
}
