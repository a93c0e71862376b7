/** What holds an execution up is told with the commands by which a person can help it on. */
import { expect, it } from 'vitest';
import type { ExecutionState, GateView, SkillView } from '../../../src/domain/executions/execution-state.ts';
import { askingLines } from '../../../src/edge/cli/execution-next.ts';
import { ID, STATES } from './execution-states.ts';

const SEEN = { text: 'x', required: true } as const;
const blocked = (
  { plan = {}, right = {} }: { readonly plan?: Partial<SkillView>; readonly right?: Partial<GateView> },
  more: Partial<ExecutionState> = {},
): ExecutionState => {
  const [first, ...others] = STATES.gated.phases;
  if (first === undefined) throw new Error('no phase');
  const { skills, gates } = first;
  const phase = {
    ...first,
    skills: skills.map((one) => ({ ...one, ...plan })),
    gates: gates.map((one) => ({ ...one, status: 'pending' as const, ...right })),
  };
  return { ...STATES.gated, phases: [phase, ...others], status: 'blocked', ...more };
};
const GATE_FAILED = { status: 'failed', kind: 'check', why: 'the checks failed' } as const;

it.each<[what: string, state: ExecutionState, lines: readonly string[]]>([
  [
    'a check gate that does not pass',
    blocked({ right: GATE_FAILED }),
    [
      'next: gate right, which does not pass',
      `  pawl execution look ${ID} --gate right (once it is mended on pawl/${ID})`,
      `  pawl execution reset ${ID} plan (plan is done again, and what came after it)`,
      `  pawl execution gates ${ID} --gate right --disable --reason <why>`,
    ],
  ],
  [
    'one with guarantees, in the project itself',
    blocked(
      {
        right: {
          ...GATE_FAILED,
          guarantees: [
            { id: 'a', ...SEEN, passed: false },
            { id: 'b', ...SEEN, passed: true },
          ],
        },
      },
      { branch: undefined },
    ),
    [
      'next: gate right, which does not pass',
      `  pawl execution look ${ID} --gate right (once it is mended and committed in /shop)`,
      `  pawl execution reset ${ID} plan (plan is done again, and what came after it)`,
      `  pawl execution resolve ${ID} a --gate right --as waived_with_reason --reason <why>`,
      `  pawl execution gates ${ID} --gate right --disable --reason <why>`,
    ],
  ],
  [
    'a gate that was rejected',
    blocked({ right: { status: 'rejected', by: 'ann' } }),
    [
      'next: gate right, which was rejected',
      `  pawl execution reset ${ID} plan (plan is done again, and what came after it)`,
      `  pawl execution approve ${ID} right`,
      `  pawl execution abort ${ID}`,
    ],
  ],
  [
    'a gate of which nobody can say whether it is there',
    blocked({ right: { status: 'pending', unknown: ['plan.risk'] } }),
    [
      'next: gate right, of which nobody can say whether it is there',
      `  pawl execution gates ${ID} --gate right --disable --reason <why>`,
    ],
  ],
  [
    'a skill of which nobody can say whether it is to be done',
    blocked({ plan: { state: 'pending', unknown: ['a.b'] } }),
    [
      'next: plan, of which nobody can say whether it is to be done',
      `  pawl execution retry ${ID} plan`,
      `  pawl execution skip ${ID} plan --reason <why>`,
    ],
  ],
  [
    'a skill whose report does not count',
    blocked({
      plan: { state: 'in-progress', isRefused: true, guarantees: [{ id: 'a', ...SEEN, passed: false }] },
    }),
    [
      'next: plan, which was reported and does not count',
      `  pawl execution retry ${ID} plan`,
      `  pawl execution resolve ${ID} a --skill plan --as waived_with_reason --reason <why>`,
      `  pawl execution skip ${ID} plan --reason <why>`,
    ],
  ],
  [
    'a budget that is spent',
    blocked(
      { plan: { state: 'in-progress' } },
      { spent: { attempts: 3, usd: 2, workedMs: 60_000, attemptsMax: 3, usdMax: 5, wallMsMax: 60_000 } },
    ),
    [
      'next: the budget, which is spent',
      `  pawl execution budget ${ID} --attempts <more than 3> --minutes <more than 1>`,
      `  pawl execution abort ${ID}`,
    ],
  ],
])('%s', (_, state, lines) => {
  expect(askingLines(state)).toEqual(['', ...lines]);
});

it('nothing of a gate that holds nothing up', () => {
  expect(askingLines(blocked({ right: { ...GATE_FAILED, required: false } }))).toEqual([]);
  expect(askingLines(blocked({ right: { ...GATE_FAILED, enabled: false } }))).toEqual([]);
});
