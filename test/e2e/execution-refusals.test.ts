/**
 * What an execution is told and does not take, through the real door: refused with what is right, and nothing has changed. And what
 * only somebody who may decide can do: a token that may only operate is refused every time, as is every new way to steer that is
 * a decision.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Pawl } from '../../src/client.ts';
import { type Act, SteerExecution } from '../../src/domain/executions/execution-messages.ts';
import { isDecision } from '../../src/domain/executions/steer.ts';
import type { ExecutionId } from '../../src/domain/ids.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from './rig.ts';

const LOOP = `
loop: asks
inputs: { goal: { type: string, required: true } }
phases:
  - id: p
    skills: [{ id: plan, manual: true, returns: { risk: 'enum(low, high)' } }, { id: look, manual: true }]
    gates: [{ id: right, kind: approval }]
  - id: q
    skills: [{ id: build, manual: true }]
    gates: [{ id: done, kind: approval }]
`;
const project = newRepository({
  '.pawl/loops/asks.yaml': LOOP,
  '.pawl/loops/brief.yaml': LOOP.replace('loop: asks', 'loop: brief').replace(
    'id: look,',
    'id: look, brief: "Look at {{ inputs.gaol }}",',
  ),
  '.pawl/loops/unclosed.yaml': LOOP.replace('loop: asks', 'loop: unclosed').replace(
    'id: look,',
    'id: look, brief: "Look at {{ inputs.goal",',
  ),
  '.pawl/loops/leads-out.yaml': LOOP.replace('loop: asks', 'loop: leads-out').replace(
    'id: look,',
    'id: look, guarantees: [{ id: g, deliverable: "../*" }],',
  ),
});
const inputs = { goal: 'Sell hats' };

let rig: EngineRig;
let operator: Pawl;
beforeAll(async () => {
  rig = await startRig();
  const { token } = await rig.api.createToken({ name: 'operator', scope: 'operate' });
  operator = await connect({ PAWL_HOME: rig.home, PAWL_URL: rig.endpoints.api, PAWL_TOKEN: token });
  for (const id of [WORKED, ASKING]) await rig.api.startExecution({ id, loop: 'asks', project, inputs });
  await rig.api.completeSkill({ id: WORKED, skill: 'plan', outputs: { risk: 'low' }, summary: 'planned' });
  await rig.api.completeSkill({ id: ASKING, skill: 'plan', outputs: { risk: 'low' } });
  await rig.api.completeSkill({ id: ASKING, skill: 'look' });
});
afterAll(async () => {
  await operator.close();
  await rig.close();
});

/** At its first phase with one skill done, and at its first gate. */
const WORKED = 'x_worked' as ExecutionId;
const ASKING = 'x_asking' as ExecutionId;

