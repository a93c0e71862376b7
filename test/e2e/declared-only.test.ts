/** A loop's agents get what the repository declares, a task of its user's also what they have set up: by what the agent is started with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOTING, startsIn } from '../adapters/agents/noted-start.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { closed, type EngineRig, startRig } from './rig.ts';
import { untilExecution } from './until-execution.ts';

let rig: EngineRig;
const home = scratchFolder('home');
beforeAll(async () => {
  mkdirSync(join(home, '.claude'));
  writeFileSync(
    join(home, '.claude', 'settings.json'),
    JSON.stringify({ model: 'opus', hooks: { Stop: [] } }),
  );
  rig = await startRig({ HOME: home, ANTHROPIC_API_KEY: 'key-of-the-agent' });
});
afterAll(() => rig.close());

it('unless the loop says otherwise', async () => {
  const skill = (id: string, more: object = {}) => ({ id, agent: 'claude', writes: 'none', ...more });
  const loop = { loop: 'own', phases: [{ id: 'p', skills: [skill('a'), skill('b', { settings: 'own' })] }] };
  const project = newRepository({
    'pawl.yaml': `agents: { claude: { command: ${JSON.stringify(NOTING)} } }\n`,
    '.pawl/loops/own.yaml': JSON.stringify(loop),
  });
  const id = 'x_own';
  await rig.api.startExecution({ id, loop: 'own', project, inputs: {}, driver: 'engine' });
  const { phases } = await untilExecution(rig, id, ({ status }) => status === 'completed');
  const plain = await rig.run({ repository: project, agent: { name: 'claude' } });
  await rig.until(plain, closed);
  const starts = startsIn(home).map(({ args, env }) => [
    env.PAWL_PROCESS ?? '',
    args.includes('--strict-mcp-config'),
  ]);
  const [a, b] = phases[0]?.skills.map(({ task }) => task) ?? [];
  const strict = [a, b, plain].map(
    (task) => starts.find(([mark]) => String(mark).includes(`/${task}/`))?.[1],
  );
  expect(strict).toEqual([true, false, false]);
});
