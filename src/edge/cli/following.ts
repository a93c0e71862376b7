/** What is at hand while a task is followed. */
import type { EngineClient } from '../../domain/operations.ts';
import type { Absence } from './absence.ts';
import type { Telling } from './telling.ts';
import type { CliWorld } from './world.ts';

export interface Following {
  readonly world: CliWorld;
  readonly engine: EngineClient;
  readonly telling: Telling;
}

/** The same once a task is followed. */
export interface FollowingOne extends Following {
  readonly absence: Absence;
}
