/** What the engine gets for a Temporal: a path, or one line that names every way out. */
import { expect, it } from 'vitest';
import { provideTemporal } from '../../scripts/setup/temporal.mjs';
import { temporalProgram } from '../../src/engine/temporal-program.ts';
import { createScratch } from '../setup/scratch.ts';

it('answers the path of the program', async () => {
  const { env, fake } = createScratch();
  const path = fake('temporal', `console.log('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')`);
  await expect(temporalProgram(env)).resolves.toBe(path);
});

it('is unavailable in one line when none can be had', async () => {
  const { env } = createScratch();
  const offline = async () => {
    throw new Error('no network');
  };
  await expect(temporalProgram(env, (given) => provideTemporal(given, [offline]))).rejects.toMatchObject({
    name: 'PawlError',
    code: 'unavailable',
    message: expect.stringMatching(/^no Temporal server is here.*TEMPORAL_ADDRESS[^\n]*$/),
    details: { tried: ['no network'] },
  });
});
