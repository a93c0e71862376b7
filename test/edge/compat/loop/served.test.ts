/** Tools of toolset `loop` as a client of either protocol era is served them: gates in its user's prompt, and keys. */
import { expect, it } from 'vitest';
import { loopTools } from '../../../../src/edge/compat/loop/toolset.ts';
import { deps } from '../../mcp/deps.ts';
import { lineClient } from '../../mcp/line-client.ts';
import { createLoopRig } from './fake-engine.ts';

const elicitation = { capabilities: { elicitation: {} } };

async function atGate() {
  const rig = createLoopRig();
  const executionId = await rig.start('rework');
  await rig.ok('complete_skill', { executionId, skillId: 'spec', summary: 'all there' });
  rig.calls.length = 0;
  return {
    rig,
    input: { executionId, gateId: 'agreed' },
    served: deps({ engine: rig.handlers, tools: loopTools }),
  };
}

it('asks the user at a gate, by the older protocol, and does what the user says', async () => {
  const { rig, input, served } = await atGate();
  const client = await lineClient(served, {
    era: '2025',
    ...elicitation,
    respond: () => ({ action: 'accept', content: { decision: 'reject', reason: 'too short' } }),
  });
  expect(await client.call('approve_gate', input)).toMatchObject({
    structuredContent: { message: 'gate agreed was rejected: the work went back to first' },
  });
  expect(rig.calls).toMatchObject([
    { input: { decision: 'reject', reason: 'too short', digest: expect.any(String), via: 'mcp' } },
  ]);
  await client.end();
});

it('asks by the newer protocol, bound to what was shown: another word is needed for other work', async () => {
  const { rig, input, served } = await atGate();
  const client = await lineClient(served, elicitation);
  const ask = async (name: string, more = {}) => {
    const asked = await client.call(name, { ...input, ...more });
    expect(asked.resultType).toBe('input_required');
    const [[key = '', request] = []] = Object.entries(asked.inputRequests as Record<string, unknown>);
    expect(JSON.stringify(request)).toMatch(/spec: completed|disable the gate agreed/);
    return { inputResponses: { [key]: { action: 'accept', content: { decision: 'approve' } } } };
  };
  const yes = await ask('approve_gate');
  // What was said of the gate says nothing of setting it.
  expect(await client.call('update_gate', { ...input, enabled: false }, yes)).toMatchObject({
    resultType: 'input_required',
  });
  const { executionId } = input;
  await rig.ok('reset_skill', { executionId, skillId: 'spec' });
  await rig.ok('complete_skill', { executionId, skillId: 'spec', summary: 'something else' });
  expect(await client.call('approve_gate', input, yes)).toMatchObject({ resultType: 'input_required' });
  rig.calls.length = 0;
  expect(await client.call('approve_gate', input, await ask('approve_gate'))).toMatchObject({
    structuredContent: { status: 'completed', message: 'gate agreed is approved by ann' },
  });
  expect(rig.calls).toHaveLength(1);
  await client.end();
});

it('begins one execution under a key, whatever was begun by the same words before', async () => {
  const { rig, served } = await atGate();
  const client = await lineClient(served);
  const start = { loopId: 'plain', project: '.' };
  const id = async (more: object) =>
    ((await client.call('start_execution', { ...start, ...more })).structuredContent as { id: string }).id;
  const first = await id({ idempotency_key: 'one' });
  expect(await id({ idempotency_key: 'one' })).toBe(first);
  expect(await id({ idempotency_key: 'two' })).not.toBe(first);
  expect(await id({})).not.toBe(first);
  expect(rig.executions.size).toBe(4);
  await client.end();
});
