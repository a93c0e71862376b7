/** Claude Code and Codex behind the Agent Client Protocol, by the programs that make agents of them. */
import { delimiter } from 'node:path';
import { describe } from 'vitest';
import { createAcpAgents } from '../../src/adapters/agents/acp/agent.ts';
import { type DrivenAgent, testDrivenAgent } from '../conformance/driven-agent.ts';
import type { Play, Provider } from './play.ts';
import { provideAnthropic, provideOpenAi } from './providers.ts';
import { agentProgram, codexResources } from './rig.ts';

function agentNamed(wanted: string) {
  const agent = createAcpAgents({ environment: {} }).find(({ name }) => name === wanted);
  if (agent === undefined) throw new Error(`${wanted} is no agent`);
  return agent;
}

/** Unlike Codex itself it brings no sandbox of its own: it looks for bubblewrap on PATH, as a distribution installs it. */
async function provideWithSandbox(play: Play): Promise<Provider> {
  const provider = await provideOpenAi(play);
  const PATH = [process.env.PATH, codexResources()].join(delimiter);
  return { ...provider, environment: { ...provider.environment, PATH } };
}

const BRIDGES: readonly DrivenAgent[] = [
  {
    agent: agentNamed('claude-agent-acp'),
    choice: {
      name: 'claude-agent-acp',
      command: [agentProgram('claude-agent-acp')],
      model: 'claude-sonnet-4-5',
    },
    key: 'ANTHROPIC_API_KEY',
    provide: provideAnthropic,
    resumes: true,
    // It tells neither the header nor, in these two, the status.
    told: {
      '429 with Retry-After': { class: 'rate_limited', facts: { httpStatus: 429 } },
      '401': { class: 'auth', facts: {} },
      'a full conversation': { class: 'context_overflow', facts: {} },
    },
  },
  {
    agent: agentNamed('codex-acp'),
    choice: { name: 'codex-acp', command: [agentProgram('codex-acp')] },
    key: 'OPENAI_API_KEY',
    provide: provideWithSandbox,
    resumes: true,
    tellsUsage: false,
    // It tells a status only where it has words of its own for the refusal.
    told: {
      '429 with Retry-After': { class: 'rate_limited', facts: { httpStatus: 429 } },
      '500': { class: 'api_error', facts: {} },
      '400': { class: 'api_error', facts: {} },
      'a full conversation': { class: 'context_overflow', facts: {} },
    },
  },
];

describe.each(BRIDGES)('conformance of $choice.name', (under) => testDrivenAgent(() => under));
