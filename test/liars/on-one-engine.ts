/**
 * The rows of a file on one engine, whose user has a home folder of their own: about half of them, one of each kind.
 * `npm run test:kills` does all.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { searchPath } from '../../src/adapters/programs/environment.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { type Liar, oftenOf, type Row } from './row.ts';
import { expectHonest, expectOf } from './trial.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const ofThisRun = <R extends Row>(rows: readonly R[]): readonly R[] => (ALL ? rows : oftenOf(rows));

/** Bounds of a hang: rows wait for one another. */
const TIMEOUT_MS = 180_000;

/** @returns the engine, and what empties the home folder of its user */
export function useEngine() {
  const home = scratchFolder('user');
  const found: { rig?: EngineRig } = {};
  const empty = () => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(join(home, '.local', 'bin'), { recursive: true });
  };
  beforeAll(async () => {
    empty();
    const PATH = `${join(home, '.local', 'bin')}:${searchPath(process.env)}`;
    found.rig = await startRig({ HOME: home, PATH });
  });
  afterAll(() => found.rig?.close());
  const rig = (): EngineRig => {
    if (found.rig === undefined) throw new Error('the engine did not start');
    return found.rig;
  };
  return { rig, empty };
}

const isMissing = ({ needs }: Row): boolean =>
  needs !== undefined && spawnSync('sh', ['-c', `command -v ${needs}`]).status !== 0;

export function describeLiars(
  rig: () => EngineRig,
  liars: readonly Liar[],
  how: 'together' | 'in turn' = 'together',
) {
  const each = how === 'together' ? describe.concurrent : describe;
  for (const [line, rows] of Map.groupBy(ofThisRun(liars), (row) => row.line)) {
    each(`an agent that ${line}`, () => {
      for (const row of rows)
        it.skipIf(isMissing(row))(`${row.name}`, { timeout: TIMEOUT_MS }, () => expectOf(rig(), row));
    });
  }
}

export function describeHonest(rig: () => EngineRig, rows: readonly Row[]) {
  describe.concurrent('an honest agent is not held up', () => {
    for (const row of ofThisRun(rows))
      it.skipIf(isMissing(row))(`${row.name}`, { timeout: TIMEOUT_MS }, () => expectHonest(rig(), row));
  });
}
