/** From a task, and from an execution, to its history in the Temporal Web UI. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it('leads to the history of the very workflow', async () => {
  await rig.api.create({ id: 'notes', title: 'Write the notes' });
  await rig.api.startExecution({
    ...{ id: 'x_bug-1', loop: 'bugfix', project: newRepository(), driver: 'client' },
    inputs: { report: 'It fails on Mondays' },
  });
  const { page, close } = await openPage(rig, { at: '/tasks/notes' });
  const link = page.getByRole('link', { name: 'In the Temporal Web UI' });
  const opened = page.waitForEvent('popup');
  await link.click();
  const history = await opened;
  // It leads on to the latest run.
  await history.waitForURL(`${rig.endpoints.ui}/namespaces/default/workflows/notes/**`);
  await history
    .getByText('WorkflowExecutionStarted', { exact: false })
    .or(history.getByText('Workflow Execution Started'))
    .first()
    .waitFor();
  await history.close();
  await page.goto(new URL('/executions/x_bug-1', page.url()).href);
  expect(await link.getAttribute('href')).toBe(`${rig.endpoints.ui}/namespaces/default/workflows/x_bug-1`);
  await rig.api.cancel({ id: 'notes' });
  await close();
});
