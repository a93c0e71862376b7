/** The agents that Pawl knows, under the names that the command line tells. */
import { expect, it } from 'vitest';
import { createAgents } from '../../../src/adapters/agents/registry.ts';
import { AGENT_NAMES } from '../../../src/domain/agent-names.ts';

it('knows an agent for each name, and no other', () => {
  expect(createAgents({}).all.map(({ name }) => name)).toEqual(AGENT_NAMES);
});

it('takes the first that can run, also where only the repository says how it is started', async () => {
  const nobody = createAgents({ PATH: '', OPENAI_API_KEY: 'a-key' });
  const none = {
    code: 'precondition',
    message: expect.stringMatching(/^no agent can run here: .*--agent-command/),
  };
  await expect(nobody.first()).rejects.toMatchObject(none);
  await expect(nobody.first({}, 'or wait')).rejects.toThrow(/opencode-ai\); or wait$/);
  expect(await nobody.first({ codex: { command: [process.execPath, 'codex.mjs'] } })).toBe('codex');
});
