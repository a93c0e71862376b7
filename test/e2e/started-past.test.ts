/** An agent run that is started in Temporal, past the engine: it starts no program. What was open before there were seals goes on. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { startOf } from '../../src/client/starting.ts';
import { connect } from '../../src/client.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { PawlKind } from '../../src/workflows/search-attributes.ts';
import type { TaskInput } from '../../src/workflows/task.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, closed, type EngineRig, startRig } from './rig.ts';

let engine: EngineRig;
const repository = newRepository();
/** What the engine started a run with. */
let sealed: Partial<TaskInput>;
beforeAll(async () => {
  engine = await startRig();
  const id = await engine.run({ id: 'proper', repository, ...by('writes', 'a.txt', 'a') });
  await engine.until(id, atGate);
  sealed = await startOf(engine.client, TaskId.parse(id));
  await engine.api.cancel({ id });
});
afterAll(() => engine.close());

/** As the engine starts it, but for the input. */
const startPast = (workflowId: string, input: object) =>
  engine.client.workflow.start('task', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [input],
    typedSearchAttributes: [{ key: PawlKind, value: 'agent_run' }],
  });
const withSpec = (id: string, more: object = {}) => ({ ...sealed, spec: { ...sealed.spec, id, ...more } });

it.each([
  ['no seal', 'no-seal', () => ({ ...withSpec('no-seal'), seal: undefined })],
  ['no edition either', 'no-edition', () => ({ spec: withSpec('no-edition').spec })],
  ['the seal of another run', 'other-seal', () => withSpec('other-seal')],
  ['a seal that is no text', 'odd-seal', () => ({ ...withSpec('odd-seal'), seal: { a: 1 } })],
])('with %s it is refused in words, and nothing of it runs', async (_, id, input) => {
  const sign = join(scratchFolder('sign'), 'ran');
  const { spec, ...rest } = input();
  await startPast(id, { ...rest, spec: { ...spec, setup: ['touch', sign] } });
  expect(await engine.until(id, closed)).toMatchObject({
    status: 'failed',
    attempts: [],
    failure: { class: 'rejected', message: expect.stringMatching(/started past it: .*`pawl run`/) },
  });
  expect(existsSync(sign)).toBe(false);
  expect(userGit(repository, 'branch', '--list', `pawl/${id}`)).toBe('');
});

it('is run again, and sealed by that, only by who may bring programs', async () => {
  const { token } = await engine.api.createToken({ name: 'ci', scope: 'operate' });
  const settings = { PAWL_URL: engine.endpoints.api, PAWL_TOKEN: token };
  const operator = await connect({ PAWL_HOME: engine.home, ...settings });
  await expect(operator.retry({ id: 'no-seal' })).rejects.toMatchObject({ code: 'forbidden' });
  await operator.close();
  await engine.api.retry({ id: 'no-seal' });
  await engine.until('no-seal', atGate);
  await engine.api.cancel({ id: 'no-seal' });
});

it('that was open before there were seals goes on', async () => {
  await engine.leave();
  await engine.pawl(['down']);
  // Nobody takes it up meanwhile.
  await engine.pawl(['up', '-d'], { env: { PAWL_WORKER: 'off' } });
  engine = await attach(engine);
  await startPast('older', { spec: withSpec('older').spec, edition: 3 });
  await engine.leave();
  await engine.pawl(['down']);
  rmSync(engine.places.olderRuns);
  await engine.pawl(['up', '-d']);
  engine = await attach(engine);
  await engine.until('older', atGate);
  await engine.api.cancel({ id: 'older' });
});
