/**
 * The loops that Pawl brings, by agents alone, from their inputs to a merge: the engine is killed after each task and before each
 * decision, and each skill is done once and each gate answered once all the same.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type LoopName, newCart, WAYS } from './cart.ts';
import { expectOnce, goThroughKilled } from './killed-run.ts';
import { agent, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Where the agent of a run notes each skill that it begins, and looks when it may. */
function newTurns() {
  const folder = scratchFolder('turns');
  const [turns, allowed] = [join(folder, 'turns'), join(folder, 'allowed')];
  mkdirSync(turns);
  const told = {
    afterTasks: (count: number) => writeFileSync(allowed, String(count)),
    beforeDelivery: (title: string) => writeFileSync(join(turns, String(readdirSync(turns).length)), title),
  };
  told.afterTasks(0);
  const taken = () => readdirSync(turns).map((_, at) => readFileSync(join(turns, String(at)), 'utf8'));
  return { command: agent('does-skills', turns, allowed), told, taken };
}

it.each(['feature', 'bugfix'] satisfies LoopName[])(
  '%s',
  async (loop) => {
    const way = WAYS[loop];
    const { command, told, taken } = newTurns();
    const project = newCart(`agent: worker\nagents:\n  worker: { command: ${JSON.stringify(command)} }\n`);
    const id = `x_${loop}-killed`;
    await rig.api.startExecution({ id, loop, project, inputs: way.inputs, driver: 'engine' });
    const run = await goThroughKilled(rig, id, told);
    rig = run.rig;
    expect(taken().sort()).toEqual([...way.skills].sort());
    await expectOnce(run, project, way);
  },
  240_000,
);
