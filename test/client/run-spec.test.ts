/** What a run is started with: who works where nobody says who does. */
import { expect, it } from 'vitest';
import { createRunSpec, previewRun } from '../../src/client/run-spec.ts';
import { readConfig } from '../../src/config.ts';
import { operations } from '../../src/domain/operations.ts';
import { makeHome } from '../../src/engine/home.ts';
import { localDeps } from '../../src/local.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';

const NODE = process.execPath;
const own = { PATH: '', OPENAI_API_KEY: 'a-key', PAWL_HOME: makeHome(scratchFolder('home')) };
const deps = localDeps(readConfig(own), own);

async function agentOf(configuration: string, agent?: object): Promise<unknown> {
  const repository = newRepository({ 'pawl.yaml': configuration });
  const input = { id: 'some-task', requirement: 'Do it', repository, ...(agent && { agent }) };
  return (await createRunSpec(deps, operations.run.input.parse(input))).agent;
}
const HELPER = { command: [NODE, 'agent.mjs'] };
const HELPED = `agent: helper\nagents: ${JSON.stringify({ helper: HELPER })}\n`;

it('is the agent that the repository names, for auto as well', async () => {
  expect(await agentOf(HELPED)).toEqual({ name: 'helper', ...HELPER });
  expect(await agentOf(HELPED, { name: 'auto' })).toEqual({ name: 'helper', ...HELPER });
  const other = { name: 'command', command: [NODE, 'other.mjs'] };
  expect(await agentOf(HELPED, other)).toEqual(other);
});

it('is else the first that can run here, as the repository has it started', async () => {
  const codex = { command: [NODE, 'codex.mjs'] };
  expect(await agentOf(`agents: ${JSON.stringify({ codex })}\n`)).toEqual({ name: 'codex', ...codex });
  await expect(agentOf('checks: []\n')).rejects.toMatchObject({ code: 'precondition' });
});

it('can be seen before: the checks that judge it, and what it may cost in all', async () => {
  const check = { name: 'test', run: [NODE, '--test'] };
  const repository = newRepository({ 'pawl.yaml': `${HELPED}checks: ${JSON.stringify([check])}\n` });
  const seen = (more: object) =>
    previewRun(deps, operations.preview.input.parse({ repository, ...more }), async () => undefined);
  expect(await seen({})).toMatchObject({
    ...{ repository, base: 'main', agent: 'helper', checks: [check], setup: null, forge: 'local' },
    costUsdMax: null,
  });
  const policy = { costUsdMax: 1.5, attemptsMax: 4 };
  expect(await seen({ checks: [], policy })).toMatchObject({ checks: [], costUsdMax: 6 });
  await expect(seen({ agent: { name: 'nobody' } })).rejects.toMatchObject({ code: 'precondition' });
});
