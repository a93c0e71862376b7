/** A loop in its parts, of which some may not have been readable. */
import type { CheckDefinition } from '../task-spec.ts';
import type { Input, LoopDefinition } from './definition.ts';
import type { Include } from './include.ts';
import type { LoopGate } from './loop-gate.ts';
import type { Skill } from './skill.ts';

export interface Fault {
  /** From the top of the definition: `['phases', 1, 'skills', 0, 'when']`. */
  readonly path: readonly PropertyKey[];
  /** What was expected, and what was found. */
  readonly message: string;
}

export interface Part<T> {
  readonly id: string | undefined;
  /** undefined: it has faults of its own. */
  readonly read: T | undefined;
  /** It without the keys that have faults. What those would say of it others cannot rely on. */
  readonly left?: T | undefined;
}

export interface PhaseParts {
  readonly id: string | undefined;
  readonly skills: readonly Part<Skill>[];
  readonly gates: readonly Part<LoopGate>[];
}

/** A loop that is named by another one, or why it cannot stand there. */
export type Included = { readonly loop: LoopDefinition } | { readonly problem: string };

/** The phases of another loop, in the place of a phase. */
export interface IncludeParts {
  /** undefined: it has faults of its own. */
  readonly include: Include | undefined;
  /** What the ids of all that it has begin with; undefined where that could not be read. */
  readonly as: string | undefined;
  /** undefined: it has faults of its own, so that nobody knows what it names. */
  readonly included: Included | undefined;
  /** By their ids here; none where the loop is not known. */
  readonly phases: readonly PhaseParts[];
  readonly checks: readonly CheckDefinition[];
}

export interface LoopParts {
  readonly inputs: ReadonlyMap<string, Input | undefined>;
  /** Its own, by their names; undefined: what is there is no list. */
  readonly checks: readonly Part<CheckDefinition>[] | undefined;
  readonly hasBudget: boolean;
  readonly places: readonly (PhaseParts | IncludeParts)[];
}
