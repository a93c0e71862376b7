/** What waits for a person, in one list, and deciding about it. */
import { describe, expect, it } from 'vitest';
import { askingGatesIn } from '../../../../src/domain/executions/asking-gates.ts';
import { ExecutionState } from '../../../../src/domain/executions/execution-state.ts';
import {
  decisions,
  decisionsOf,
  ranked,
  taskDecision,
} from '../../../../src/edge/compat/dashboard/decisions.ts';
import { decide, signals } from '../../../../src/edge/compat/dashboard/signals.ts';
import { fakeEngine } from '../../cli/fake-engine.ts';
import { approval, attempt, DIGEST, state } from '../../cli/states.ts';
import { rowOf } from '../orchestrator/rows.ts';
import { ago, askedOf, NOW } from './asked.ts';

const waiting = state({
  status: 'awaiting_gate',
  attempts: [attempt({ usage: { inputTokens: 100, outputTokens: 20, costUsd: 0.25 } })],
  gates: [approval({ id: 'approval-2', openedAt: ago(60), digest: DIGEST })],
});
const escalated = state({
  status: 'awaiting_gate',
  gates: [
    { id: 'escalation-1', gate: 'escalation', status: 'open', question: 'what now?', openedAt: ago(90) },
  ],
});
const execution = ExecutionState.parse({
  ...{ id: 'x_bugfix-1', title: 'Fix bugs', status: 'active', loop: 'bugfix', digest: DIGEST },
  ...{ source: { source: 'built-in', file: 'bugfix.yaml' }, requester: 'ann', project: '/home/ann/shop' },
  ...{
    autonomy: 'full',
    inputs: {},
    currentPhase: 'plan',
    notes: [],
    ignoredMessages: 0,
    startedAt: ago(900),
  },
  spent: { attempts: 1, usd: 1.5, workedMs: 1 },
  phases: [
    {
      ...{ id: 'plan', required: true, status: 'in-progress' },
      skills: ['a', 'b', 'c'].map((id, index) => ({
        ...{ id, doer: 'manual', state: index === 0 ? 'completed' : 'pending', round: 1, guarantees: [] },
      })),
      gates: [
        {
          ...{
            id: 'plan-ok',
            title: 'Is the plan right?',
            afterPhase: 'plan',
            kind: 'approval',
            status: 'open',
          },
          ...{
            required: true,
            enabled: true,
            approvalType: 'human',
            approvals: [],
            reworks: 0,
            guarantees: [],
          },
          ...{ digest: DIGEST, openedAt: ago(600) },
        },
      ],
    },
  ],
});
/** The second waits for it through the first, the third not any more. */
const BEHIND = [
  rowOf('docs', { status: 'blocked', plan: { dependencies: ['fix-login'] } }),
  rowOf('release', { status: 'blocked', plan: { dependencies: ['docs'] } }),
  rowOf('old', { status: 'cancelled', plan: { dependencies: ['fix-login'] } }),
];

const start = () => {
  const calls: unknown[] = [];
  const tasks = { 'fix-login': [waiting, waiting], stuck: [escalated, escalated] };
  const { id, title } = execution;
  const asking = askingGatesIn(execution).map((gate) => ({ id, title, gate }));
  const engine = fakeEngine(tasks, {
    gates: async (input) => ({ gates: [...(await fakeEngine(tasks).gates(input)).gates, ...asking] }),
    execution: async () => execution,
    decideGate: async (input) => {
      calls.push(input);
      return { id: input.id, status: 'active', currentPhase: 'plan' };
    },
  });
  return {
    engine,
    calls,
    asked: askedOf(engine, { rows: async () => BEHIND }),
  };
};

it.each(['paused', 'aborted', 'completed'] as const)(
  'nobody is asked at a gate of one that is %s',
  (status) => {
    expect(askingGatesIn(execution)).toMatchObject([{ id: 'plan-ok', status: 'open' }]);
    expect(askingGatesIn({ ...execution, status })).toEqual([]);
  },
);

