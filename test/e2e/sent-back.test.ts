/**
 * Work of the first phase that is sent back, and a waiver, over an engine that is killed in between: the gate asks again for
 * what was done again, and what a person has resolved stays resolved.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type Input, killEngine, persistently, type Structured } from './killed-calls.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { createRig, type Rig } from './rig.ts';

/** For a hang; each engine that is killed is started again, which takes seconds. */
const TEST_MS = 300_000;

const project = newRepository({
  '.pawl/loops/drafts.yaml': `
loop: drafts
phases:
  - id: draft
    skills:
      - { id: write, manual: true, guarantees: [{ id: doc, deliverable: "docs/*" }] }
    gates:
      - { id: good, kind: approval, on_reject: { go_to: draft, most: 3 } }
  - id: post
    skills: [{ id: post, manual: true }]
`,
});

let rig: Rig;
/** Whoever runs it lets the client decide. */
let mcp: McpRig;
beforeAll(async () => {
  rig = createRig();
  mcp = await startMcp(rig.home, project, ['--toolset', 'loop', '--allow-approve']);
  await mcp.ok('list_loops');
}, TEST_MS);
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

const call = (name: string, input: Input): Promise<Structured> => persistently(mcp, name, input);
async function killedCall(name: string, input: Input): Promise<Structured> {
  await killEngine(rig.home);
  return call(name, input);
}
const refusal = (name: string, input: Input): Promise<Structured> =>
  call(name, input).then(
    (answer) => expect.fail(`${name} was not refused: ${JSON.stringify(answer)}`),
    ({ structured }) => structured,
  );

it('asks again at the gate of the first phase, and keeps a waiver', { timeout: TEST_MS }, async () => {
  const start = { loopId: 'drafts', project: '.', autonomy: 'supervised' };
  const { id: executionId } = await call('start_execution', start);
  const write = { executionId, skillId: 'write', summary: 'a draft' };
  const gate = { executionId, gateId: 'good' };
  const waiver = {
    ...{ executionId, skillId: 'write', guaranteeId: 'doc' },
    ...{ resolutionType: 'waived_with_reason', evidence: 'it is a letter' },
  };
  expect(await call('complete_skill', write)).toMatchObject({ passed: false, status: 'blocked' });
  expect(await call('resolve_guarantee', waiver)).toMatchObject({ success: true });
  expect(await killedCall('reject_gate', { ...gate, feedback: 'too short' })).toMatchObject({
    currentPhase: 'draft',
    message: expect.stringContaining('the work went back to draft'),
  });
  const again = await killedCall('get_execution', { id: executionId });
  expect(again.phases[0].skills[0]).toMatchObject({ status: 'in-progress', round: 2 });
  expect(JSON.stringify(again.todo)).toContain('too short');
  // Nothing that was approved or shown before counts for what is written anew.
  expect(await refusal('advance_phase', { executionId })).toMatchObject({ code: 'conflict' });
  await call('complete_skill', write);
  await call('resolve_guarantee', waiver);
  const asks = await call('get_execution', { id: executionId });
  expect(asks.gates[0]).toMatchObject({ status: 'pending' });
  expect(asks).toMatchObject({ currentPhase: 'draft' });
  expect(await refusal('advance_phase', { executionId })).toMatchObject({
    message: expect.stringContaining('must be approved before advancing'),
  });
  expect(await killedCall('approve_gate', gate)).toMatchObject({ gate: { status: 'approved' } });
  const shown = await call('get_execution', { id: executionId });
  expect(JSON.stringify(shown.phases[0].skills[0])).toContain('waived_with_reason');
  expect(await call('advance_phase', { executionId })).toMatchObject({ currentPhase: 'post' });
  expect(await call('complete_skill', { executionId, skillId: 'post' })).toMatchObject({
    passed: true,
  });
});
