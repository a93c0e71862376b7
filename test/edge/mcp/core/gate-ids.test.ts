/** A decision through MCP is about the gate that the person was shown. */
import { expect, it } from 'vitest';
import type { TaskState } from '../../../../src/domain/task-state.ts';
import { fakeEngine } from '../../cli/fake-engine.ts';
import { HAPPY } from '../../cli/states.ts';
import { changes, deps } from '../deps.ts';
import { lineClient } from '../line-client.ts';

it('the answer to one gate is none to a later one that asks the same', async () => {
  const asks = (id: string): TaskState => ({
    ...HAPPY.waiting,
    gates: [{ id, gate: 'escalation', status: 'open', question: 'no key' }],
  });
  const proposal = { id: 'a', decision: 'approve' };
  const engine = fakeEngine({ a: [asks('escalation-1'), asks('escalation-2'), HAPPY.merged] });
  const client = await lineClient(deps({ engine }), { capabilities: { elicitation: {} } });
  const asked = await client.call('decide', { ...proposal, gate: 'escalation-1' });
  const [key = ''] = Object.keys(asked.inputRequests as Record<string, unknown>);
  engine.tasks.get('a')?.shift();
  const yes = { inputResponses: { [key]: { action: 'accept', content: { decision: 'approve' } } } };
  expect(await client.call('decide', { ...proposal, gate: 'escalation-1' }, yes)).toMatchObject({
    isError: true,
    structuredContent: { code: 'conflict', message: expect.stringContaining('a decision on escalation-2') },
  });
  expect((await client.call('decide', proposal, yes)).resultType).toBe('input_required');
  expect(changes(engine)).toEqual([]);
  await client.end();
});
