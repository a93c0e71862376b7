/** The agents that Pawl knows, under the names that the command line tells. */
import { expect, it } from 'vitest';
import { createAgents } from '../../../src/adapters/agents/registry.ts';
import { AGENT_NAMES } from '../../../src/domain/agent-names.ts';

it('knows an agent for each name, and no other', () => {
  expect(createAgents({}).all.map(({ name }) => name)).toEqual(AGENT_NAMES);
});