describe('GET /api/decisions', () => {
  it('lists gates of tasks and executions with what a decision needs', async () => {
    const { asked } = start();
    const answer = decisions.output.parse(await decisions.answer(asked, {}));
    expect(answer).toMatchObject({ count: 3 });
    expect(Object(answer).decisions).toMatchObject([
      {
        ...{ signal_id: 'x_bugfix-1/plan-ok', kind: 'execution', blocks: 2, waiting_seconds: 600 },
        ...{ repository: '/home/ann/shop', cost_usd: 1.5, digest: DIGEST, question: 'Is the plan right?' },
      },
      {
        ...{
          signal_id: 'fix-login/approval-2',
          kind: 'task',
          id: 'fix-login',
          gate: 'approval-2',
          blocks: 2,
        },
        ...{ agent: 'command', waiting_since: ago(60), waiting_seconds: 60, digest: DIGEST },
        ...{ cost_usd: 0.25, tokens: 120, title: 'Fix the login', repository: '/home/ann/shop' },
      },
      { signal_id: 'stuck/escalation-1', gate_kind: 'escalation', blocks: 0, cost_usd: null },
    ]);
  });

  it('ranks by what holds up most, then by what has waited longest', () => {
    const one = (id: string, seconds: number, blocks: number) => ({
      ...taskDecision(waiting, approval({ openedAt: ago(seconds) }), { now: NOW, blocks }),
      signal_id: id,
    });
    const open = [
      one('b', 9, 0),
      one('long', 500, 0),
      one('wide', 200, 3),
      one('late', 5, 3),
      one('a', 9, 0),
    ];
    expect(ranked(open).map(({ signal_id }) => signal_id)).toEqual(['wide', 'late', 'long', 'a', 'b']);
  });

  it('says so where it does not know since when', () => {
    expect(taskDecision(waiting, approval(), { now: NOW, blocks: 0 })).toMatchObject({
      waiting_since: null,
      waiting_seconds: 0,
    });
    expect(decisionsOf({ ...execution, phases: [] }, NOW)).toEqual([]);
  });
});

it('lists the same as signals, by their type', async () => {
  const { asked } = start();
  const typed = async (input: object) => Object(await signals.answer(asked, input));
  expect(await typed({})).toMatchObject({ count: 3 });
  expect(await typed({ type: 'quality_issue' })).toMatchObject({
    count: 1,
    signals: [{ id: 'stuck/escalation-1', source: 'stuck', confidence: 1, timestamp: ago(90) }],
  });
  expect(await typed({ type: 'innovation_detected' })).toMatchObject({ count: 0, signals: [] });
  await expect(typed({ type: 'other' })).rejects.toMatchObject({ code: 'invalid_input' });
});

describe('POST /api/decisions', () => {
  it('approves and rejects through the operations, bound to what was shown', async () => {
    const { asked, engine, calls } = start();
    const signal_id = 'fix-login/approval-2';
    expect(await decide.answer(asked, { signal_id, decision: ' Approved', digest: DIGEST })).toMatchObject({
      status: 'success',
      message: 'approval-2 of fix-login is approved',
    });
    await decide.answer(asked, { signal_id: 'stuck/escalation-1', decision: 'reject', rationale: 'no' });
    await decide.answer(asked, { signal_id: 'x_bugfix-1/plan-ok', decision: 'reject', rationale: 'thin' });
    expect(engine.calls).toMatchObject([
      { name: 'approve', input: { id: 'fix-login', gate: 'approval-2', digest: DIGEST, via: 'http' } },
      { name: 'reject', input: { id: 'stuck', gate: 'escalation-1', reason: 'no' } },
      { name: 'decideGate' },
    ]);
    expect(calls).toEqual([
      { id: 'x_bugfix-1', gate: 'plan-ok', decision: 'reject', reason: 'thin', via: 'http' },
    ]);
  });

  it.each([
    [{ signal_id: 'nothing', decision: 'approve' }, 'not_found'],
    [{ signal_id: '../../x/approval', decision: 'approve' }, 'not_found'],
    [{ signal_id: 'fix-login/', decision: 'approve' }, 'not_found'],
    [{ signal_id: 'nobody/approval-1', decision: 'approve' }, 'not_found'],
    [{ signal_id: 'fix-login/check-1', decision: 'approve' }, 'invalid_input'],
    [{ signal_id: 'fix-login/approval-2', decision: 'perhaps' }, 'invalid_input'],
    [{ signal_id: 'fix-login/approval-2', decision: 'reject' }, 'invalid_input'],
    [{ signal_id: 'fix-login/approval-2' }, 'invalid_input'],
    [{ signal_id: 'fix-login/approval-2', decision: 'approve', by: 'x' }, 'invalid_input'],
  ])('refuses %j: %s', async (input, code) => {
    const { asked } = start();
    await expect(decide.answer(asked, input)).rejects.toMatchObject({ code });
  });

  it('takes no decision of a caller who may not decide', async () => {
    const { engine } = start();
    const operator = { name: 'bob', scopes: ['read', 'operate'] } as const;
    const input = { signal_id: 'fix-login/approval-2', decision: 'approve' };
    await expect(decide.answer(askedOf(engine, {}, operator), input)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(engine.calls).toEqual([]);
  });
});
