/**
 * The loops that Pawl brings, driven by an MCP client that does the work in a clone of its own: the engine is killed before every
 * call, and each skill counts once and each gate is decided once all the same.
 */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { judge, type LoopName, newCart, WAYS, well } from './cart.ts';
import { type Input, killEngine, persistently, type Structured } from './killed-calls.ts';
import { startMcp } from './mcp-rig.ts';
import { agent, createRig, type Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = createRig();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
});
afterAll(() => rig.close());

/** Those of both loops that leave something. */
const WRITES = ['build', 'bug-reproducer', 'implement', 'test-generation'];

/** As whoever drives the client would. @returns what is reported of it */
async function doWork(clone: string, { skillId, brief }: Structured): Promise<Input> {
  if (['ship', 'deliver'].includes(skillId)) {
    userGit(clone, 'checkout', '-q', 'main');
    userGit(clone, 'merge', '-q', '--no-ff', '-m', 'merge the change', 'change');
    userGit(clone, 'push', '-q', 'origin', 'main');
    return {};
  }
  const [node = '', ...program] = agent('does-skill', Buffer.from(brief).toString('base64'));
  const { stdout } = await execa(node, program, { cwd: clone });
  userGit(clone, 'add', '--all');
  if (WRITES.includes(skillId)) userGit(clone, 'commit', '-q', '-m', skillId);
  else userGit(clone, 'reset', '-q', '--hard');
  return { outputs: JSON.parse(stdout) };
}

it.each(['feature', 'bugfix'] satisfies LoopName[])(
  '%s',
  async (loop) => {
    const way = WAYS[loop];
    const origin = scratchFolder('origin.git');
    userGit(dirname(origin), 'clone', '-q', '--bare', newCart(), origin);
    const clone = scratchFolder('clone');
    userGit(clone, 'clone', '-q', origin, '.');
    userGit(clone, 'checkout', '-q', '-b', 'change');
    const mcp = await startMcp(rig.home, clone, ['--toolset', 'loop', '--allow-approve']);
    const call = async (name: string, input: Input): Promise<Structured> => {
      await killEngine(rig.home);
      return persistently(mcp, name, input);
    };
    const done: string[] = [];
    const decided: string[] = [];
    const start = { loopId: loop, project: '.', autonomy: 'full', inputs: way.inputs };
    let standing = await call('start_execution', start);
    const { id } = standing;
    while (standing.status === 'active') {
      expect(standing.blockedBy).toBeUndefined();
      const { todo, openGates } = standing;
      const [work, gate] = [todo[0], openGates[0]];
      if (work !== undefined) {
        const { skillId, item } = work;
        done.push(item === undefined ? skillId : `${skillId} (${item})`);
        const report = { skillId, ...(item !== undefined && { item }), ...(await doWork(clone, work)) };
        standing = await call('complete_skill', { executionId: id, ...report });
      } else if (gate !== undefined) {
        decided.push(gate.gateId);
        standing = await call('approve_gate', { executionId: id, gateId: gate.gateId });
      } else {
        standing = await call('get_execution', { id });
      }
    }
    const { status, phases, gates } = await call('get_execution', { id });
    await mcp.close();
    expect(status).toBe('completed');
    expect(decided).toEqual(way.gates);
    expect(done).toHaveLength(way.skills.length);
    expect(new Set(done).size).toBe(done.length);
    expect(phases.flatMap(({ skills }: Structured) => skills)).toSatisfy((all: Structured[]) =>
      all.every(({ round, status: skillStatus }) => round === 1 && skillStatus === 'completed'),
    );
    const answers = gates.filter(({ kind }: Structured) => kind === 'approval');
    expect(answers.map(({ gateId, approvals }: Structured) => [gateId, approvals.length])).toEqual(
      way.gates.map((gate) => [gate, 1]),
    );
    expect(await judge(origin, way)).toEqual(well(way));
    // Its checks have no space any more.
    await until(async () => readdirSync(rig.places.checks).length === 0);
  },
  240_000,
);
