/** The engine looks again at what is guaranteed. Nothing is completed or decided by it. */
import { z } from 'zod';
import { type ExecutionState, isOver, type SkillView } from '../../../domain/executions/execution-state.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { executionOf, gateOf, isRefused, skillOf } from './finding.ts';
import { OfExecution, PartId, WORKS } from './words.ts';

const Missing = z.object({ guaranteeId: z.string(), name: z.string(), errors: z.array(z.string()) });
type Guarantee = SkillView['guarantees'][number];

const holds = ({ passed, resolution }: Guarantee): boolean => passed === true || resolution !== undefined;

const missingIn = (guarantees: readonly Guarantee[], required: boolean): z.infer<typeof Missing>[] =>
  guarantees
    .filter((one) => one.required === required && !holds(one))
    .map(({ id, text, errors = ['nobody has looked yet'] }) => ({ guaranteeId: id, name: text, errors }));

async function lookAgain(
  engine: Calls,
  state: ExecutionState,
  of: { readonly skill: string } | { readonly gate: string },
  { keyed }: ToolContext,
): Promise<ExecutionState> {
  const steer = { act: 'look' as const, ...of };
  await engine.steerExecution({ id: state.id, steer, via: 'mcp' }, keyed?.context);
  return executionOf(engine, state.id);
}

export const revalidateGuarantees = tool({
  name: 'revalidate_guarantees',
  title: 'Look again at the guarantees of a skill',
  description:
    'Have the engine look again at a skill whose report did not count. Of a skill that nobody has reported it tells what will be looked for.',
  input: z.strictObject({ ...OfExecution, skillId: PartId }),
  output: z.object({
    passed: z.boolean(),
    blocking: z.array(Missing),
    warnings: z.array(Missing),
    acknowledged: z.array(z.object({ guaranteeId: z.string(), resolutionType: z.string() })),
    message: z.string(),
  }),
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, skillId }, context) {
    const before = await executionOf(engine, executionId);
    const mayLook = before.status === 'active' || before.status === 'blocked';
    const now =
      isRefused(skillOf(before, skillId)) && mayLook
        ? await lookAgain(engine, before, { skill: skillId }, context)
        : before;
    const skill = skillOf(now, skillId);
    const blocking = missingIn(skill.guarantees, true);
    const message = skillMessage(skill, blocking.length);
    return {
      structured: {
        passed: blocking.length === 0 && skill.isLookedAt !== true,
        blocking,
        warnings: missingIn(skill.guarantees, false),
        acknowledged: skill.guarantees.flatMap(({ id: guaranteeId, resolution }) =>
          resolution === undefined ? [] : [{ guaranteeId, resolutionType: resolution.type }],
        ),
        message,
      },
      text: [message, ...blocking.map(lineOf)].join('\n'),
    };
  },
});

const lineOf = ({ guaranteeId, errors }: z.infer<typeof Missing>): string =>
  `${guaranteeId}: ${errors.join('; ')}`;

function skillMessage({ id, guarantees, by, isLookedAt }: SkillView, missing: number): string {
  if (guarantees.length === 0) return `skill ${id} has no guarantees`;
  if (isLookedAt === true) return `the engine still looks at ${id}: call again`;
  if (missing === 0) return `all guarantees of ${id} hold`;
  if (by === undefined) return `nobody has reported ${id}: complete_skill has the engine look`;
  return `${missing} guarantee(s) of ${id} do not hold`;
}

export const revalidateGate = tool({
  name: 'revalidate_gate',
  title: 'Look again at the guarantees of a gate',
  description:
    'Have the engine look again at a gate that does not pass, before a person is asked. Approves nothing, and takes no approval back.',
  input: z.strictObject({ ...OfExecution, gateId: PartId }),
  output: z.object({
    ...{ gateId: z.string(), total: z.int(), passed: z.int(), failed: z.int(), canApprove: z.boolean() },
    blocking: z.array(Missing),
    message: z.string(),
  }),
  hints: WORKS,
  keeps: 'call',
  async call(engine, { executionId, gateId }, context) {
    const before = await executionOf(engine, executionId);
    const mayLook = before.status === 'active' || before.status === 'blocked';
    const isToLook = gateOf(before, gateId).status === 'failed' && mayLook;
    const now = isToLook ? await lookAgain(engine, before, { gate: gateId }, context) : before;
    const { guarantees, status, why, evidence = [] } = gateOf(now, gateId);
    const failed =
      evidence.filter((one) => !one.passed).length + guarantees.filter((one) => !holds(one)).length;
    const total = evidence.length + guarantees.length;
    const canApprove =
      !isOver(now.status) && now.status !== 'paused' && (status === 'open' || status === 'rejected');
    const message = `gate ${gateId} is ${status}${why === undefined ? '' : `: ${why}`}`;
    const counts = { gateId, total, passed: total - failed, failed, canApprove };
    return { structured: { ...counts, blocking: missingIn(guarantees, true), message }, text: message };
  },
});
