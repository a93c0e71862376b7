/** Real adapters for the steps of delivery: git, the local forge, files. */
import { join } from 'node:path';
import { cleanUp, type DeliveryDeps, merge, publish, takeUp } from '../../../src/activities/delivery.ts';
import { createMergeTurns } from '../../../src/activities/merge-turns.ts';
import { settleAttempt } from '../../../src/activities/settle-attempt.ts';
import { createArtifactStore } from '../../../src/adapters/files/artifact-store.ts';
import { matching } from '../../../src/adapters/files/globs.ts';
import { createLocalForge } from '../../../src/adapters/forges/local/forge.ts';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { parseRepositoryConfig } from '../../../src/adapters/repository/pawl-yaml.ts';
import type { TakenUp, TakeUpInput } from '../../../src/domain/by-hand.ts';
import { marksOf } from '../../../src/domain/marks.ts';
import { FLAGGED } from '../../../src/domain/protect.ts';
import type {
  AttemptInput,
  AttemptResult,
  CleanedUp,
  CleanUpInput,
  Merged,
  MergeInput,
  Published,
  PublishInput,
  WorkedOn,
} from '../../../src/domain/steps.ts';
import type { newPlaces } from '../../adapters/scratch-repository.ts';

export type Places = ReturnType<typeof newPlaces>;

export interface Delivery {
  /** Makes a commit of what an attempt has left. */
  commit(input: AttemptInput): Promise<AttemptResult>;
  publish(input: PublishInput): Promise<Published | WorkedOn>;
  /** Makes the task's change of what people have put on its branch. */
  takeUp(input: TakeUpInput): Promise<TakenUp>;
  merge(input: MergeInput): Promise<Merged>;
  cleanUp(input: CleanUpInput): Promise<CleanedUp>;
}
export type DeliveryStep = keyof Delivery;

export function deliveryIn(
  places: Places,
  elsewhere: Partial<Pick<DeliveryDeps, 'workspaces' | 'forge'>> = {},
): Delivery {
  const deps: DeliveryDeps = {
    workspaces: createWorkspaces(places),
    forge: createLocalForge(places),
    ...elsewhere,
    artifacts: createArtifactStore(join(places.home, 'artifacts')),
    matching,
    flaggedGlobs: FLAGGED,
    marks: marksOf(places.home),
    // No program of the task's runs here.
    endMarked: async () => undefined,
    removeScratch: async () => undefined,
  };
  const turns = createMergeTurns();
  const report = { status: 'done', summary: 'did it' } as const;
  return {
    commit: (input) => settleAttempt(deps, input, report),
    publish: (input) => publish(deps, input),
    takeUp: (input) => takeUp({ ...deps, parseConfiguration: parseRepositoryConfig }, input),
    merge: (input) =>
      merge({ ...deps, turns, observer: NOBODY, parseConfiguration: parseRepositoryConfig }, input, ALONE),
    cleanUp: (input) => cleanUp(deps, input),
  };
}

const NOBODY = { stepRuns() {}, waits() {}, printed() {} };
const ALONE = { signal: new AbortController().signal, carry: () => undefined };
