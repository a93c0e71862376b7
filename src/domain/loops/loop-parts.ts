/** A loop in its parts, of which some may not have been readable. */
import type { Input } from './definition.ts';
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

export interface LoopParts {
  readonly inputs: ReadonlyMap<string, Input | undefined>;
  readonly phases: readonly PhaseParts[];
}
