/** What the tools make of executions: how they go on, what they refuse, and that a call made twice does what one does. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, createLoopRig, DIRECTORY, type LoopRig } from './fake-engine.ts';

let rig: LoopRig;
beforeEach(() => {
  rig = createLoopRig();
});

describe('start_execution', () => {
  it('answers what is to be done, where, and what will be looked for', async () => {
    const answer = await rig.ok('start_execution', { loopId: 'held', project: '.' });
    expect(answer).toMatchObject({
      ...{ loopId: 'held', project: DIRECTORY, status: 'active', currentPhase: 'first', created: true },
      todo: [{ skillId: 'spec', phase: 'first', brief: expect.stringContaining('spec') }],
      evidence: expect.stringContaining(`evidence is taken at the HEAD of ${DIRECTORY}`),
      preLoopContext: {
        requiredDeliverables: [
          { phase: 'first', skill: 'spec', deliverables: ['at least 1 file in docs/*'] },
        ],
        skillGuarantees: [{ skill: 'spec', guaranteeCount: 1, guaranteeNames: ['written'] }],
        ...{ dreamStatePath: null, roadmapPath: null, roadmapStatus: null },
      },
    });
    expect(rig.executions.get(answer.id)?.state.autonomy).toBe('supervised');
  });

  it('finds what is under way by the same words, and begins another once that is over', async () => {
    const id = await rig.start('plain');
    expect(await rig.ok('start_execution', { loopId: 'plain', project: 'shop' })).toMatchObject({
      id,
      created: false,
    });
    expect(await rig.start('plain', { title: 'Another' })).not.toBe(id);
    await rig.ok('abort_execution', { executionId: id });
    const second = await rig.start('plain');
    expect(second).not.toBe(id);
    expect(await rig.start('plain')).toBe(second);
    expect(await rig.start('plain', { id: 'x_mine' })).toBe('x_mine');
    expect(rig.executions.size).toBe(4);
  });

  it('knows a loop by its longer name, and says which loop is not there', async () => {
    expect(await rig.start('plain-loop')).toBe(await rig.start('plain'));
    await expect(rig.start('No such')).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.start('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('complete_skill', () => {
  it('passes, and the same report again changes nothing, also after the execution is over', async () => {
    const executionId = await rig.start('typed');
    const report = {
      ...{ executionId, skillId: 'spec', outputs: { risk: 'low' }, summary: 'written', score: 0.9 },
      rubric: { completeness: 5, quality: 4, friction: 1, relevance: 3 },
    };
    const first = await rig.ok('complete_skill', report);
    expect(first).toMatchObject({ passed: true, status: 'completed', rubric: report.rubric });
    expect(await rig.ok('complete_skill', report)).toEqual(first);
    expect(await rig.ok('get_execution', { id: executionId })).toMatchObject({
      phases: [{ name: 'first', skills: [{ skillId: 'spec', score: 0.9, rubric: report.rubric }] }],
      skillExecutions: 1,
    });
    await expect(rig.ok('complete_skill', { ...report, summary: 'else' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('says what is missing where the engine does not see it, and passes after that is mended', async () => {
    const executionId = await rig.start('held');
    rig.sees = false;
    const refused = await rig.ok('complete_skill', { executionId, skillId: 'spec' });
    expect(refused).toMatchObject({ passed: false, status: 'blocked', skillStatus: 'in-progress' });
    expect(refused.message).toContain('cannot complete skill spec: 1 guarantee(s) failed: written');
    await expect(rig.ok('resume_execution', { executionId })).rejects.toThrow(
      /is blocked, and to resume it mends nothing: cannot complete skill spec/,
    );
    expect(await rig.ok('revalidate_guarantees', { executionId, skillId: 'spec' })).toMatchObject({
      passed: false,
      blocking: [{ guaranteeId: 'written', errors: ['not there'] }],
    });
    rig.sees = true;
    expect(await rig.ok('retry_skill', { executionId, skillId: 'spec' })).toMatchObject({
      skillStatus: 'completed',
    });
    const reached = rig.calls.length;
    // It is over: to try it again, or to report it so, does nothing more.
    expect(await rig.ok('retry_skill', { executionId, skillId: 'spec' })).toMatchObject({
      skillStatus: 'completed',
    });
    expect(await rig.ok('complete_skill', { executionId, skillId: 'spec' })).toMatchObject({ passed: true });
    expect(rig.calls).toHaveLength(reached + 1);
    expect(rig.executions.get(executionId)?.skill('spec').round).toBe(1);
  });

  it('is done for each item of a list', async () => {
    const executionId = await rig.start('listed');
    const { todo } = await rig.ok('get_execution', { id: executionId });
    expect(todo).toMatchObject([{ item: 'a' }, { item: 'b' }]);
    expect(await rig.ok('complete_skill', { executionId, skillId: 'spec', item: 'a' })).toMatchObject({
      passed: true,
      todo: [{ item: 'b' }],
    });
  });

  it('names what is wrong by the names of its own parameters', async () => {
    const executionId = await rig.start('typed');
    await expect(rig.ok('complete_skill', { executionId, skillId: 'spec' })).rejects.toThrow(
      'outputs.risk: expected enum(low, high), got nothing',
    );
    await expect(rig.ok('complete_skill', { executionId: 'nobody', skillId: 'a' })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('there is no execution nobody'),
    });
  });
});

it('is paused for every call, and goes on where it was', async () => {
  const executionId = await rig.start('plain');
  await rig.ok('pause_execution', { executionId });
  expect(await rig.ok('pause_execution', { executionId })).toMatchObject({ status: 'paused', todo: [] });
  for (const [name, more] of [
    ['complete_skill', { skillId: 'spec' }],
    ['complete_phase', {}],
    ['advance_phase', {}],
    ['retry_skill', { skillId: 'spec' }],
    ['reset_skill', { skillId: 'spec' }],
    ['approve_gate', { gateId: 'agreed' }],
    ['disable_all_gates', {}],
  ] as const)
    await expect(rig.ok(name, { executionId, ...more }, ALLOWED), name).rejects.toThrow(/is paused/);
  expect(await rig.ok('resume_execution', { executionId })).toMatchObject({ status: 'active' });
});

it('goes through its phases, and a call too much is harmless', async () => {
  const executionId = await rig.start('plain');
  await expect(rig.ok('complete_phase', { executionId })).rejects.toThrow(
    /cannot complete phase first: spec is/,
  );
  for (const skillId of ['spec', 'look']) await rig.ok('complete_skill', { executionId, skillId });
  for (const _ of [1, 2]) await rig.ok('complete_phase', { executionId });
  await expect(rig.ok('advance_phase', { executionId })).rejects.toThrow(/gate agreed must be approved/);
  for (const _ of [1, 2])
    expect(await rig.ok('approve_gate', { executionId, gateId: 'agreed' }, ALLOWED)).toMatchObject({
      gate: { status: 'approved' },
    });
  for (const _ of [1, 2])
    expect(await rig.ok('advance_phase', { executionId })).toMatchObject({ currentPhase: 'second' });
  await rig.ok('complete_skill', { executionId, skillId: 'build' });
  for (const name of ['complete_phase', 'advance_phase', 'complete_run_tracking'])
    expect(await rig.ok(name, { executionId })).toMatchObject({ status: 'completed' });
  await expect(rig.ok('pause_execution', { executionId })).rejects.toMatchObject({ code: 'conflict' });
});

it('stays to be seen after it was aborted, and a second time changes nothing', async () => {
  const executionId = await rig.start('plain');
  const first = await rig.ok('abort_execution', { executionId, reason: 'not now' });
  expect(first).toMatchObject({ status: 'aborted', message: expect.stringContaining('by ann: not now') });
  expect(await rig.ok('abort_execution', { executionId, reason: 'again' })).toEqual(first);
  expect(await rig.ok('get_execution', { id: executionId })).toMatchObject({ status: 'aborted' });
  expect(await rig.ok('list_executions', { status: 'aborted' })).toMatchObject({
    total: 1,
    executions: [{ id: executionId, loopId: 'plain' }],
  });
  expect(await rig.ok('query_runs', { outcome: 'abandoned', include_state: true })).toMatchObject({
    runs: [{ runId: executionId, system: 'shop', state: { status: 'aborted' } }],
  });
  expect(await rig.ok('get_recent_context', { system: 'shop' })).toMatchObject({
    runs: [{ runId: executionId, why: 'by ann: not now' }],
  });
  expect(
    await rig.ok('archive_run', {
      state_file_path: `data/executions/${executionId}/state.json`,
      outcome: 'success',
      prune_state: true,
    }),
  ).toMatchObject({
    ...{ outcome: 'abandoned', archived: false },
    message: expect.stringMatching(/stays: .*did not end as success.*nothing was pruned/),
  });
});

it('keeps files and a checkpoint beside it', async () => {
  const executionId = await rig.start('plain');
  const file = { executionId, category: 'context', name: 'notes.md' };
  expect(await rig.ok('load_checkpoint', { executionId })).toMatchObject({ found: false, data: null });
  await rig.ok('write_transient', { ...file, content: 'größer', metadata: { of: 'me' } });
  await rig.ok('write_transient', { ...file, category: 'scratch', content: '' });
  expect(await rig.ok('read_transient', file)).toMatchObject({
    ...{ content: 'größer', bytes: 8, metadata: { of: 'me' }, isWhole: true },
  });
  await expect(rig.ok('read_transient', { ...file, name: 'more' })).rejects.toThrow(
    /there is no file context\/more .*expected one of context\/notes.md, scratch\/notes.md/,
  );
  expect(await rig.ok('list_transient', { executionId, category: 'scratch' })).toMatchObject({ count: 1 });
  await rig.ok('save_checkpoint', { executionId, phase: 'INIT', skillId: 'spec', data: { at: 1 } });
  expect(await rig.ok('load_checkpoint', { executionId })).toMatchObject({
    ...{ found: true, phase: 'INIT', skillId: 'spec', data: { at: 1 } },
  });
  expect(await rig.ok('cleanup_transient', { executionId, scratchOnly: true })).toMatchObject({
    removed: ['scratch/notes.md'],
  });
  expect(await rig.ok('get_transient_state', { executionId })).toMatchObject({
    ...{ files: { context: 1, working: 0, scratch: 0 }, totalBytes: 8, checkpoint: { found: true } },
  });
  for (const removed of [['context/notes.md'], []])
    expect(await rig.ok('cleanup_transient', { executionId })).toMatchObject({ removed });
});

it.each([
  ['list_upgrade_proposals', {}],
  ['get_learning_summary', {}],
  ['approve_upgrade_proposal', { proposalId: 'p' }],
  ['reject_upgrade_proposal', { proposalId: 'p', reason: 'no' }],
])('%s says that nothing is learnt, and where scores are', async (name, input) => {
  await expect(rig.ok(name, input)).rejects.toThrow(/draws no lessons.*get_execution shows the scores/);
});
