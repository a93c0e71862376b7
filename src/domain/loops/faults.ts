/** What is wrong with a loop though each part of it has the right form: ids, references, types, the way back. Pure. */
import type { Input } from './definition.ts';
import { gateFaults } from './gate-faults.ts';
import type { Fault, LoopParts, PhaseParts } from './loop-parts.ts';
import type { Scope } from './scope.ts';
import type { Skill } from './skill.ts';
import { skillFaults } from './skill-faults.ts';
import { problemWithValue } from './value-types.ts';

export function meaningFaults({ inputs, phases }: LoopParts): readonly Fault[] {
  const known = phases.flatMap(({ skills }) => skills.flatMap(({ id }) => id ?? []));
  const before = new Map<string, Skill | undefined>();
  /** By value: what stands later is not there yet. */
  const scope = (): Scope => ({ inputs, skills: new Map(before), known });
  const faults = [...inputFaults(inputs), ...repeatedIds(phases)];
  for (const [place, phase] of phases.entries()) {
    for (const [index, { id, read, left = read }] of phase.skills.entries()) {
      const path = ['phases', place, 'skills', index];
      if (left !== undefined) faults.push(...skillFaults(left, scope(), path));
      if (id !== undefined) before.set(id, read);
    }
    const upTo = phases.slice(0, place + 1).map(({ id }) => id);
    for (const [index, { read, left = read }] of phase.gates.entries()) {
      const at = { scope: scope(), upTo, phases: phases.map(({ id }) => id) };
      if (left !== undefined) faults.push(...gateFaults(left, at, ['phases', place, 'gates', index]));
    }
  }
  return [...faults, ...deliveryFaults(phases)];
}

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

/** Phases, skills and gates are each named across the whole loop. */
function repeatedIds(phases: readonly PhaseParts[]): readonly Fault[] {
  const found = {
    phase: phases.map(({ id }, index) => ({ id, path: ['phases', index, 'id'] })),
    skill: idsIn(phases, 'skills'),
    gate: idsIn(phases, 'gates'),
  };
  return Object.entries(found).flatMap(([what, all]) => {
    const seen = new Set<string>();
    return all.flatMap(({ id, path }): Fault[] => {
      if (id === undefined) return [];
      if (seen.has(id)) return [{ path, message: `expected another id: there is a ${what} ${id} already` }];
      seen.add(id);
      return [];
    });
  });
}

const idsIn = (phases: readonly PhaseParts[], kind: 'skills' | 'gates') =>
  phases.flatMap((phase, place) =>
    phase[kind].map(({ id }, index) => ({ id, path: ['phases', place, kind, index, 'id'] })),
  );

/** What is written after the delivery would go nowhere. */
function deliveryFaults(phases: readonly PhaseParts[]): readonly Fault[] {
  let delivered: string | undefined;
  return phases.flatMap(({ skills }, place) =>
    skills.flatMap(({ read }, index): Fault[] => {
      if (read === undefined) return [];
      const path = ['phases', place, 'skills', index];
      if (read.by.kind === 'deliver') {
        const first = delivered;
        delivered ??= read.id;
        if (first === undefined) return [];
        return [{ path: [...path, 'deliver'], message: `expected one delivery: ${first} is one already` }];
      }
      const writes = (read.by.kind === 'agent' || read.by.kind === 'run') && read.writes === 'workspace';
      if (delivered === undefined || !writes) return [];
      const message = `stands after the delivery ${delivered}, so what it writes would not be delivered: put it before, or say writes: none`;
      return [{ path, message }];
    }),
  );
}
