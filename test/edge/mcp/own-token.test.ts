/** An adapter whose token may do less: each tool is refused as its engine would, without a question, and the engine is asked once. */
import { expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { SCOPES_OF, type TokenScope } from '../../../src/domain/scopes.ts';
import { askCallerBy, CALLER_PATH } from '../../../src/edge/mcp/own-token.ts';
import { TOOLSET_NAMES, toolsOf } from '../../../src/edge/mcp/toolsets.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { HAPPY } from '../cli/states.ts';
import { CORE, deps, recorder } from './deps.ts';
import { lineClient } from './line-client.ts';

const TOOLS = toolsOf(TOOLSET_NAMES.join());
const ELICITS = { elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const told = (scope: TokenScope) =>
  JSON.stringify({ name: 'ann', scopes: [...SCOPES_OF[scope], 'of-a-newer-engine'] });

it.each(['read', 'operate'] as const)(
  '%s: every tool that needs more is refused, and nobody is asked',
  async (scope) => {
    const { engine, calls } = recorder();
    const asked: string[] = [];
    const askCaller = askCallerBy(async ({ path }) => {
      asked.push(path);
      return told(scope);
    });
    const client = await lineClient(deps({ engine, tools: TOOLS, askCaller }), { capabilities: ELICITS });
    const beyond = TOOLS.filter(
      ({ scope: needed, hints }) => needed === 'approve' || (scope === 'read' && !hints.readOnly),
    );
    expect(beyond.length).toBeGreaterThan(5);
    for (const { name } of beyond)
      expect(await client.call(name), name).toMatchObject({
        isError: true,
        structuredContent: { code: 'forbidden' },
      });
    expect(calls).toEqual([]);
    expect(asked).toEqual([CALLER_PATH]);
    await client.end();
  },
);

it.each(['operate', 'approve'] as const)(
  'a durable task asks the user of a token for %s only where it may decide',
  async (scope) => {
    const askCaller = askCallerBy(async () => told(scope));
    const engine = fakeEngine({ one: [HAPPY.waiting] });
    const client = await lineClient(deps({ engine, tools: CORE, askCaller }), { capabilities: ELICITS });
    const { result } = await client.request('tasks/get', { taskId: 'one.k3x0' });
    expect(result?.status).toBe(scope === 'approve' ? 'input_required' : 'working');
    await client.end();
  },
);

it('an engine that cannot say it refuses by itself, and one that is away is asked again', async () => {
  const older = askCallerBy(() => Promise.reject(new PawlError('not_found', 'there is no GET /mcp/caller')));
  expect(await older()).toBeUndefined();
  const answers = [Promise.reject(new PawlError('unavailable', 'away')), Promise.resolve(told('read'))];
  answers[0]?.catch(() => undefined);
  const askCaller = askCallerBy(() => answers.shift() ?? expect.fail('asked once more'));
  await expect(askCaller()).rejects.toThrow('away');
  const known = { name: 'ann', scopes: ['read'] };
  expect([await askCaller(), await askCaller()]).toEqual([known, known]);
});
