/** The agent `gemini` over the Agent Client Protocol with its real program on a scripted provider. */
import { describe } from 'vitest';
import { createAcpAgents } from '../../src/adapters/agents/acp/agent.ts';
import { type DrivenAgent, testDrivenAgent } from '../conformance/driven-agent.ts';
import { provideGemini } from './providers.ts';
import { agentProgram } from './rig.ts';

const agent = createAcpAgents({ environment: {} }).find(({ name }) => name === 'gemini');
if (agent === undefined) throw new Error('gemini is no agent');
const under: DrivenAgent = {
  agent,
  choice: { name: 'gemini', command: [agentProgram('gemini')] },
  key: 'GEMINI_API_KEY',
  provide: provideGemini,
  // It names the files of its sessions by the minute: one that goes on within it is not found, and begins anew.
  resumes: false,
  // It keeps the header to itself.
  told: { '429 with Retry-After': { class: 'rate_limited', facts: { httpStatus: 429 } } },
};

describe('conformance', () => testDrivenAgent(() => under));
