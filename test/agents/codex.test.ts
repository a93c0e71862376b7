/** The agent `codex` with the real Codex on a scripted provider. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCodexAgent } from '../../src/adapters/agents/codex/agent.ts';
import { type DrivenAgent, testDrivenAgent } from '../conformance/driven-agent.ts';
import type { Provider } from './play.ts';
import { provideOpenAi } from './providers.ts';
import { agentProgram } from './rig.ts';
import { attempt, newPlace } from './trial.ts';

const under: DrivenAgent = {
  agent: createCodexAgent({ environment: {} }),
  // A model that is offered a shell as a function; others are offered it in ways that a script would have to run.
  choice: { name: 'codex', command: [agentProgram('codex')], model: 'gpt-5-codex' },
  key: 'OPENAI_API_KEY',
  provide: provideOpenAi,
  resumes: true,
};

describe('conformance', () => testDrivenAgent(() => under));

let provider: Provider | undefined;
afterEach(() => provider?.close());

it('what its sandbox refuses is not done, and its word for it counts as its word', async () => {
  const place = newPlace();
  const outside = join(place.home, 'outside.txt');
  provider = await provideOpenAi(({ afterTool }) =>
    afterTool ? { text: 'could not' } : { run: `touch ${outside}` },
  );
  const { ended } = attempt(under.agent, place, provider.environment, { choice: under.choice });
  expect(await ended).toMatchObject({ status: 'done', summary: 'could not' });
  expect(existsSync(outside)).toBe(false);
});
