/**
 * What reaches the provider of what the user of an agent has set up for themselves: all of it as a rule, and nothing where only
 * that counts which the repository declares. With the real agents.
 */
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/activities/ports/agent-port.ts';
import { createAcpAgents } from '../../src/adapters/agents/acp/agent.ts';
import { createClaudeAgent } from '../../src/adapters/agents/claude/agent.ts';
import { createCodexAgent } from '../../src/adapters/agents/codex/agent.ts';
import type { Play, Provider } from './play.ts';
import { provideAnthropic, provideGemini, provideOpenAi } from './providers.ts';
import { agentProgram } from './rig.ts';
import {
  DECLARED_INSTRUCTIONS,
  DECLARED_SERVER,
  DECLARED_SKILL,
  OWN_WORDS,
  type OwnWord,
  placeInHome,
  setUp,
  wordsIn,
} from './set-up.ts';
import { attempt, type Place } from './trial.ts';

const open: Provider[] = [];
afterEach(async () => {
  for (const provider of open.splice(0)) await provider.close();
});

const bridge = (name: string) => {
  const agent = createAcpAgents({ environment: {} }).find((one) => one.name === name);
  if (agent === undefined) throw new Error(`${name} is no agent`);
  return agent;
};
const ofClaude: readonly OwnWord[] = [
  'instructions of their home',
  'instructions above the workspace',
  'a rule',
  'a skill',
  'an agent',
  'a server of MCP',
];
const ofCodex: readonly OwnWord[] = [
  'instructions of their home',
  'a skill',
  'a skill for all agents',
  'a server of MCP',
];

interface Row {
  readonly agent: Agent;
  readonly model: string;
  readonly provide: (play: Play, place: Place) => Promise<Provider>;
  /** What of its user's arrives as a rule. */
  readonly own: readonly OwnWord[];
  readonly declared: readonly string[];
  /** Default true. */
  readonly resumes?: boolean;
}
const AGENTS: readonly Row[] = [
  {
    agent: createClaudeAgent({ environment: {} }),
    model: 'claude-sonnet-4-5',
    provide: provideAnthropic,
    own: ofClaude,
    declared: [DECLARED_INSTRUCTIONS, DECLARED_SKILL, DECLARED_SERVER],
  },
  {
    agent: bridge('claude-agent-acp'),
    model: 'claude-sonnet-4-5',
    provide: provideAnthropic,
    own: ofClaude,
    declared: [DECLARED_INSTRUCTIONS, DECLARED_SKILL, DECLARED_SERVER],
  },
  {
    agent: createCodexAgent({ environment: {} }),
    model: 'gpt-5-codex',
    provide: provideOpenAi,
    own: ofCodex,
    declared: [DECLARED_INSTRUCTIONS, DECLARED_SKILL],
  },
  {
    agent: bridge('codex-acp'),
    model: 'gpt-5-codex',
    provide: provideOpenAi,
    own: ofCodex,
    declared: [DECLARED_INSTRUCTIONS],
  },
  {
    agent: bridge('gemini'),
    model: 'gemini-2.5-pro',
    provide: provideGemini,
    own: ofCodex.filter((what) => what !== 'a server of MCP'),
    declared: [DECLARED_INSTRUCTIONS, DECLARED_SKILL],
    resumes: false,
  },
];

/** Servers may start while the agent is at work already: the model waits for what it is to have. */
const untilSeen =
  (words: readonly string[]): Play =>
  ({ body, number }) =>
    number > 15 || wordsIn(body, words).length === words.length
      ? { text: 'seen' }
      : { run: `sleep 1.${number}` };

describe.each(AGENTS)('$agent.name', ({ agent, model, provide, own, declared, resumes = true }) => {
  const choice = { name: agent.name, command: [agentProgram(agent.name)], model };
  const sent = async (declaredOnly: boolean) => {
    const place = placeInHome();
    const { hasRun } = await setUp(place);
    const theirs = declaredOnly ? [] : own.map((what) => OWN_WORDS[what]);
    const provider = await provide(untilSeen([...theirs, ...declared]), place);
    open.push(provider);
    const changes = {
      choice,
      permissions: 'allow' as const,
      ...(declaredOnly && { declaredOnly: true as const }),
    };
    expect(await attempt(agent, place, provider.environment, changes).ended).toMatchObject({
      status: 'done',
    });
    const bodies = provider.asked.map(({ body }) => body).join('\n');
    const found = own.filter((what) => wordsIn(bodies, [OWN_WORDS[what]]).length > 0);
    const ran = (['hook', 'server'] as const).filter(hasRun);
    return { found, ran, declared: wordsIn(bodies, declared) };
  };

  it('gets what its user has set up, and what the repository declares', async () => {
    const { found, ran, declared: arrived } = await sent(false);
    expect(found).toEqual(own);
    expect(ran.includes('server')).toBe(own.includes('a server of MCP'));
    expect(arrived).toEqual(declared);
  });

  it('gets only what the repository declares where that is asked for', async () => {
    expect(await sent(true)).toEqual({ found: [], ran: [], declared });
  });

  it.runIf(resumes)('goes on with a session then as well', async () => {
    const place = placeInHome();
    const provider = await provide(() => ({ text: 'the word is heliotrope' }), place);
    open.push(provider);
    const changes = { choice, declaredOnly: true } as const;
    const first = attempt(agent, place, provider.environment, changes);
    expect(await first.ended).toMatchObject({ status: 'done' });
    const session = first.events.find((event) => event.type === 'session')?.id ?? '';
    const next = { number: 2, token: 't2', reason: 'fix', feedback: 'now in capitals', session } as const;
    const later = { ...place, scratch: join(dirname(place.scratch), 'attempt-2') };
    const second = attempt(agent, later, provider.environment, { ...changes, attempt: next });
    expect(await second.ended).toMatchObject({ status: 'done' });
    const [asked, again] = [provider.asked[0]?.body, provider.asked.at(-1)?.body];
    expect(asked).not.toContain('heliotrope');
    expect(again).toContain('heliotrope');
    expect(again).toContain('now in capitals');
  });
});
