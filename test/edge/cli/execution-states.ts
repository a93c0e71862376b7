/** States of an execution as an engine tells them, in the order in which they come. */
import {
  ExecutionState,
  type GateView,
  type SkillView,
} from '../../../src/domain/executions/execution-state.ts';

export const ID = 'x_make-7f3k';
/** So many seconds after it began. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds)).toISOString();

const skill = (id: string, more: Partial<SkillView> = {}): SkillView => ({
  ...{ id, doer: 'agent', round: 1, guarantees: [], state: 'pending' },
  ...more,
});
const gate = (more: Partial<GateView> = {}): GateView => ({
  ...{ id: 'right', afterPhase: 'plan', kind: 'approval', status: 'pending', required: true, enabled: true },
  ...{ approvalType: 'human', approvals: [], reworks: 0, guarantees: [] },
  ...more,
});

function state(
  { plan, build, right }: { plan: Partial<SkillView>; build?: Partial<SkillView>; right?: Partial<GateView> },
  more: Partial<ExecutionState> = {},
): ExecutionState {
  return ExecutionState.parse({
    ...{
      id: ID,
      title: 'Make it',
      status: 'active',
      loop: 'make',
      digest: 'd',
      source: { source: 'repository', file: 'make.yaml' },
    },
    ...{ requester: 'ann', project: '/shop', autonomy: 'full', branch: `pawl/${ID}`, inputs: {}, notes: [] },
    currentPhase: 'plan',
    phases: [
      {
        id: 'plan',
        required: true,
        status: 'in-progress',
        skills: [skill('plan', plan)],
        gates: [gate(right)],
      },
      { id: 'build', required: true, status: 'pending', skills: [skill('build', build)], gates: [] },
    ],
    ...{ ignoredMessages: 0, startedAt: at(0) },
    ...more,
  });
}

const planning = { state: 'in-progress', task: 'plan-1', startedAt: at(1) } as const;
const planned = {
  state: 'completed',
  task: 'plan-1',
  startedAt: at(1),
  endedAt: at(3),
  by: 'claude',
  summary: 'planned',
} as const;
const building = {
  state: 'in-progress',
  task: 'build-1',
  startedAt: at(4),
  taskStatus: 'in_progress',
} as const;
const built = { ...planned, task: 'build-1', summary: 'built', startedAt: at(4), endedAt: at(9) } as const;
const approved = { status: 'approved', by: 'ann' } as const;

export const STATES = {
  begun: state({ plan: planning }),
  queued: state({ plan: { ...planning, taskStatus: 'in_progress', waitingFor: 'a slot' } }),
  asking: state({
    plan: { ...planning, taskStatus: 'awaiting_gate', waitingFor: 'Which one?: pawl retry plan-1' },
  }),
  gated: state({ plan: planned, right: { status: 'open' } }),
  halfApproved: state(
    {
      plan: { ...planned, outputs: { risk: 'low' } },
      right: {
        ...{ status: 'open', needs: 2, reworks: 1 },
        approvals: [{ by: 'ann', via: 'cli', at: at(5) }],
      },
    },
    { inputs: { goal: 'Make it\nwell', files: ['a.ts', 'b.ts'] } },
  ),
  building: state({ plan: planned, build: building, right: approved }),
  looking: state({ plan: { ...planned, state: 'in-progress', isLookedAt: true } }),
  completed: state(
    { plan: planned, build: built, right: approved },
    { status: 'completed', endedAt: at(10), currentPhase: 'build' },
  ),
  failed: state(
    { plan: { ...planned, state: 'failed', why: 'out of ideas' } },
    { status: 'failed', endedAt: at(10), why: 'skill plan failed' },
  ),
  paused: state({ plan: planned, right: approved }, { status: 'paused' }),
  blocked: state(
    { plan: { ...planned, state: 'failed', why: 'no' } },
    { status: 'blocked', blockedBy: 'skill plan failed: no' },
  ),
  refused: state(
    {
      plan: {
        ...planned,
        state: 'in-progress',
        isRefused: true,
        endedAt: undefined,
        taskStatus: 'completed',
      },
    },
    { status: 'blocked', blockedBy: 'cannot complete skill plan: no file is there' },
  ),
  takenUp: state({ plan: { ...planning, taskStatus: 'completed' } }),
  spent: state(
    { plan: { state: 'in-progress', startedAt: at(1) } },
    { status: 'blocked', blockedBy: 'the budget is spent' },
  ),
  blockedBeside: state(
    { plan: { ...planned, state: 'failed', why: 'no' }, build: building },
    { status: 'blocked', blockedBy: 'skill plan failed: no' },
  ),
  itemsInTurn: state({
    plan: {
      ...{ state: 'in-progress', startedAt: at(1) },
      items: [
        { ...planning, item: 'a', task: 'plan-a', taskStatus: 'awaiting_gate', waitingFor: 'Which one?' },
        { ...planning, item: 'b', task: 'plan-b', taskStatus: 'completed' },
      ],
    },
  }),
  aborted: state(
    { plan: planned, build: { ...building, taskStatus: undefined, isLookedAt: true } },
    { status: 'aborted', endedAt: at(10), why: 'enough', currentPhase: 'build' },
  ),
  toPick: state({
    plan: {
      ...{ state: 'in-progress', isToPick: true },
      items: [{ ...planned, item: 'claude', task: 'plan-a' }],
    },
  }),
  byClient: state(
    { plan: { state: 'in-progress', doer: 'manual', startedAt: at(1) } },
    { branch: undefined },
  ),
} satisfies Record<string, ExecutionState>;
