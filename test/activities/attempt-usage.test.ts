/** What an attempt is said to have used: itself, whatever its session had used before. Lines as the programs printed them. */
import { describe, expect, it } from 'vitest';
import { createClaudeAgent } from '../../src/adapters/agents/claude/agent.ts';
import { createCodexAgent } from '../../src/adapters/agents/codex/agent.ts';
import { createRecordedTask, type RecordedRun } from './recorded-runs.ts';

const SESSION = '11111111-1111-4111-8111-111111111111';
const FORKED = '70e44f59-1647-405d-8b22-6d22e0991063';
const environment = {};

describe('claude, whose cost is of the session and whose tokens are of the run', () => {
  const newTask = () => createRecordedTask(createClaudeAgent({ environment }));
  const init = (session: string, version: string) => ({
    type: 'system',
    subtype: 'init',
    session_id: session,
    claude_code_version: version,
  });
  const ran = (cost: number, { session = SESSION, version = '2.1.329' } = {}, fields: object = {}) => [
    init(session, version),
    {
      type: 'result',
      subtype: 'success',
      is_error: false,
      session_id: session,
      result: 'ok',
      num_turns: 1,
      total_cost_usd: cost,
      usage: { input_tokens: 10, output_tokens: 20 },
      ...fields,
    },
  ];
  const ONE_CALL = expect.closeTo(0.00033, 8);
  const resumed = (prints: RecordedRun['prints']): RecordedRun => ({ prints, resumes: SESSION });

  it('fresh and resumed', async () => {
    const run = newTask();
    const fresh = await run({ prints: ran(0.00033000000000000005) });
    expect(fresh.usage).toEqual({
      inputTokens: 10,
      cachedInputTokens: 0,
      outputTokens: 20,
      costUsd: ONE_CALL,
      turns: 1,
    });
    for (const sum of [0.0006600000000000001, 0.0009900000000000002]) {
      const { usage, noted } = await run(resumed(ran(sum)));
      expect(usage).toEqual({ ...fresh.usage, costUsd: ONE_CALL });
      expect(noted).toEqual(usage);
    }
  });

  it('one that its provider refused has cost nothing', async () => {
    const run = newTask();
    await run({ prints: ran(0.00165) });
    const refused = { is_error: true, terminal_reason: 'api_error', usage: {} };
    expect((await run(resumed(ran(0.00165, {}, refused)))).usage).toMatchObject({
      costUsd: 0,
      inputTokens: 0,
    });
  });

  it('what one that was ended did not live to tell counts in the one that goes on, once', async () => {
    const run = newTask();
    await run({ prints: ran(0.00099) });
    const killed = await run({ ...resumed([init(SESSION, '2.1.329')]), dies: true });
    expect(killed).toEqual({ usage: undefined, noted: undefined });
    expect((await run(resumed(ran(0.00165)))).usage?.costUsd).toBeCloseTo(0.00066, 8);
    expect((await run(resumed(ran(0.00198)))).usage).toMatchObject({ costUsd: ONE_CALL });
  });

  it('also where it was the first', async () => {
    const run = newTask();
    await run({ prints: [init(SESSION, '2.1.329')], dies: true });
    expect((await run(resumed(ran(0.00066)))).usage?.costUsd).toBeCloseTo(0.00066, 8);
  });

  it('several results of one run are of one attempt', async () => {
    const run = newTask();
    await run({ prints: ran(0.00033) });
    expect((await run(resumed([...ran(0.00066), ...ran(0.00099)]))).usage?.costUsd).toBeCloseTo(0.00066, 8);
  });

  it('a session of its own, and one that counts anew, begin at nothing', async () => {
    const run = newTask();
    await run({ prints: ran(0.00198) });
    expect((await run({ prints: ran(0.00033, { session: FORKED }) })).usage?.costUsd).toBe(0.00033);
    expect((await run(resumed(ran(0.00033)))).usage?.costUsd).toBe(0.00033);
    expect((await run(resumed(ran(0.00066)))).usage).toMatchObject({ costUsd: ONE_CALL });
  });

  it('before 2.1.277 its cost was of the run alone', async () => {
    const run = newTask();
    await run({ prints: ran(0.01, { version: '2.1.276' }) });
    expect((await run(resumed(ran(0.02, { version: '2.1.276' })))).usage?.costUsd).toBe(0.02);
    // What it did not keep then is not restored.
    expect((await run(resumed(ran(0.00033)))).usage?.costUsd).toBe(0.00033);
    expect((await run(resumed(ran(0.00066)))).usage).toMatchObject({ costUsd: ONE_CALL });
  });
});

describe('codex, whose tokens are of the thread', () => {
  const newTask = () => createRecordedTask(createCodexAgent({ environment }));
  const started = (thread: string) => ({ type: 'thread.started', thread_id: thread });
  const ran = (calls: number, thread = SESSION) => [
    started(thread),
    {
      type: 'turn.completed',
      usage: {
        input_tokens: 10 * calls,
        cached_input_tokens: 4 * calls,
        cache_write_input_tokens: 0,
        output_tokens: 5 * calls,
        reasoning_output_tokens: 0,
      },
    },
  ];
  const calls = (count: number) => ({
    inputTokens: 10 * count,
    cachedInputTokens: 4 * count,
    outputTokens: 5 * count,
  });
  const resumed = (prints: RecordedRun['prints']): RecordedRun => ({ prints, resumes: SESSION });

  it('fresh, resumed, and resumed after a kill', async () => {
    const run = newTask();
    expect((await run({ prints: ran(1) })).usage).toEqual(calls(1));
    expect(await run(resumed(ran(3)))).toEqual({ usage: calls(2), noted: calls(2) });
    expect((await run({ ...resumed([started(SESSION)]), dies: true })).usage).toBeUndefined();
    expect((await run(resumed(ran(5)))).usage).toEqual(calls(2));
    const failed = [started(SESSION), { type: 'turn.failed', error: { message: 'high demand' } }];
    expect((await run(resumed(failed))).usage).toBeUndefined();
    expect((await run(resumed(ran(6)))).usage).toEqual(calls(1));
  });

  it('a thread of its own begins at nothing', async () => {
    const run = newTask();
    await run({ prints: ran(3) });
    expect((await run({ prints: ran(4, FORKED) })).usage).toEqual(calls(4));
    expect((await run(resumed(ran(4)))).usage).toEqual(calls(1));
  });
});
