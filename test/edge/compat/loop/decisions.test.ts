/** Who decides: a person in the client's own prompt, or the client where whoever runs the adapter allows it; nobody else. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Question, type Said, Unanswered } from '../../../../src/edge/mcp/tool.ts';
import { ALLOWED, createLoopRig, type LoopRig } from './fake-engine.ts';

let rig: LoopRig;
beforeEach(() => {
  rig = createLoopRig();
});

/** A person who is asked, and says this. */
function person(said: Said) {
  const asked: { key: string; question: Question }[] = [];
  return {
    asked,
    ask: (key: string, question: Question) => {
      asked.push({ key, question });
      return said;
    },
  };
}
const says = (decision: string, reason?: string) =>
  person({ kind: 'answered', fields: { decision, reason } });

const atGate = async (loop = 'plain'): Promise<string> => {
  const executionId = await rig.start(loop);
  const skills = loop === 'plain' ? ['spec', 'look'] : ['spec'];
  for (const skillId of skills)
    await rig.ok('complete_skill', { executionId, skillId, summary: 'all there' });
  rig.calls.length = 0;
  return executionId;
};

const DECISIONS: readonly (readonly [string, object])[] = [
  ['approve_gate', { gateId: 'agreed', approvedBy: 'the boss' }],
  ['reject_gate', { gateId: 'agreed', feedback: 'not so' }],
  ['update_gate', { gateId: 'agreed', enabled: false }],
  ['disable_all_gates', {}],
  ['set_all_gates_auto', {}],
  [
    'resolve_guarantee',
    { guaranteeId: 'written', skillId: 'spec', resolutionType: 'waived_with_reason', evidence: 'x' },
  ],
];

