/**
 * The toolset `loop` over the real adapter and engine, with the engine killed before every call: each skill is done once, each
 * gate decided once, and nothing that its users elsewhere were bitten by happens here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type Input, killEngine, persistently, type Structured } from './killed-calls.ts';
import { type McpRig, startMcp } from './mcp-rig.ts';
import { callOverHttp } from './over-http.ts';
import { attach, createRig, type Rig } from './rig.ts';

/** For a hang; each engine that is killed is started again, which takes seconds. */
const TEST_MS = 300_000;

/** As a client gives it to `create_loop`, and as a repository keeps it. */
const LOOP = {
  id: 'seed-loop',
  name: 'Seed',
  phases: [
    { name: 'INIT', skills: ['requirements', 'spec'], required: true },
    { name: 'IMPLEMENT', skills: ['implement'], required: true },
  ],
  gates: [{ id: 'spec-gate', name: 'Spec', afterPhase: 'INIT', required: true, deliverables: [] }],
};

let rig: Rig;
/** Whoever runs it lets the client decide. */
let mcp: McpRig;
/** Here nobody does, and its client cannot ask. */
let alone: McpRig;
const project = newRepository({ '.pawl/loops/seed-loop.yaml': JSON.stringify(LOOP) });
beforeAll(async () => {
  rig = createRig();
  mcp = await startMcp(rig.home, project, ['--toolset', 'loop', '--allow-approve']);
  alone = await startMcp(rig.home, project, ['--toolset', 'loop']);
  await mcp.ok('list_loops');
}, TEST_MS);
afterAll(async () => {
  await mcp.close();
  await alone.close();
  await rig.close();
});

const call = (name: string, input: Input = {}) => persistently(mcp, name, input);
async function killedCall(name: string, input: Input = {}): Promise<Structured> {
  await killEngine(rig.home);
  return call(name, input);
}
const refusal = async (name: string, input: Input, by = mcp): Promise<Structured> =>
  persistently(by, name, input).then(
    (answer) => expect.fail(`${name} was not refused: ${JSON.stringify(answer)}`),
    ({ structured }) => structured,
  );

it(
  'goes from the first skill to the end over an engine that is killed before every call',
  async () => {
    expect(await call('list_loops')).toMatchObject({
      loops: expect.arrayContaining([expect.objectContaining({ id: 'seed-loop', source: 'repository' })]),
    });
    const start = { loopId: 'seed-loop', project: '.', autonomy: 'supervised', mode: 'greenfield' };
    const { id: executionId, ...begun } = await killedCall('start_execution', start);
    expect(begun).toMatchObject({
      status: 'active',
      currentPhase: 'init',
      todo: [{ skillId: 'requirements' }],
    });
    expect(begun.evidence).toContain(`the HEAD of ${project}`);
    expect(await killedCall('start_execution', start)).toMatchObject({ id: executionId, created: false });
    await killedCall('write_transient', {
      executionId,
      category: 'working',
      name: 'notes',
      content: 'größer',
    });
    await killedCall('save_checkpoint', { executionId, phase: 'INIT', data: { at: 'requirements' } });
    const rubric = { completeness: 5, quality: 4, friction: 2, relevance: 5 };
    const report = { executionId, skillId: 'requirements', deliverables: ['a.md'], score: 0.9, rubric };
    expect(await killedCall('complete_skill', report)).toMatchObject({ passed: true, rubric });
    // Tried again and reported again it stays one.
    await killedCall('retry_skill', { executionId, skillId: 'requirements' });
    await killedCall('complete_skill', report);
    await killedCall('complete_skill', { executionId, skillId: 'spec' });
    await killedCall('complete_phase', { executionId });
    expect(await refusal('advance_phase', { executionId })).toMatchObject({
      message: expect.stringContaining('gate spec-gate must be approved before advancing'),
    });
    const gate = { executionId, gateId: 'spec-gate', approvedBy: 'the boss' };
    await killedCall('approve_gate', gate);
    const { gate: approved } = await killedCall('approve_gate', gate);
    expect(approved).toMatchObject({ status: 'approved', approvals: [{ via: 'mcp-allow-approve' }] });
    expect(approved.approvals[0].by).not.toBe('the boss');
    await killedCall('advance_phase', { executionId });
    expect(await call('advance_phase', { executionId })).toMatchObject({ currentPhase: 'implement' });
    const last = { executionId, skillId: 'implement', summary: 'built' };
    const done = await killedCall('complete_skill', last);
    expect(done).toMatchObject({ passed: true, status: 'completed' });
    expect(await killedCall('complete_skill', last)).toEqual(done);
    const state = await killedCall('get_execution', { id: executionId });
    expect(state).toMatchObject({
      status: 'completed',
      loopId: 'seed-loop',
      skillExecutions: 3,
      mode: 'greenfield',
    });
    expect(state.phases[0].skills[0]).toMatchObject({ score: 0.9, rubric, round: 1, status: 'completed' });
    const kept = { executionId, category: 'working', name: 'notes' };
    expect(await call('read_transient', kept)).toMatchObject({ content: 'größer', isWhole: true });
    expect(await call('load_checkpoint', { executionId })).toMatchObject({
      ...{ found: true, phase: 'INIT', data: { at: 'requirements' } },
    });
    expect(await call('query_runs', { loop: 'seed-loop' })).toMatchObject({
      runs: [{ runId: executionId, outcome: 'success' }],
    });
  },
  TEST_MS,
);

