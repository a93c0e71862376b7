/**
 * A client of `pawl mcp` whose token may do less: what it may not do is refused before its user is asked anything, also where the
 * engine has gone away since.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { killEngine } from './killed-calls.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { atGate, attach, by, type EngineRig, startRig } from './rig.ts';

const project = newRepository({
  '.pawl/loops/asks.yaml': `
loop: asks
phases:
  - id: p
    skills: [{ id: look, manual: true }]
    gates: [{ id: right, kind: approval }]
`,
});
const execution = 'x_asks';

let rig: EngineRig;
let task: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.api.startExecution({ id: execution, loop: 'asks', project, inputs: {} });
  await rig.api.completeSkill({ id: execution, skill: 'look', summary: 'seen' });
  task = await rig.run({ repository: newRepository(), ...by('writes', 'new.txt', 'new') });
  await rig.until(task, atGate);
}, 300_000);
afterAll(async () => {
  await rig.api.cancel({ id: task });
  await rig.api.steerExecution({ id: execution, steer: { act: 'abort' } });
  await rig.close();
});

interface Client {
  readonly mcp: McpRig;
  /** What its user was asked. */
  readonly asked: string[];
}
async function clientWith(scope: 'read' | 'operate' | 'approve'): Promise<Client> {
  const { token } = await rig.api.createToken({ name: scope, scope });
  const asked: string[] = [];
  const says = (message: string) => {
    asked.push(message);
    return { choice: 'stop' };
  };
  const args = ['--toolset', 'core,loop'];
  return { asked, mcp: await startMcp(rig.home, project, args, { PAWL_TOKEN: token }, says) };
}

const GATE = { executionId: execution, gateId: 'right' };
const DECISIONS: readonly (readonly [name: string, input: Record<string, unknown>])[] = [
  ['approve_gate', GATE],
  ['reject_gate', { ...GATE, feedback: 'no' }],
  ['update_gate', { ...GATE, enabled: false }],
  ['disable_all_gates', { executionId: execution }],
];
const decisions = () => [...DECISIONS, ['decide', { id: task, decision: 'approve' }] as const];
const WORK = ['complete_skill', { executionId: execution, skillId: 'look', summary: 'seen' }] as const;

it('asks the user of a client that may decide', async () => {
  const { mcp, asked } = await clientWith('approve');
  expect(await mcp.call('approve_gate', GATE)).toMatchObject({ structured: { code: 'precondition' } });
  expect(asked).toEqual([expect.stringContaining('waits for your decision')]);
  await mcp.close();
});

it('refuses what each token may not do, and asks nobody, with the engine there and away', async () => {
  const operator = await clientWith('operate');
  const reader = await clientWith('read');
  const refused = { isError: true, structured: { code: 'forbidden' } };
  const all = async () => {
    for (const [name, input] of decisions()) {
      expect({ name, ...(await operator.mcp.call(name, input)) }).toMatchObject({ name, ...refused });
      expect({ name, ...(await reader.mcp.call(name, input)) }).toMatchObject({ name, ...refused });
    }
    expect(await reader.mcp.call(...WORK)).toMatchObject(refused);
  };
  await all();
  await killEngine(rig.home);
  await rig.leave();
  await all();
  // What it may do is another matter: there the user has to choose.
  expect(operator.asked).toEqual([]);
  expect(await operator.mcp.call(...WORK)).toMatchObject({ structured: { code: 'unavailable' } });
  expect(operator.asked).toEqual([expect.stringContaining('does not answer complete_skill')]);
  expect(reader.asked).toEqual([]);
  await Promise.all([operator.mcp.close(), reader.mcp.close()]);
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
}, 300_000);
