/**
 * Every page, light and dark, wide and narrow: no fault of accessibility, nothing wider than the window, no error told. With
 * `PAWL_PICTURES=<folder>` also pages in further states, and a picture of each.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';
import { arePicturesWanted, faultsOf, MODES, picture } from './looks.ts';
import { playMore } from './more-scene.ts';
import { endScene, playScene } from './scene.ts';

let rig: EngineRig;
let pages: readonly string[];
useBrowser();
beforeAll(async () => {
  rig = await startRig();
  pages = await playScene(rig);
  if (arePicturesWanted) pages = [...pages, ...(await playMore(rig))];
}, 120_000);
afterAll(async () => {
  await endScene(rig);
  await rig.close();
});

it.each(MODES)('%s, %i pixels wide', { timeout: 300_000 }, async (...mode) => {
  const [colorScheme, width] = mode;
  const { page, close } = await openPage(rig, { colorScheme, viewport: { width, height: 900 } });
  const faults: string[] = [];
  for (const path of pages) {
    await page.goto(new URL(path, page.url()).href);
    await page.locator('main :is(h1, h2)').first().waitFor({ state: 'attached' });
    // What is asked for after that.
    await page.waitForLoadState('networkidle');
    faults.push(...(await faultsOf(page, path)));
    await picture(page, path, mode);
  }
  expect(faults).toEqual([]);
  await close(...(arePicturesWanted ? [/status of 404/] : []));
});