async function expectRefused(act: () => Promise<unknown>, code: string, says: string | RegExp) {
  const everything = async () => [
    await rig.api.execution({ id: WORKED }),
    await rig.api.execution({ id: ASKING }),
    (await rig.api.executions({})).executions,
  ];
  const before = await everything();
  await expect(act()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  expect(await everything()).toEqual(before);
}

describe('is refused with what is right', () => {
  const complete = (more: object) => () =>
    rig.api.completeSkill({ id: WORKED, skill: 'look', ...more } as never);
  const decide = (more: object) => () =>
    rig.api.decideGate({ id: ASKING, gate: 'right', decision: 'approve', ...more } as never);
  const start = (more: object) => () =>
    rig.api.startExecution({ id: 'x_new', loop: 'asks', project, inputs, ...more });

  it.each<readonly [what: string, act: () => Promise<unknown>, code: string, says: RegExp]>([
    [
      'an execution that is not there',
      complete({ id: 'x_nobody' }),
      'not_found',
      /there is no execution x_nobody/,
    ],
    ['an id that none can have', complete({ id: 'nobody' }), 'invalid_input', /id/],
    ['a loop that is not there', start({ loop: 'askes' }), 'not_found', /askes.*asks/],
    [
      'inputs of the wrong type',
      start({ inputs: { goal: 3 } }),
      'invalid_input',
      /inputs\.goal: expected string/,
    ],
    ['an input that is missing', start({ inputs: {} }), 'invalid_input', /inputs\.goal/],
    ['other words under an id that is there', start({ id: WORKED, title: 'Other' }), 'conflict', /x_worked/],
    [
      'a brief with a name that is none',
      start({ loop: 'brief' }),
      'invalid_input',
      /brief: there is no input gaol: expected one of goal/,
    ],
    ['a brief that is not closed', start({ loop: 'unclosed' }), 'invalid_input', /brief: .*\{\{/],
    ['a glob that leaves the repository', start({ loop: 'leads-out' }), 'invalid_input', /stays inside it/],
    [
      'a skill that is not there',
      complete({ skill: 'lok' }),
      'conflict',
      /no skill lok: expected one of .*look/,
    ],
    [
      'a skill of another phase',
      complete({ skill: 'build' }),
      'conflict',
      /build is of the phase q|q.*p is under way/,
    ],
    [
      'the same skill with other results',
      complete({ skill: 'plan', outputs: { risk: 'high' } }),
      'conflict',
      /another one: reset it/,
    ],
    ['outputs of the wrong type', complete({ outputs: { risk: 3 } }), 'conflict', /returns no risk|expected/],
    [
      'the name of a deliverable that is none',
      complete({ deliverables: ['x'.repeat(501)] }),
      'invalid_input',
      /deliverables/,
    ],
    [
      'a gate that is not there',
      decide({ gate: 'wrong' }),
      'conflict',
      /no gate wrong; expected one of right/,
    ],
    ['a gate that is not open', decide({ gate: 'done' }), 'conflict', /done.*not open|expected right|right/],
    [
      'a decision on what was shown before',
      decide({ digest: `sha256:${'0'.repeat(64)}` }),
      'conflict',
      /gate right shows something else/,
    ],
    [
      'a rejection without a reason',
      decide({ decision: 'reject' }),
      'conflict',
      /reason: expected why right is rejected/,
    ],
    ['a decision that is none', decide({ decision: 'maybe' }), 'invalid_input', /decision/],
  ])('%s', async (_, act, code, says) => {
    await expectRefused(act, code, says);
  });
});

/** Of every way to steer there is: a new one does not compile here before it has been thought about. */
const ACTS: { readonly [K in Act['act']]: Extract<Act, { act: K }> & { isDecision: boolean } } = {
  advance: { act: 'advance', isDecision: false },
  abort: { act: 'abort', isDecision: false },
  retry: { act: 'retry', skill: 'plan', isDecision: false },
  reset: { act: 'reset', skill: 'plan', isDecision: false },
  look: { act: 'look', isDecision: false },
  pick: { act: 'pick', skill: 'plan', item: 'a', isDecision: true },
  raise_budget: { act: 'raise_budget', usd: 1, isDecision: true },
  resolve: {
    ...{ act: 'resolve', skill: 'plan', guarantee: 'g', type: 'waived_with_reason', evidence: 'so' },
    isDecision: true,
  },
  set_gates: { act: 'set_gates', enabled: false, reason: 'so', isDecision: true },
};

describe('a token that may only operate', () => {
  it('knows every way to steer', () => {
    const acts = SteerExecution.shape.steer.options.map(({ shape }) => shape.act.value);
    expect(Object.keys(ACTS).sort()).toEqual([...acts].sort());
    for (const { isDecision: expected, ...act } of Object.values(ACTS))
      expect([act.act, isDecision(act as Act)]).toEqual([act.act, expected]);
  });

  const steers = Object.values(ACTS).filter((one) => one.isDecision);
  it.each([
    ...steers.map(
      ({ isDecision: _, ...steer }) =>
        [steer.act, () => operator.steerExecution({ id: ASKING, steer: steer as Act })] as const,
    ),
    [
      'a skill left out',
      () => operator.completeSkill({ id: WORKED, skill: 'look', outcome: 'skipped', summary: 'no' }),
    ] as const,
    [
      'a gate approved',
      () => operator.decideGate({ id: ASKING, gate: 'right', decision: 'approve' }),
    ] as const,
    [
      'a gate rejected',
      () => operator.decideGate({ id: ASKING, gate: 'right', decision: 'reject', reason: 'no' }),
    ] as const,
  ])('is refused: %s', async (_, act) => {
    await expectRefused(act, 'forbidden', /expected a token with the scope approve/);
  });
});