describe('what users of loops were bitten by elsewhere', () => {
  const begun = async (title: string): Promise<string> =>
    (await call('start_execution', { loopId: 'seed-loop', project: '.', title })).id;

  it('no skill is completed while the execution is paused', async () => {
    const executionId = await begun('paused');
    await call('pause_execution', { executionId });
    expect(await refusal('complete_skill', { executionId, skillId: 'requirements' })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is paused: resume it first'),
    });
    expect(await call('resume_execution', { executionId })).toMatchObject({ status: 'active' });
  });

  it('to resume what is blocked mends nothing, and says what does', async () => {
    const executionId = await begun('blocked');
    const failed = { executionId, skillId: 'requirements', success: false, summary: 'nobody answers' };
    expect(await call('complete_skill', failed)).toMatchObject({ passed: false, status: 'blocked' });
    expect(await refusal('resume_execution', { executionId })).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/requirements failed: nobody answers; retry it, reset it/),
    });
    expect(await call('retry_skill', { executionId, skillId: 'requirements' })).toMatchObject({
      status: 'active',
    });
  });

  it(
    'what was aborted stays to be seen as aborted, also after a restart',
    async () => {
      const executionId = await begun('aborted');
      await call('abort_execution', { executionId, reason: 'enough' });
      expect(await killedCall('get_execution', { id: executionId })).toMatchObject({
        ...{ status: 'aborted', message: expect.stringContaining('enough') },
      });
      const { executions } = await call('list_executions', { status: 'aborted' });
      expect(executions.map(({ id }: Structured) => id)).toContain(executionId);
      expect(await refusal('complete_skill', { executionId, skillId: 'requirements' })).toMatchObject({
        code: 'conflict',
      });
    },
    TEST_MS,
  );

  it('a skill that has not run can be reset, and one of a later phase says why not', async () => {
    const executionId = await begun('reset');
    expect(await call('reset_skill', { executionId, skillId: 'spec' })).toMatchObject({
      skillStatus: 'pending',
    });
    expect(await refusal('reset_skill', { executionId, skillId: 'implement' })).toMatchObject({
      message: expect.stringContaining('is of the phase implement, and init is under way'),
    });
  });

  it('a client that nobody allowed to decides nothing, and neither does a token that may only operate', async () => {
    const executionId = await begun('decided');
    for (const skillId of ['requirements', 'spec']) await call('complete_skill', { executionId, skillId });
    const before = await call('get_execution', { id: executionId });
    const { api, endpoints, leave } = await attach(rig);
    const { token } = await api.createToken({ name: 'agent', scope: 'operate' });
    const DECISIONS = {
      approve_gate: { gateId: 'spec-gate', approvedBy: 'the boss' },
      reject_gate: { gateId: 'spec-gate', feedback: 'no' },
      update_gate: { gateId: 'spec-gate', enabled: false },
      disable_all_gates: {},
      enable_all_gates: {},
      set_all_gates_auto: {},
      resolve_guarantee: { guaranteeId: 'x', resolutionType: 'waived_with_reason', evidence: 'x' },
    };
    for (const [name, more] of Object.entries(DECISIONS)) {
      const input = { executionId, ...more };
      // Nothing is to be done where all gates are enabled, and a guarantee that is not there is told first.
      const codes = { enable_all_gates: undefined, resolve_guarantee: 'invalid_input' };
      const code = name in codes ? codes[name as keyof typeof codes] : 'precondition';
      expect([name, (await alone.call(name, input)).structured.code]).toEqual([name, code]);
      expect([
        name,
        (await callOverHttp({ api: endpoints.api, token, toolset: 'loop' }, name, input)).code,
      ]).toEqual([name, 'forbidden']);
    }
    await leave();
    expect(await call('get_execution', { id: executionId })).toEqual(before);
  });

  it('tells who drives it what is not there, and how a loop is kept', async () => {
    expect(await refusal('get_execution', { id: 'x_nobody' })).toMatchObject({ code: 'not_found' });
    expect(await refusal('create_loop', { ...LOOP, id: 'mine' })).toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('is valid, and was kept nowhere: write this definition'),
    });
    expect(
      await refusal('create_loop', { ...LOOP, gates: [{ ...LOOP.gates[0], afterPhase: 'X' }] }),
    ).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('there is no phase X'),
    });
    expect(await call('validate_loop', { config: { ...LOOP, phases: [] } })).toMatchObject({ valid: false });
    expect(await call('validate_loop', { id: 'seed-loop' })).toMatchObject({ valid: true, errors: [] });
    expect(await call('get_loop', { id: 'bugfix-loop' })).toMatchObject({
      ...{ id: 'bugfix', inputs: expect.arrayContaining([expect.objectContaining({ name: 'report' })]) },
      gates: expect.arrayContaining([expect.objectContaining({ id: 'repro', afterPhase: 'init' })]),
    });
  });
});
