/** What is known of a loop, also of one that has faults: its parts where they stand once others are included. Pure. */
import type { CheckDefinition } from '../task-spec.ts';
import type { LoopGate } from './loop-gate.ts';
import type { LoopParts, Part, PhaseParts } from './loop-parts.ts';
import type { Skill } from './skill.ts';

/** A definition without what has faults: each part without the keys that have some, or undefined. */
export interface KnownLoop {
  readonly checks: readonly Pick<Part<CheckDefinition>, 'id' | 'read'>[];
  readonly phases: readonly {
    readonly id: string | undefined;
    readonly skills: readonly (Skill | undefined)[];
    readonly gates: readonly (LoopGate | undefined)[];
  }[];
  /** Whether it may have checks of which not even the names are known. */
  readonly hasOtherChecks: boolean;
}

export function knownOf({ checks, places }: LoopParts): KnownLoop {
  const own = checks ?? [];
  const included = places.flatMap((one) => ('include' in one ? one.checks : []));
  const isUnread = (one: LoopParts['places'][number]) => 'include' in one && one.phases.length === 0;
  return {
    checks: [...own, ...included.map((read) => ({ id: read.name, read }))],
    phases: places.flatMap((one) => ('include' in one ? one.phases : [one]).map(knownPhase)),
    hasOtherChecks: checks === undefined || own.some(({ id }) => id === undefined) || places.some(isUnread),
  };
}

const knownPhase = ({ id, skills, gates }: PhaseParts): KnownLoop['phases'][number] => ({
  id,
  skills: skills.map(knownPart),
  gates: gates.map(knownPart),
});

const knownPart = <T>({ read, left = read }: Part<T>): T | undefined => left;
