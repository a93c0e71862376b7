/** Toolset `core`, as a client of either protocol era sees it. */
import { once } from 'node:events';
import { encode } from 'gpt-tokenizer/model/gpt-4o';
import { describe, expect, it, vi } from 'vitest';
import { fakeEngine, told } from '../../cli/fake-engine.ts';
import { DIGEST, FAILED, HAPPY } from '../../cli/states.ts';
import { CORE, changes, deps } from '../deps.ts';
import { lineClient } from '../line-client.ts';

describe.each(['2025', '2026'] as const)('in the protocol of %s', (era) => {
  it('lists at most 8 tools in at most 2,500 tokens', async () => {
    const client = await lineClient(deps(), { era });
    const { result } = await client.request('tools/list');
    expect(result?.tools).toHaveLength(CORE.length);
    expect(CORE.length).toBeLessThanOrEqual(8);
    expect(encode(JSON.stringify(result)).length).toBeLessThanOrEqual(2_500);
    await client.end();
  });

  it('says of every tool what it takes, answers and does', async () => {
    const client = await lineClient(deps(), { era });
    const { result } = await client.request('tools/list');
    for (const tool of (result?.tools ?? []) as Record<string, unknown>[]) {
      expect(tool).toMatchObject({
        description: expect.stringMatching(/^[A-Z].{20,}\.$/),
        inputSchema: { type: 'object', additionalProperties: false },
        outputSchema: { type: 'object', required: expect.anything() },
        annotations: { readOnlyHint: ['list', 'show'].includes(String(tool.name)) },
      });
    }
    await client.end();
  });

  it('gives a requirement to an agent, here and with what was asked', async () => {
    const engine = fakeEngine({ new: [HAPPY.working] });
    const client = await lineClient(deps({ engine }), { era });
    const result = await client.call('run', {
      requirement: 'Fix the login\nat once',
      checks: ['npm test'],
      agent: 'codex',
    });
    const { id } = result.structuredContent as { id: string };
    expect(id).toMatch(/^fix-the-login-[0-9a-z]{5}$/);
    expect(result).toMatchObject({ structuredContent: { status: 'in_progress', step: 'attempt' } });
    expect(changes(engine)).toEqual([
      {
        name: 'run',
        input: {
          id,
          requirement: 'Fix the login\nat once',
          repository: '/home/ann/shop',
          agent: { name: 'codex' },
          checks: [{ name: 'npm test', run: ['npm', 'test'] }],
        },
      },
    ]);
    await client.end();
  });

  it('waits for a task, and tells how far it is to a client that gave a token', async () => {
    const { working, checking, merged } = HAPPY;
    async function* news() {
      for (const state of [working, checking, merged]) yield told(state);
    }
    const engine = fakeEngine({}, { news });
    const client = await lineClient(deps({ engine }), { era });
    const result = await client.call('show', { id: 'a', wait: true }, { _meta: { progressToken: 'p' } });
    expect(result).toMatchObject({ structuredContent: { status: 'completed' } });
    const heard = client.notifications.map(({ method, params }) => [
      method,
      params.progressToken,
      params.progress,
    ]);
    // What comes less than a second after the first is not told.
    expect(heard[0]).toEqual(['notifications/progress', 'p', 1]);
    expect(client.notifications[0]?.params.message).toBe(
      'Fix the login: in_progress, attempt, attempt 1 running',
    );

    await client.call('show', { id: 'a', wait: true });
    expect(client.notifications).toHaveLength(heard.length);
    await client.end();
  });

  it('does not keep a client waiting for longer than clients wait, and says how to go on', async () => {
    const engine = fakeEngine(
      {},
      {
        async *news(_, signal) {
          yield told(HAPPY.working);
          const left = once(signal, 'abort');
          void vi.advanceTimersByTimeAsync(50_000);
          await left;
        },
      },
    );
    const client = await lineClient(deps({ engine }), { era });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const result = await client.call('show', { id: 'a', wait: true });
    vi.useRealTimers();
    expect(result).toMatchObject({
      structuredContent: { status: 'in_progress' },
      content: [{ text: expect.stringContaining('call show with wait') }],
    });
    await client.end();
  });

  it('shows the whole state, the diff and the log of a task where they are asked for', async () => {
    const client = await lineClient(deps({ engine: fakeEngine({ a: [FAILED] }) }), { era });
    const brief = await client.call('show', { id: 'a' });
    expect(brief.structuredContent).toMatchObject({ failure: { class: 'check_failed' }, attempts: 2 });
    const whole = await client.call('show', { id: 'a', include: ['all', 'diff', 'log'] });
    expect(whole.structuredContent).toMatchObject({
      gates: [{ gate: 'check', status: 'failed' }],
      diff: expect.stringContaining('diff --git'),
      log: expect.stringContaining('hello'),
    });
    await client.end();
  });

  it('reports on a task of its own, or tells the agent of another, never both', async () => {
    const engine = fakeEngine({ a: [HAPPY.working] });
    const client = await lineClient(deps({ engine }), { era });
    await client.call('update', { id: 'a', progress: 0.5, note: 'half' });
    await client.call('update', { id: 'a', tell: 'use tabs' });
    expect(await client.call('update', { id: 'a', tell: 'use tabs', note: 'x' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'invalid_input', details: [['tell']] },
    });
    await client.call('complete', { id: 'a', summary: 'done' });
    await client.call('control', { id: 'a', action: 'cancel' });
    await client.call('create', { title: 'Mine', id: 'a' });
    expect(changes(engine).map(({ name, input }) => [name, input])).toEqual([
      ['update', { id: 'a', progress: 0.5, note: 'half' }],
      ['tell', { id: 'a', text: 'use tabs' }],
      ['complete', { id: 'a', summary: 'done' }],
      ['cancel', { id: 'a' }],
      ['create', { id: 'a', title: 'Mine', description: '' }],
    ]);
    await client.end();
  });
});

