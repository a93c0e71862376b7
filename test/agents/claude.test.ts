/** The agent `claude` with the real Claude Code on a scripted provider. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentFailure } from '../../src/activities/ports/agent-port.ts';
import { createClaudeAgent, sessionOf } from '../../src/adapters/agents/claude/agent.ts';
import { type DrivenAgent, testDrivenAgent } from '../conformance/driven-agent.ts';
import type { Play, Provider } from './play.ts';
import { provideAnthropic } from './providers.ts';
import { agentProgram } from './rig.ts';
import { attempt, newPlace } from './trial.ts';

const under: DrivenAgent = {
  agent: createClaudeAgent({ environment: {} }),
  choice: { name: 'claude', command: [agentProgram('claude')], model: 'claude-sonnet-4-5' },
  key: 'ANTHROPIC_API_KEY',
  provide: provideAnthropic,
  resumes: true,
};

describe('conformance', () => testDrivenAgent(() => under));

let provider: Provider | undefined;
afterEach(() => provider?.close());
const trial = async (play: Play, changes: Parameters<typeof attempt>[3] = {}, place = newPlace()) => {
  await provider?.close();
  provider = await provideAnthropic(play);
  return attempt(under.agent, place, provider.environment, { choice: under.choice, ...changes });
};

it('is in a session that the engine chose, also when the attempt runs twice', async () => {
  const place = newPlace();
  const first = await trial(() => ({ text: 'one' }), {}, place);
  await first.ended;
  const session = sessionOf(first.request.attempt.token);
  expect(session).not.toContain(first.request.attempt.token);
  expect(first.events).toContainEqual({ type: 'session', id: session });
  const again = await trial(() => ({ text: 'two' }), {}, place);
  expect(await again.ended).toMatchObject({ status: 'done', summary: 'two' });
  expect(again.events).toContainEqual({ type: 'session', id: session });
});

describe('what it may not do by itself', () => {
  // Found by trying: not one of the commands that Claude Code takes for harmless.
  const forbidden = (file: string) => `node -e "fs.writeFileSync('${file}', '')" && touch ${file}`;
  const asks =
    (command: string): Play =>
    ({ afterTool }) =>
      afterTool ? { text: 'so be it' } : { run: command };

  it('is a question to a person, and done in the same session once it was granted', async () => {
    const place = newPlace();
    const file = join(place.home, 'outside.txt');
    const first = await trial(asks(forbidden(file)), {}, place);
    const failure = await first.ended;
    expect(failure).toMatchObject({
      class: 'permission',
      facts: { permission: { title: expect.stringContaining(file) } },
    });
    expect(existsSync(file)).toBe(false);
    const granted =
      failure instanceof AgentFailure && failure.facts.permission ? [failure.facts.permission.id] : [];
    const session = sessionOf(first.request.attempt.token);
    const next = {
      number: 2,
      token: 't2',
      reason: 'permission',
      feedback: 'You may',
      session,
      granted,
    } as const;
    const second = await trial(asks(forbidden(file)), { attempt: next }, place);
    expect(await second.ended).toMatchObject({ status: 'done' });
    expect(existsSync(file)).toBe(true);
  });

  it('is allowed, or refused without a question, where the policy says so', async () => {
    const place = newPlace();
    const file = join(place.home, 'outside.txt');
    const denied = await trial(asks(forbidden(file)), { permissions: 'deny' }, place);
    expect(await denied.ended).toMatchObject({ status: 'done' });
    expect(existsSync(file)).toBe(false);
    const allowed = await trial(
      asks(forbidden(file)),
      { permissions: 'allow', attempt: { number: 2, token: 't2', reason: 'retry' } },
      place,
    );
    expect(await allowed.ended).toMatchObject({ status: 'done' });
    expect(existsSync(file)).toBe(true);
  });
});

it('ends at the limits it was given', async () => {
  const { ended } = await trial(({ number }) => ({ run: `echo ${number}` }), { limits: { turnsMax: 2 } });
  expect(await ended).toMatchObject({
    class: 'invalid_output',
    message: expect.stringContaining('max_turns'),
  });
});

it('its limit of cost is of the attempt, whatever the session has cost before', async () => {
  const place = newPlace();
  const first = await trial(({ afterTool }) => (afterTool ? { text: 'one' } : { run: 'echo 1' }), {}, place);
  await first.ended;
  const session = sessionOf(first.request.attempt.token);
  const next = { number: 2, token: 't2', reason: 'fix', feedback: 'and now', session } as const;
  // One call costs $0.00033, so that the session had cost more before it.
  const limits = { costUsdMax: 0.0004 };
  const { ended, events } = await trial(() => ({ text: 'two' }), { attempt: next, limits }, place);
  expect(await ended).toMatchObject({ status: 'done', summary: 'two' });
  const costUsd = expect.closeTo(0.00099, 8);
  expect(events).toContainEqual({
    type: 'usage',
    usage: expect.objectContaining({ costUsd }),
    ofSession: ['costUsd'],
  });
});