describe.each(DECISIONS)('%s', (name, input) => {
  it('is nobody’s where no person can be asked, or none answers, and changes nothing', async () => {
    const executionId = await atGate('held');
    const before = rig.executions.get(executionId)?.state;
    await expect(rig.ok(name, { executionId, ...input })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/a person has to decide; `pawl execution \w+ x_/),
    });
    await expect(rig.ok(name, { executionId, ...input }, person({ kind: 'refused' }))).rejects.toMatchObject({
      code: 'precondition',
    });
    const waits = () => {
      throw new Unanswered('key', says('approve').asked[0]?.question as Question);
    };
    await expect(rig.ok(name, { executionId, ...input }, { ask: waits })).rejects.toThrow();
    expect(rig.executions.get(executionId)?.state).toEqual(before);
    expect(rig.calls).toEqual([]);
  });

  it('is the client’s with --allow-approve, and recorded so', async () => {
    const executionId = await atGate('held');
    await rig.ok(name, { executionId, ...input }, ALLOWED);
    expect(rig.calls).toMatchObject([{ input: { via: 'mcp-allow-approve' } }]);
  });
});

it('shows the person what was done, counts what the person says, and believes no name', async () => {
  const executionId = await atGate();
  const { asked, ask } = says('approve', 'looks good');
  const input = { executionId, gateId: 'agreed', approvedBy: 'the boss' };
  const answer = await rig.ok('approve_gate', input, { ask });
  expect(asked[0]?.question.message).toContain('spec: completed, all there');
  expect(answer).toMatchObject({
    message: 'gate agreed is approved by ann',
    gate: { approvals: [{ by: 'ann', reason: 'looks good' }] },
  });
  expect(rig.calls).toMatchObject([{ name: 'decideGate', input: { via: 'mcp' } }]);
});

it('does what the person says, whatever was proposed', async () => {
  const executionId = await atGate();
  const answer = await rig.ok('approve_gate', { executionId, gateId: 'agreed' }, says('reject', 'no tests'));
  expect(answer).toMatchObject({ status: 'blocked', gate: { status: 'rejected', why: 'no tests' } });
  // It can be thought about again.
  expect(await rig.ok('approve_gate', { executionId, gateId: 'agreed' }, ALLOWED)).toMatchObject({
    status: 'active',
  });
});

it('sends the work back with the words of the person', async () => {
  const executionId = await atGate('rework');
  const input = { executionId, gateId: 'agreed', feedback: 'too short' };
  expect(await rig.ok('reject_gate', input, ALLOWED)).toMatchObject({
    status: 'active',
    message: 'gate agreed was rejected: the work went back to first',
    todo: [{ skillId: 'spec', brief: expect.stringContaining('too short') }],
  });
});

it('asks nobody about a gate that is not open, is disabled, or is not there', async () => {
  const executionId = await rig.start('plain');
  const { asked, ask } = says('approve');
  const approve = (gateId: string) => rig.ok('approve_gate', { executionId, gateId }, { ask });
  await expect(approve('agreed')).rejects.toThrow(/gate agreed is not open: it comes after first/);
  await expect(approve('nobody')).rejects.toThrow(/gateId: there is no gate nobody: expected one of agreed/);
  await rig.ok('disable_all_gates', { executionId }, ALLOWED);
  await expect(approve('agreed')).rejects.toThrow(/is disabled/);
  expect(asked).toEqual([]);
});

it('sets gates once, and asks nobody where nothing would change', async () => {
  const executionId = await rig.start('plain');
  const counts = async (name: string) => rig.ok(name, { executionId }, ALLOWED);
  expect(await counts('disable_all_gates')).toMatchObject({ success: true, disabledCount: 1 });
  expect(await rig.ok('disable_all_gates', { executionId })).toMatchObject({ disabledCount: 0 });
  expect(await counts('enable_all_gates')).toMatchObject({ enabledCount: 1 });
  expect(await counts('set_all_gates_auto')).toMatchObject({ updatedCount: 1 });
  const input = { executionId, gateId: 'agreed', approvalTypeOverride: null };
  const { gate } = await rig.ok('update_gate', input, ALLOWED);
  expect(gate).not.toHaveProperty('approvalTypeOverride');
  await expect(rig.ok('update_gate', { executionId, gateId: 'agreed' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(await rig.ok('list_gates', { executionId })).toMatchObject({
    count: 1,
    gates: [
      { gateId: 'agreed', afterPhase: 'first', status: 'pending', enabled: true, approvalType: 'human' },
    ],
  });
});

it('keeps why gates were set: as the person says, else as the agent does, else by which tool', async () => {
  const kept = async (loop: string, input: object, context: Parameters<LoopRig['ok']>[2]) => {
    const executionId = await rig.start(loop);
    await rig.ok('disable_all_gates', { executionId, ...input }, context);
    return rig.executions.get(executionId)?.gate('agreed').setBy?.enabled;
  };
  const { asked, ask } = says('approve', 'no time');
  expect(await kept('plain', { reason: 'it is late' }, { ask })).toMatchObject({
    by: 'ann',
    reason: 'no time',
  });
  expect(asked[0]?.question.message).toContain('The agent says: it is late');
  expect(await kept('held', { reason: 'it is late' }, says('approve', ' '))).toMatchObject({
    reason: 'it is late',
  });
  expect(await kept('rework', {}, ALLOWED)).toMatchObject({
    reason: 'the tool disable_all_gates was called, without a reason',
  });
});

it('has a person judge the evidence of a waiver, and lets the work go on', async () => {
  const executionId = await rig.start('held');
  rig.sees = false;
  await rig.ok('complete_skill', { executionId, skillId: 'spec' });
  const waiver = {
    ...{ executionId, skillId: 'spec', guaranteeId: 'written' },
    ...{ resolutionType: 'waived_with_reason', evidence: 'it is in the wiki' },
  };
  const { asked, ask } = says('reject', 'it is not');
  await expect(rig.ok('resolve_guarantee', waiver, { ask })).rejects.toThrow(
    /does not want to .*: it is not/,
  );
  expect(asked[0]?.question.message).toMatch(/docs\/\*\nnot there\nThe agent says: it is in the wiki/);
  const first = await rig.ok('resolve_guarantee', waiver, says('approve'));
  expect(first).toMatchObject({
    ...{ success: true, skillId: 'spec', acknowledgment: { guaranteeId: 'written', acknowledgedBy: 'ann' } },
  });
  expect(rig.executions.get(executionId)?.skill('spec').state).toBe('completed');
  expect(await rig.ok('resolve_guarantee', waiver)).toEqual(first);
  expect(await rig.ok('revalidate_guarantees', { executionId, skillId: 'spec' })).toMatchObject({
    passed: true,
    acknowledged: [{ guaranteeId: 'written', resolutionType: 'waived_with_reason' }],
  });
  // The gate has a guarantee of its own, which nobody has waived.
  expect(await rig.ok('revalidate_gate', { executionId, gateId: 'agreed' })).toMatchObject({
    ...{ total: 1, failed: 1, canApprove: false, blocking: [{ guaranteeId: 'written' }] },
  });
  await expect(rig.ok('resolve_guarantee', { ...waiver, skillId: undefined }, ALLOWED)).rejects.toThrow(
    /several have it/,
  );
  // What is done anew is looked at anew.
  await rig.ok('reset_skill', { executionId, skillId: 'spec' });
  expect(await rig.ok('complete_skill', { executionId, skillId: 'spec' })).toMatchObject({ passed: false });
});
