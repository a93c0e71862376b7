/** What a stopped or failed engine leaves in its home. Apart from the rig, which also runs outside of tests. */
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { engineProcessOf, tryEngineLock } from '../../src/engine/engine-lock.ts';
import { temporalsOf } from './engine-rig.ts';

/** No process, no endpoints, a free lock. */
export function expectNothingLeft(home: string): void {
  expectNone('processes of Temporal', temporalsOf(home));
  const { endpoints, temporalProcess } = placesIn(home);
  expectNone(
    'files of a running engine',
    [endpoints, temporalProcess].filter((path) => existsSync(path)),
  );
  expect(engineProcessOf(home)).toBeUndefined();
  const lock = tryEngineLock(home);
  expect(lock).toBeDefined();
  lock?.release();
}

/** The list is empty; where it is not, the failure names what is in it, in its first line. */
export function expectNone(what: string, found: readonly unknown[]): void {
  expect(found, `${what}: ${found.join(', ')}`).toEqual([]);
}
