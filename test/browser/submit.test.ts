/** A new requirement: given to a loop, with its inputs; and sent once, whatever happens to the page meanwhile. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { agent, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { fillIn } from './acts.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const LOOP = `loop: release
title: Release
inputs:
  goal: { type: string, required: true, description: What is released }
  size: { type: number, required: true, description: In days }
  risk: { type: "enum(low, high)" }
  parts: { type: "string[]" }
  is_quiet: { type: boolean, default: false }
budget: { usd: 2.5, wall: 2h }
phases:
  - id: only
    skills:
      - { id: notes, manual: true, brief: "Write about {{ inputs.goal }}" }
    gates:
      - { id: tested, kind: check, checks: all }
      - { id: right, title: Is it right?, kind: approval }
`;

it('a loop is chosen, told what it needs, shown before, and begun: its page follows', async () => {
  const repository = newRepository({
    '.pawl/loops/release.yaml': LOOP,
    'pawl.yaml': 'checks:\n  - { name: unit, run: "true" }\n',
  });
  const { page, close } = await openPage(rig);
  await fillIn(page, { requirement: 'Ship the login\nthis week', repository });
  await page.getByRole('combobox', { name: 'Who works' }).selectOption({ label: 'Loop release: Release' });
  // What judges it, and its bounds.
  await page.getByText('check by the engine; checks pass: all').waitFor();
  await page.getByText('where it says all checks: unit').waitFor();
  // What it would be begun with.
  await page
    .getByText('goal: string, required, given "Ship the login\\nthis week" (What is released)')
    .waitFor();
  await page.getByText('size: number, required, still to be given (In days)').waitFor();
  await page.getByText('approval by 1').waitFor();
  await page.getByText('$2.50').waitFor();
  await page.getByText('2h by the clock, no run of an agent, 1 approval').waitFor();
  // One agent is not asked for, nor checks of one.
  expect(await page.getByRole('textbox', { name: 'Agent' }).count()).toBe(0);
  const size = page.getByLabel('size (required)');
  await size.fill('soon');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('expected number, got "soon"').waitFor();
  expect(await size.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
  await page.setViewportSize({ width: 360, height: 900 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await size.fill('3');
  await page.getByLabel('parts').fill('web\nserver');
  await page.getByLabel('risk').selectOption('high');
  await page.getByLabel('Priority').selectOption('critical');
  await page.getByText('parts: string[], given ["web","server"]').waitFor();
  await page.locator('dt:text-is("Priority") + dd:text-is("critical")').waitFor();
  await page.reload();
  expect(await size.inputValue()).toBe('3');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/executions\/x_release-/);
  await page.getByRole('heading', { name: 'Ship the login' }).waitFor();
  const { executions } = await rig.api.executions({});
  expect(executions).toHaveLength(1);
  const id = executions[0]?.id ?? expect.fail('none');
  const { inputs, branch, priority } = await rig.api.execution({ id });
  expect(priority).toBe('critical');
  expect(branch).toBe(`pawl/${id}`);
  expect(inputs).toEqual({
    ...{ goal: 'Ship the login\nthis week', size: 3, risk: 'high', parts: ['web', 'server'] },
    is_quiet: false,
  });
  // The next one begins with nothing but the place.
  await page.getByRole('link', { name: 'Now' }).click();
  await page.getByText('New requirement', { exact: true }).click();
  expect(await page.getByLabel('What should be done').inputValue()).toBe('');
  expect(await page.getByRole('combobox', { name: 'Who works' }).inputValue()).toBe('');
  expect(await page.getByLabel('Priority').inputValue()).toBe('normal');
  expect(await page.getByLabel('Repository').inputValue()).toBe(repository);
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'seen' } });
  // One agent by itself: this host has none, which its preview says.
  await close(/status of 412/);
});

it('a requirement whose answer a reload has lost is the same task when it is sent again', async () => {
  const helper = { command: agent('waits') };
  const repository = newRepository({
    'pawl.yaml': `agent: helper\nagents: ${JSON.stringify({ helper })}\nchecks: []\n`,
  });
  const { page, close } = await openPage(rig);
  const { promise: begun, resolve: begin } = Promise.withResolvers<string>();
  // The engine has it, and the page never hears of it.
  const losesAnswer = async (route: Route) => {
    const answer = await route.fetch();
    begin((await answer.json()).id);
  };
  await page.route('**/api/runs', losesAnswer, { times: 1 });
  await fillIn(page, { requirement: 'Say hello', repository });
  // By keys alone: the next more urgent word is above.
  await page.getByLabel('Priority').focus();
  await page.keyboard.press('ArrowUp');
  await page.getByRole('button', { name: 'Start' }).click();
  const id = await begun;
  await page.reload();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/tasks\/say-hello-/);
  expect(new URL(page.url()).pathname).toBe(`/tasks/${id}`);
  const { tasks } = await rig.api.list({ repository });
  expect(tasks.map((task) => [task.id, task.priority])).toEqual([[id, 'high']]);
  await page.getByText('Priority', { exact: true }).waitFor();
  await page.getByText('high', { exact: true }).waitFor();
  await rig.api.cancel({ id });
  await rig.until(id, closed);
  await close();
});
