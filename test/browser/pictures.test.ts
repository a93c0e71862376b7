/** The pictures of the README, made anew by `PAWL_PICTURES=docs/pictures npm run test:browser -- test/browser/pictures.test.ts`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';
import { endScene, inline } from './scene.ts';

const folder = process.env.PAWL_PICTURES;

const PRICE = `export function price(net, rate) {
  const gross = net * (1 + rate);
  return Math.floor(gross * 100) / 100;
}
`;
const ROUNDED = PRICE.replace('Math.floor(gross * 100) / 100', 'Math.round(gross * 100) / 100');
const TEST = `import { strictEqual } from 'node:assert';
import { test } from 'node:test';
import { price } from './price.mjs';

test('half a cent is rounded up', () => strictEqual(price(10.05, 0.1), 11.06));
`;
const WORKS = `
  const lines = ['Reading src/orders.mjs', 'Writing the export', 'Running npm test', 'ok 41 of 64'];
  for (const line of lines) console.log(line);
  setInterval(() => {}, 1000);`;

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await endScene(rig);
  await rig.close();
});

it.skipIf(folder === undefined)('of what waits, a decision and a task', { timeout: 120_000 }, async () => {
  const into = folder ?? expect.fail();
  mkdirSync(into, { recursive: true });
  const repository = newRepository({ 'src/price.mjs': PRICE });
  const run = (id: string, requirement: string, agent: ReturnType<typeof inline>, more = {}) =>
    rig.run({ id, repository, requirement, ...agent, ...more });
  const tests = { checks: [check('process.exit(0)', 'npm test'), check('process.exit(0)', 'biome lint')] };
  await run('log-requests-2b7c', 'Log slow requests', by('writes', 'src/log.mjs', 'export {};'), tests);
  await rig.until('log-requests-2b7c', atGate);
  await rig.api.approve({ id: 'log-requests-2b7c' });
  await rig.until('log-requests-2b7c', closed);
  const asking = await run(
    'round-prices-7f3k',
    'Round prices half up, as the invoice does',
    by('writes', 'src/price.mjs', ROUNDED.trimEnd(), 'src/price.test.mjs', TEST.trimEnd()),
    tests,
  );
  await rig.until(asking, atGate);
  await run('export-orders-9d1x', 'Export orders as CSV', inline(WORKS));
  await rig.until('export-orders-9d1x', ({ attempts }) => attempts.length > 0);
  const wide = await openPage(rig, { viewport: { width: 1200, height: 700 } });
  await wide.page.getByText('ok 41 of 64').waitFor();
  await wide.page.screenshot({ path: join(into, 'now.png') });
  await wide.page.goto(new URL(`/tasks/${asking}/decision`, wide.page.url()).href);
  await wide.page.getByText('Math.round').first().waitFor();
  await wide.page.screenshot({ path: join(into, 'decision.png'), fullPage: true });
  await wide.close();
  const phone = await openPage(rig, { viewport: { width: 390, height: 760 }, colorScheme: 'dark' });
  await phone.page.getByText('ok 41 of 64').waitFor();
  await phone.page.screenshot({ path: join(into, 'phone.png') });
  await phone.close();
});
