/** Decisions at the gate of an execution: what is typed for one, which round it is about, and when none is taken. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExecutionId } from '../../src/domain/ids.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
const reproduce = (id: ExecutionId) => rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs });

/** An execution that waits at its first gate. */
async function waiting(name: string): Promise<ExecutionId> {
  const id = ExecutionId.parse(name);
  const inputs = { report: 'It fails on Mondays' };
  await rig.api.startExecution({ id, loop: 'bugfix', project: newRepository(), inputs });
  await reproduce(id);
  return id;
}
const digestNow = async (id: ExecutionId) => (await rig.api.execution({ id })).phases[0]?.gates[0]?.digest;

it('what is typed at a gate is kept where somebody else decides, and is sent about the round that is looked at', async () => {
  const id = await waiting('x_round-1');
  const { page, close } = await openPage(rig, { at: `/executions/${id}` });
  const gate = page.locator('#gate-repro');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/gates/')) sent.push(request.postData() ?? '');
  });
  await gate.getByLabel('Reason, needed to reject').fill('Mine');
  const reject = ['execution', 'reject', id, 'repro', '--reason', 'not this fault'];
  expect(await rig.pawl(reject)).toMatchObject({ code: 0 });
  await gate.getByText(/^Sent back by .*: not this fault$/).waitFor();
  await gate.getByText('What you have written, and not sent').waitFor();
  await page.reload();
  await gate.getByText('Mine', { exact: true }).waitFor();
  await gate.getByText('It is kept in this tab.').waitFor();
  await reproduce(id);
  await gate.getByText('Another round waits for the decision').waitFor();
  expect(await gate.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0);
  await gate.getByRole('button', { name: 'Decide about what is shown now' }).click();
  expect(await gate.getByLabel('Reason, needed to reject').inputValue()).toBe('Mine');
  const digest = await digestNow(id);
  await gate.getByRole('button', { name: 'Reject' }).click();
  await gate.getByText(/^Sent back by .*: Mine$/).waitFor();
  expect(sent.map((body) => JSON.parse(body))).toMatchObject([
    { decision: 'reject', digest: expect.stringMatching(/^sha256:/), reason: 'Mine' },
  ]);
  expect(JSON.parse(sent[0] ?? '').digest).toBe(digest);
  // What was sent is not kept, and a round after one's own decision is no surprise.
  await reproduce(id);
  await gate.getByRole('button', { name: 'Approve' }).waitFor();
  expect(await gate.getByLabel('Reason, needed to reject').inputValue()).toBe('');
  await rig.api.steerExecution({ id, steer: { act: 'abort' } });
  await close();
});

it('takes no decision while the execution is paused, and says so', async () => {
  const id = await waiting('x_round-2');
  const { page, close } = await openPage(rig, { at: `/executions/${id}` });
  const gate = page.locator('#gate-repro');
  await gate.getByLabel('Reason, needed to reject').fill('Mine');
  await page.getByRole('button', { name: 'Pause' }).click();
  await gate.getByText('It is paused: nothing is decided until it goes on.').waitFor();
  expect(await gate.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  expect(await gate.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Let it go on' }).click();
  await gate.getByText('It is paused').waitFor({ state: 'detached' });
  await gate.getByRole('button', { name: 'Approve' }).click();
  await gate.getByText(/^Approved by /).waitFor();
  await rig.api.steerExecution({ id, steer: { act: 'abort' } });
  await close();
});
