/** A durable task on a real engine: its adapter is killed while the agent works, and the next one goes on with it. */
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskId } from '../../../src/domain/ids.ts';
import { commitFiles, newRepository, userGit } from '../../adapters/scratch-repository.ts';
import { agent, type EngineRig, quoted, startRig } from '../../e2e/rig.ts';
import { converse, type LineClient } from './line-client.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', '..', 'bin', 'pawl');

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
const started: { kill(signal: 'SIGKILL'): boolean }[] = [];
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rig.close();
});

/** An adapter of its own process, as a client starts it. */
async function adapter(): Promise<{ readonly client: LineClient; kill(): Promise<void> }> {
  const child = execa(process.execPath, [LAUNCHER, 'mcp'], {
    env: { PAWL_HOME: rig.home, PAWL_PORT: '0' },
    reject: false,
    buffer: false,
  });
  started.push(child);
  const capabilities = { elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const client = await converse({ stdin: child.stdin, stdout: child.stdout, ended: child }, { capabilities });
  return {
    client,
    async kill() {
      child.kill('SIGKILL');
      expect((await child).signal).toBe('SIGKILL');
    },
  };
}

it('is merged by the answer of a person whom another adapter asked', async () => {
  const repository = newRepository();
  commitFiles(repository, {
    'pawl.yaml': `agents:\n  command:\n    command: ${JSON.stringify(quoted(agent('writes', 'new.txt', 'new')))}\n`,
  });
  const first = await adapter();
  const begun = await first.client.call('run', {
    requirement: 'Write new.txt',
    id: 'durable',
    agent: 'command',
    repository,
    wait: true,
  });
  expect(begun, JSON.stringify(begun)).toMatchObject({
    resultType: 'task',
    taskId: expect.stringMatching(/^durable\./),
  });
  const { taskId } = begun;
  await first.kill();

  const { client } = await adapter();
  const get = async () => (await client.request('tasks/get', { taskId })).result ?? {};
  await expect.poll(async () => (await get()).status, { timeout: 45_000 }).toBe('input_required');
  const [key = ''] = Object.keys((await get()).inputRequests ?? {});
  const inputResponses = { [key]: { action: 'accept', content: { decision: 'approve' } } };
  expect(await client.request('tasks/update', { taskId, inputResponses })).toMatchObject({ result: {} });
  await expect.poll(async () => (await get()).status, { timeout: 45_000 }).toBe('completed');
  expect(await get()).toMatchObject({
    result: { structuredContent: { id: 'durable', status: 'completed', attempts: 1 } },
  });
  expect(userGit(repository, 'show', 'main:new.txt')).toBe('new');
  // The decision says by which way it came.
  const { gates } = await rig.api.show({ id: TaskId.parse('durable') });
  expect(gates.find(({ gate }) => gate === 'approval')).toMatchObject({ status: 'approved', via: 'mcp' });
  await client.end();
}, 120_000);
