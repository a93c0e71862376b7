/**
 * The first message of a task comes to a worker that does not have it: an engine that was started again, ended properly or
 * killed. Nothing of it is lost at the next restart, whatever the message and whichever way it came.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { attach, createRig, type EngineRig, type Rig } from './rig.ts';

const RESTART_MS = 60_000;

type Tell = (engine: EngineRig, id: string) => Promise<unknown>;
const FIRST: Readonly<Record<string, readonly [tell: Tell, left: object]>> = {
  'a-note': [({ api }, id) => api.update({ id, note: 'hello' }), { status: 'pending', notes: ['hello'] }],
  'a-status': [({ api }, id) => api.update({ id, status: 'in_progress' }), { status: 'in_progress' }],
  'an-end': [
    ({ api }, id) => api.complete({ id, summary: 'done' }),
    { status: 'completed', summary: 'done' },
  ],
  'a-claim': [({ api }, id) => api.claim({ id, by: 'ann' }), { status: 'in_progress', claims: 1 }],
  'two-notes': [
    async ({ api }, id) => {
      for (const note of ['one', 'two']) await api.update({ id, note });
    },
    { notes: ['one', 'two'] },
  ],
  'a-note-by-the-cli': [({ pawl }, id) => pawl(['update', id, '--note', 'hello']), { notes: ['hello'] }],
  'a-signal': [
    ({ client }, id) => client.workflow.getHandle(id).signal('update', { note: 'by hand' }),
    { notes: ['by hand'] },
  ],
  'a-note-over-mcp': [(_, id) => adapters.core.ok('update', { id, note: 'hello' }), { notes: ['hello'] }],
  nothing: [async () => undefined, { status: 'pending', notes: [] }],
};

const adapters: { core: McpRig; orchestrator: McpRig } = {} as never;

describe.each(['ended', 'killed'] as const)('an engine that was %s around the first message', (how) => {
  const rig: Rig = createRig();
  let engine: EngineRig;

  const restart = async () => {
    const { endpoints } = engine;
    await engine.leave();
    if (how === 'ended') expect(await rig.pawl(['down'])).toMatchObject({ code: 0 });
    else {
      sendSignal(endpoints.pid, 'SIGKILL');
      await until(() => !isRunning(endpoints));
    }
    expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    engine = await attach(rig);
  };

  let planned: string;
  beforeAll(async () => {
    const directory = scratchFolder('first-messages');
    expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    engine = await attach(rig);
    adapters.core = await startMcp(rig.home, directory);
    adapters.orchestrator = await startMcp(rig.home, directory, ['--toolset', 'orchestrator']);
    for (const id of Object.keys(FIRST)) await engine.api.create({ id, title: id });
    const plan = { title: 'planned', description: 'by a tool' };
    planned = (await adapters.orchestrator.ok('orchestrator_plan_task', plan)).task_id;
    await restart();
    for (const [id, [tell]] of Object.entries(FIRST)) await tell(engine, id);
    // The adapter learns that its engine is elsewhere now from a call that does not reach it.
    const update = { task_id: planned, status: 'in_progress' };
    await until(async () => !(await adapters.orchestrator.call('orchestrator_update_task', update)).isError);
    await restart();
  }, RESTART_MS);
  afterAll(async () => {
    await Promise.all([adapters.core.close(), adapters.orchestrator.close()]);
    await engine.close();
  }, RESTART_MS);

  it.each(Object.entries(FIRST))('keeps %s', async (id, [, left]) => {
    expect(await engine.api.show({ id })).toMatchObject({ id, ignoredMessages: 0, ...left });
  });

  it("keeps what the orchestrator's tool told", async () => {
    expect(await engine.api.show({ id: planned })).toMatchObject({ status: 'in_progress' });
  });

  it('has no task that fails', async () => {
    expect(await engine.api.vitals({})).toMatchObject({ healthy: true, failing: [] });
  });

  it('goes on with each: told more, and ended', async () => {
    for (const id of Object.keys(FIRST)) {
      if (id === 'an-end') continue;
      await engine.api.update({ id, note: 'more' });
      expect(await engine.api.complete({ id, summary: 'done' })).toMatchObject({ status: 'completed' });
    }
  });
});