describe('who decides a gate', () => {
  const waiting = () => fakeEngine({ a: [HAPPY.waiting, HAPPY.merged] });
  const elicitation = { capabilities: { elicitation: {} } };
  const proposal = { id: 'a', decision: 'approve' };

  it('is the user in a prompt of the client, by the older protocol', async () => {
    const engine = waiting();
    const asked: unknown[] = [];
    const client = await lineClient(deps({ engine }), {
      era: '2025',
      ...elicitation,
      respond: (request) => {
        asked.push(request);
        return { action: 'accept', content: { decision: 'reject', reason: 'no tests' } };
      },
    });
    await client.call('decide', proposal);
    expect(asked).toMatchObject([
      {
        method: 'elicitation/create',
        params: {
          message: expect.stringContaining('evidence 1 of 1 for 9d01c2e\nChange: +14 -9 in 3 files'),
        },
      },
    ]);
    // What the person said counts, not what the client's model proposed.
    expect(changes(engine)).toEqual([
      {
        name: 'reject',
        input: { id: 'a', gate: 'approval-1', digest: DIGEST, via: 'mcp', reason: 'no tests' },
      },
    ]);
    await client.end();
  });

  it('is the user by the newer protocol, bound to what was shown', async () => {
    const other = `sha256:${'e'.repeat(64)}`;
    const moved = {
      ...HAPPY.waiting,
      gates: HAPPY.waiting.gates.map((gate) => ({ ...gate, digest: other })),
    };
    const engine = fakeEngine({ a: [HAPPY.waiting, HAPPY.merged], b: [moved, HAPPY.merged] });
    const client = await lineClient(deps({ engine }), elicitation);
    const asked = await client.call('decide', proposal);
    expect(asked.resultType).toBe('input_required');
    expect(changes(engine)).toEqual([]);
    const [[key = '', request] = []] = Object.entries(asked.inputRequests as Record<string, unknown>);
    expect(request).toMatchObject({
      method: 'elicitation/create',
      params: { requestedSchema: { type: 'object' } },
    });

    const yes = { inputResponses: { [key]: { action: 'accept', content: { decision: 'approve' } } } };
    // The answer of one task does not count for another, nor for another commit.
    const again = await client.call('decide', { ...proposal, id: 'b' }, yes);
    expect(again.resultType).toBe('input_required');
    expect(changes(engine)).toEqual([]);

    expect(await client.call('decide', proposal, yes)).toMatchObject({
      structuredContent: { decision: 'approve' },
    });
    expect(changes(engine)).toMatchObject([{ name: 'approve', input: { digest: DIGEST, via: 'mcp' } }]);
    await client.end();
  });

  it.each([
    ['closed the prompt', { action: 'decline' }],
    ['went away', { action: 'cancel' }],
    ['sent something else', { action: 'accept', content: { decision: 'perhaps' } }],
  ])('is nobody where the user %s', async (_, answer) => {
    const engine = waiting();
    const client = await lineClient(deps({ engine }), { era: '2025', ...elicitation, respond: () => answer });
    expect(await client.call('decide', proposal)).toMatchObject({
      isError: true,
      structuredContent: { code: 'precondition', message: expect.stringContaining('the gate stays open') },
    });
    expect(changes(engine)).toEqual([]);
    await client.end();
  });

  it.each([
    ['2025', {}],
    ['2026', {}],
    ['2025', { elicitation: { url: {} } }],
    ['2026', { elicitation: { url: {} } }],
  ] as const)('is nobody where the client of %s with %j cannot ask', async (era, capabilities) => {
    const engine = waiting();
    const client = await lineClient(deps({ engine }), { era, capabilities });
    expect(await client.call('decide', proposal)).toMatchObject({
      isError: true,
      structuredContent: { code: 'precondition', message: expect.stringContaining('`pawl approve a`') },
    });
    expect(changes(engine)).toEqual([]);
    await client.end();
  });

  it('is the client itself with --allow-approve, and it is recorded so', async () => {
    const engine = waiting();
    const client = await lineClient(deps({ engine, allowApprove: true }));
    await client.call('decide', proposal);
    expect(changes(engine)).toMatchObject([
      { name: 'approve', input: { digest: DIGEST, via: 'mcp-allow-approve' } },
    ]);
    await client.end();
  });
});
