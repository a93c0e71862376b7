/** The agent `codex` with the real Codex on a scripted provider. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentFailure } from '../../src/activities/ports.ts';
import { createCodexAgent } from '../../src/adapters/agent-codex.ts';
import { markedProcesses, startTimeOf } from '../../src/adapters/processes.ts';
import { type OpenAi, type OpenAiScript, startOpenAi } from './openai.ts';
import { agentProgram } from './rig.ts';
import { attempt, newPlace } from './trial.ts';

const KEY = 'sk-key-of-the-agent';
let provider: OpenAi | undefined;
afterEach(() => provider?.close());

const agent = createCodexAgent({ environment: {} });
// A model that is offered a shell as a function; the newest ones are offered it in ways that a script would have to run.
const choice = { name: 'codex', command: [agentProgram('codex')], model: 'gpt-5-codex' };
async function trial(script: OpenAiScript, changes: Parameters<typeof attempt>[3] = {}, place = newPlace()) {
  await provider?.close();
  provider = await startOpenAi(script);
  const environment = {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: provider.url,
    GITHUB_TOKEN: 'secret-of-the-forge',
  };
  return { ...attempt(agent, place, environment, { choice, ...changes }), place, provider };
}
const writes: OpenAiScript = ({ afterTool }) =>
  afterTool ? { text: 'out.txt is written' } : { command: "printf 'hello' > out.txt" };

it('works in the workspace and tells what it does, used and said', async () => {
  const { ended, events, place } = await trial(writes);
  expect(await ended).toEqual({ status: 'done', summary: 'out.txt is written' });
  expect(readFileSync(join(place.workspace, 'out.txt'), 'utf8')).toBe('hello');
  expect(events[0]).toEqual({ type: 'started', pid: expect.any(Number) });
  expect(events).toContainEqual({ type: 'session', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(events).toContainEqual({ type: 'progress', text: expect.stringContaining('out.txt') });
  expect(events).toContainEqual({
    type: 'usage',
    usage: { inputTokens: 20, cachedInputTokens: 8, outputTokens: 10 },
  });
});

it('goes on with a session, and starts one where it is gone', async () => {
  const place = newPlace();
  const first = await trial(writes, {}, place);
  await first.ended;
  const session = first.events.find((event) => event.type === 'session')?.id ?? '';
  const again = { number: 2, token: 't2', reason: 'fix', feedback: 'now in capitals', session } as const;
  const second = await trial(() => ({ text: 'done' }), { attempt: again }, place);
  expect(await second.ended).toMatchObject({ status: 'done' });
  const heard = JSON.stringify(second.provider.requests[0]?.input);
  expect(heard).toContain('out.txt is written');
  expect(heard).toContain('now in capitals');
  const lost = { ...again, session: '01a1fd54-f0c8-78c3-99a0-2ce850dc7640' };
  const third = await trial(writes, { attempt: lost }, place);
  expect(await third.ended).toMatchObject({ status: 'done' });
  expect(JSON.stringify(third.provider.requests[0]?.input)).toContain('Write out.txt');
});

it('says that it is blocked, and why', async () => {
  const { ended } = await trial(() => ({ text: 'I looked.\nBLOCKED: which database?' }));
  expect(await ended).toEqual({ status: 'blocked', summary: 'which database?' });
});

describe('a refusal of the provider', () => {
  it.each([
    [
      '429 with Retry-After',
      { status: 429, headers: { 'retry-after': '7' } },
      { class: 'rate_limited', facts: { httpStatus: 429, retryAfterMs: 7_000 } },
    ],
    ['429 without', { status: 429 }, { class: 'rate_limited', facts: { httpStatus: 429 } }],
    ['500', { status: 500 }, { class: 'api_error', facts: { httpStatus: 500 } }],
    ['401', { status: 401 }, { class: 'auth', facts: { httpStatus: 401 } }],
    ['400', { status: 400 }, { class: 'invalid_output', facts: { httpStatus: 400 } }],
    [
      'a full conversation',
      {
        status: 400,
        code: 'context_length_exceeded',
        message: 'Your input exceeds the context window of this model.',
      },
      { class: 'context_overflow' },
    ],
    ['a broken stream', { drop: true }, { class: 'api_error', facts: {} }],
  ] as const)('%s', async (_name, answer, expected) => {
    const { ended, provider: asked } = await trial(() => answer);
    expect(await ended).toMatchObject(expected);
    // Its own retries are off: the engine's are seen and survive it.
    expect(asked.requests).toHaveLength(1);
  });
});

describe('ended from outside', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s is no success', async (signal) => {
    const { ended, pid, provider: asked } = await trial(() => ({ hang: true }));
    const running = await pid;
    await expect.poll(() => asked.requests.length).toBe(1);
    process.kill(running, signal);
    expect(await ended).toMatchObject({ class: 'interrupted' });
  });

  it('an abort ends all of it, also while its provider is silent', async () => {
    const { ended, pid, stop, provider: asked } = await trial(() => ({ hang: true }));
    const running = await pid;
    await expect.poll(() => asked.requests.length).toBe(1);
    stop.abort(new Error('asked to stop'));
    await expect(ended).rejects.toThrow('asked to stop');
    expect(startTimeOf(running)).toBeUndefined();
    expect(markedProcesses('some-home/some-task')).toEqual([]);
  });
});

it('what its sandbox refuses is not there, and its word for it counts as its word', async () => {
  const outside = join(newPlace().home, 'outside.txt');
  const { ended } = await trial(({ afterTool }) =>
    afterTool ? { text: 'could not' } : { command: `touch ${outside}` },
  );
  expect(await ended).toMatchObject({ status: 'done', summary: 'could not' });
  expect(existsSync(outside)).toBe(false);
});

it.runIf(process.platform === 'linux')('has no secret but its own key', async () => {
  const { ended, pid, stop, provider: asked } = await trial(() => ({ hang: true }));
  const environment = readFileSync(`/proc/${await pid}/environ`, 'utf8').split('\0');
  expect(environment).toContain(`OPENAI_API_KEY=${KEY}`);
  expect(environment.filter((entry) => entry.includes('secret'))).toEqual([]);
  await expect.poll(() => asked.requests.length).toBe(1);
  stop.abort(new Error('seen'));
  await expect(ended).rejects.toThrow('seen');
});

it('hides its key in the log', async () => {
  const { ended, events } = await trial(() => ({ text: `the key is ${KEY}` }));
  expect(await ended).not.toBeInstanceOf(AgentFailure);
  expect(JSON.stringify(events)).not.toContain(KEY);
  await sleep(0);
});

it('says what is missing', async () => {
  expect(await agent.problem({ name: 'codex', command: ['no-such-codex'] })).toMatch(
    /npm install -g @openai\/codex/,
  );
  expect(await agent.problem(choice)).toMatch(/OPENAI_API_KEY/);
  expect(await createCodexAgent({ environment: { OPENAI_API_KEY: 'k' } }).problem(choice)).toBeUndefined();
});
