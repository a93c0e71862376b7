/** The agent `opencode` over the Agent Client Protocol with its real program on a scripted provider. */
import { describe } from 'vitest';
import { createAcpAgents } from '../../src/adapters/agents/acp/agent.ts';
import { type DrivenAgent, RETRIES, testDrivenAgent } from '../conformance/driven-agent.ts';
import { provideChat } from './providers.ts';
import { agentProgram } from './rig.ts';

const agent = createAcpAgents({ environment: {} }).find(({ name }) => name === 'opencode');
if (agent === undefined) throw new Error('opencode is no agent');
const under: DrivenAgent = {
  agent,
  choice: { name: 'opencode', command: [agentProgram('opencode')] },
  key: 'OPENAI_API_KEY',
  provide: provideChat,
  resumes: true,
  told: {
    '429 with Retry-After': RETRIES,
    '429 without': RETRIES,
    '500': RETRIES,
    'a full conversation': RETRIES,
    'a broken stream': RETRIES,
    // The provider's status does not leave it: that is all that is known.
    '401': { class: 'api_error', facts: {} },
    '400': { class: 'api_error', facts: {} },
  },
};

describe('conformance', () => testDrivenAgent(() => under));
