import { afterAll, beforeAll, expect, it } from 'vitest';
import { pathToLoneSurrogate } from '../../src/domain/lone-surrogates.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, type EngineRig, lastDocument, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** In which a title of 200 units ends within a character. */
const REQUIREMENT = `${'w'.repeat(198)}🚀 and more words`;

it('hands out whole characters alone, wherever it cuts and whatever an agent says', async () => {
  const id = await rig.run({
    repository: newRepository(),
    requirement: REQUIREMENT,
    ...by('half-characters'),
  });
  const state = await rig.until(id, atGate);
  expect(state.attempts).toMatchObject([{ summary: 'done \ufffd' }]);
  const logs = await rig.api.logs({ id });
  expect(logs.lines.length).toBeGreaterThan(0);
  const shown = lastDocument((await rig.pawl(['show', id, '--json'])).out);
  for (const told of [state, logs, shown, await rig.api.list({})])
    expect(pathToLoneSurrogate(told)).toBeUndefined();
  await rig.api.cancel({ id });
});
