/**
 * The loops that Pawl brings, by the real Claude Code and the real Codex on scripted providers, from their inputs to a merge, with
 * the engine killed after each task and before each decision.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentsCache } from '../../scripts/agents/place.mjs';
import { type LoopName, newCart, WAYS } from '../e2e/cart.ts';
import { expectOnce, goThroughKilled } from '../e2e/killed-run.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import type { Play, Provider } from './play.ts';
import { provideAnthropic, provideOpenAi } from './providers.ts';
import { agentProgram } from './rig.ts';
import { createSkillsPlay, type SkillsPlay } from './skills-play.ts';

let rig: EngineRig;
let home: string;
const providers: Provider[] = [];
/** Of the run that goes on. */
let model: SkillsPlay;
const play: Play = (asked) => model.play(asked);

beforeAll(async () => {
  const parent = join(agentsCache(), 'test-homes');
  mkdirSync(parent, { recursive: true });
  home = mkdtempSync(join(parent, 'loops-'));
  mkdirSync(join(home, '.codex'));
  // A model that is offered a shell as a function.
  writeFileSync(join(home, '.codex', 'config.toml'), 'model = "gpt-5-codex"\n');
  mkdirSync(join(home, '.claude'));
  // Of its user's: those of a repository count only where its user has said at a terminal that they trust it.
  const settings = { permissions: { allow: [`Bash(${process.execPath}:*)`] } };
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify(settings));
  providers.push(await provideAnthropic(play), await provideOpenAi(play));
  rig = await startRig({
    ...Object.assign({}, ...providers.map(({ environment }) => environment)),
    HOME: home,
  });
});
afterAll(async () => {
  await rig.close();
  for (const provider of providers) await provider.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** How the repository has agents started. */
const AGENTS = `agents: ${JSON.stringify(
  Object.fromEntries(['claude', 'codex'].map((name) => [name, { command: [agentProgram(name)] }])),
)}\n`;

it.each([
  // The first of those that can run.
  ['claude', 'feature', ''],
  ['claude', 'bugfix', ''],
  ['codex', 'feature', 'agent: codex\n'],
  ['codex', 'bugfix', 'agent: codex\n'],
] satisfies [string, LoopName, string][])(
  '%s does %s',
  async (agent, loop, configuration) => {
    const way = WAYS[loop];
    model = createSkillsPlay();
    const { turns, allow } = model;
    const project = newCart(`${configuration}${AGENTS}`);
    const id = `x_${loop}-${agent}`;
    await rig.api.startExecution({ id, loop, project, inputs: way.inputs, driver: 'engine' });
    const run = await goThroughKilled(rig, id, {
      afterTasks: allow,
      beforeDelivery: (title) => turns.push(title),
    });
    rig = run.rig;
    expect(turns).toHaveLength(way.skills.length);
    expect(new Set(turns).size).toBe(turns.length);
    const { tasks } = await rig.api.list({});
    const states = await Promise.all(
      tasks.filter(({ repository }) => repository === project).map((task) => rig.api.show({ id: task.id })),
    );
    expect(new Set(states.map((state) => state.agent))).toEqual(new Set([agent]));
    await expectOnce(run, project, way);
  },
  480_000,
);
