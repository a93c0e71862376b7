/** What a stopped or failed engine leaves in its home. Apart from the rig, which also runs outside of tests. */
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { engineProcessOf, tryEngineLock } from '../../src/engine/engine-lock.ts';
import { temporalsOf } from './engine-rig.ts';

/** No process, no endpoints, a free lock. */
export function expectNothingLeft(home: string): void {
  expect(temporalsOf(home)).toEqual([]);
  const { endpoints, temporalProcess } = placesIn(home);
  expect([endpoints, temporalProcess].filter((path) => existsSync(path))).toEqual([]);
  expect(engineProcessOf(home)).toBeUndefined();
  const lock = tryEngineLock(home);
  expect(lock).toBeDefined();
  lock?.release();
}
