/** How far an execution is, as its card says it. */
import { expect, it } from 'vitest';
import { placeOf } from '../../src/dashboard/shown/phases-text.ts';

const progress = (phasesTotal: number) => ({
  ...{ phasesCompleted: 0, phasesTotal },
  ...{ skillsCompleted: 0, skillsTotal: 0 },
});

it.each([
  ['plan', 4, ['plan, 0 of 4 phases']],
  ['only', 1, ['only, 0 of 1 phase']],
  ['', 0, []],
])('says of the phase %j of %i: %j', (currentPhase, total, said) => {
  expect(placeOf({ currentPhase, progress: progress(total) })).toEqual(said);
});
