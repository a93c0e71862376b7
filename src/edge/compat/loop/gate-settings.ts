/** Which gates count, who decides them, and what is taken for a guarantee: a person says so. */

import { z } from 'zod';
import {
  APPROVAL_TYPES,
  type ExecutionState,
  type GateView,
  isOver,
  RESOLUTIONS,
} from '../../../domain/executions/execution-state.ts';
import { gatesIn } from '../../../domain/executions/state-parts.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { answered, Standing } from './answers.ts';
import { needConsent, viaOf } from './consent.ts';
import { executionOf, gateOf } from './finding.ts';
import { conflict, DECIDES, GateEntry, gateEntry, given, OfExecution, PartId, wrong } from './words.ts';

interface Setting {
  readonly enabled?: boolean | undefined;
  /** null: as the loop says. */
  readonly override?: (typeof APPROVAL_TYPES)[number] | null | undefined;
}

const isSet = (gate: GateView, { enabled, override }: Setting): boolean =>
  (enabled === undefined || gate.enabled === enabled) &&
  (override === undefined || (gate.approvalTypeOverride ?? null) === override);

interface Wished extends Setting {
  readonly gate?: string;
  /** Why the agent wants it, as far as it says so. */
  readonly reason?: string | undefined;
  /** The tool that was called. */
  readonly tool: string;
  readonly words: string;
  readonly command: string;
}

/** @returns how many gates it changed; where none had to be, nobody is asked */
async function set(
  engine: Calls,
  state: ExecutionState,
  { gate, reason, tool: called, words, command, ...setting }: Wished,
  context: ToolContext,
): Promise<number> {
  const gates = gatesIn(state).filter((one) => gate === undefined || one.id === gate);
  const others = gates.filter((one) => !isSet(one, setting));
  if (others.length === 0) return 0;
  const { id } = state;
  needUnderWay(state);
  const lines = [
    ...others.map((one) => `${one.id}: after ${one.afterPhase}, ${one.approvalType}, ${one.status}`),
    ...(reason === undefined ? [] : [`The agent says: ${reason}`]),
  ];
  const said = needConsent(state, { words, lines, about: [setting, ...lines], command }, context);
  const { enabled, override } = setting;
  await engine.steerExecution({
    id,
    steer: {
      act: 'set_gates',
      ...given('gate', gate),
      ...given('enabled', enabled),
      ...given('override', override),
      // Clients that know of no reason go on working.
      reason: said ?? reason ?? `the tool ${called} was called, without a reason`,
    },
    via: viaOf(context),
  });
  return others.length;
}

/** Nobody is asked about what would be refused. @throws PawlError `conflict` */
function needUnderWay({ id, status }: ExecutionState): void {
  if (isOver(status)) throw conflict(`execution ${id} is ${status}`);
  if (status === 'paused') throw conflict(`execution ${id} is paused: resume_execution first`);
}

const Why = {
  reason: z.string().trim().min(1).max(LIMITS.noteCharsMax).optional().describe('why; it is kept'),
};

export const updateGate = tool({
  name: 'update_gate',
  title: 'Set a gate',
  description:
    'Ask the user whether a gate is to count (enabled) and who decides it (approvalTypeOverride; null: as the loop says). A decision that was made stays.',
  input: z.strictObject({
    ...OfExecution,
    gateId: PartId,
    enabled: z.boolean().optional(),
    approvalTypeOverride: z.enum(APPROVAL_TYPES).nullable().optional(),
    ...Why,
  }),
  output: z.looseObject({ id: z.string(), gateId: z.string(), gate: GateEntry, ...Standing }),
  hints: DECIDES,
  scope: 'approve',
  async call(engine, { executionId, gateId, reason, enabled, approvalTypeOverride: override }, context) {
    if (enabled === undefined && override === undefined)
      throw wrong('enabled', 'expected it or approvalTypeOverride: what is set');
    const state = await executionOf(engine, executionId);
    gateOf(state, gateId);
    const type = override === null ? 'loop' : override;
    const words = [
      ...(enabled === undefined ? [] : [`${enabled ? 'enable' : 'disable'} the gate ${gateId}`]),
      ...(type === undefined ? [] : [`have the gate ${gateId} decided as: ${type}`]),
    ].join(' and ');
    const flags = [
      ...(enabled === undefined ? [] : [enabled ? '--enable' : '--disable']),
      ...(type === undefined ? [] : [`--type ${type}`]),
    ];
    const command = ['gates', state.id, '--gate', gateId, ...flags, '--reason …'].join(' ');
    const wished = { gate: gateId, enabled, override, reason, tool: 'update_gate', words, command };
    await set(engine, state, wished, context);
    return answered(engine, state.id, (now) => {
      const gate = gateEntry(gateOf(now, gateId));
      const message = `gate ${gateId} is ${gate.enabled ? gate.state : 'disabled'}`;
      return { fields: { id: now.id, gateId, gate }, message };
    });
  },
});

interface All extends Setting {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly words: string;
  readonly flag: string;
  readonly counted: string;
}

const ofAll = ({ name, title, description, words, flag, counted, ...setting }: All) =>
  tool({
    ...{ name, title, description },
    input: z.strictObject({ ...OfExecution, ...Why }),
    output: z.looseObject({ success: z.literal(true), [counted]: z.int(), ...Standing }),
    hints: DECIDES,
    scope: 'approve',
    async call(engine, { executionId, reason }, context) {
      const state = await executionOf(engine, executionId);
      const command = `gates ${state.id} ${flag} --reason …`;
      const count = await set(engine, state, { words, command, reason, tool: name, ...setting }, context);
      return answered(engine, state.id, () => ({
        fields: { success: true as const, [counted]: count },
        message: count === 0 ? 'all gates were so already' : `${count} gates are changed`,
      }));
    },
  });

export const disableAllGates = ofAll({
  name: 'disable_all_gates',
  title: 'Disable all gates',
  description: 'Ask the user to disable all gates of an execution: it then goes on without their decisions.',
  ...{ words: 'disable all gates', flag: '--disable', counted: 'disabledCount', enabled: false },
});

export const enableAllGates = ofAll({
  name: 'enable_all_gates',
  title: 'Enable all gates',
  description: 'Ask the user to enable all gates of an execution again.',
  ...{ words: 'enable all gates', flag: '--enable', counted: 'enabledCount', enabled: true },
});

export const setAllGatesAuto = ofAll({
  name: 'set_all_gates_auto',
  title: 'Let the engine pass all gates',
  description:
    'Ask the user to have the engine decide all gates of an execution by what it sees, instead of a person.',
  ...{
    words: 'have the engine decide all gates',
    flag: '--type auto',
    counted: 'updatedCount',
    override: 'auto',
  },
});

export const resolveGuarantee = tool({
  name: 'resolve_guarantee',
  title: 'Resolve a guarantee',
  description:
    'Ask the user to take a guarantee of a skill, or without skillId of a gate, as met otherwise, or to waive it. The user sees the evidence and judges it.',
  input: z.strictObject({
    ...OfExecution,
    skillId: PartId.optional(),
    guaranteeId: PartId,
    resolutionType: z.enum(RESOLUTIONS),
    evidence: z.string().trim().min(1).max(LIMITS.noteCharsMax),
  }),
  output: z.looseObject({
    ...{ success: z.literal(true), skillId: z.string().nullable() },
    acknowledgment: z.looseObject({
      guaranteeId: z.string(),
      resolutionType: z.string(),
      evidence: z.string(),
    }),
    ...Standing,
  }),
  hints: DECIDES,
  scope: 'approve',
  async call(engine, { executionId, skillId, guaranteeId, resolutionType: type, evidence }, context) {
    const state = await executionOf(engine, executionId);
    const { id } = state;
    const owner = ownerOf(state, skillId, guaranteeId);
    const { resolution, text, errors = [] } = owner.guarantee;
    if (resolution?.type !== type || resolution.evidence !== evidence) {
      needUnderWay(state);
      const [of, name] = Object.entries(owner.of)[0] ?? [];
      const wish = {
        words: `resolve the guarantee ${guaranteeId} of ${name} as ${type}`,
        lines: [`It guarantees: ${text}`, ...errors, `The agent says: ${evidence}`],
        about: [owner.of, evidence, errors],
        command: `resolve ${id} ${guaranteeId} --${of} ${name} --as ${type} --reason …`,
      };
      needConsent(state, wish, context);
      const steer = { act: 'resolve' as const, ...owner.of, guarantee: guaranteeId, type, evidence };
      await engine.steerExecution({ id, steer, via: viaOf(context) });
    }
    return answered(engine, id, (now) => {
      const kept = ownerOf(now, skillId, guaranteeId).guarantee.resolution;
      return {
        fields: {
          ...{ success: true as const, skillId: skillId ?? null },
          acknowledgment: {
            ...{ executionId: id, skillId: skillId ?? null, guaranteeId, resolutionType: type, evidence },
            ...{ acknowledgedAt: kept?.at ?? null, acknowledgedBy: kept?.by ?? null },
          },
        },
        message: `guarantee ${guaranteeId} is resolved: ${type}`,
      };
    });
  },
});

/** @throws PawlError `invalid_input` naming those there are, where it is none or one of several */
function ownerOf(state: ExecutionState, skillId: string | undefined, guaranteeId: string) {
  const all = state.phases.flatMap(({ skills, gates }) => [
    ...skills.map(({ id, guarantees }) => ({ of: { skill: id }, guarantees })),
    ...(skillId === undefined ? gates.map(({ id, guarantees }) => ({ of: { gate: id }, guarantees })) : []),
  ]);
  const ofThese = all.filter(({ of }) => skillId === undefined || ('skill' in of && of.skill === skillId));
  const [first, ...more] = ofThese.flatMap(({ of, guarantees }) =>
    guarantees.filter(({ id }) => id === guaranteeId).map((guarantee) => ({ of, guarantee })),
  );
  if (first !== undefined && more.length === 0) return first;
  if (first !== undefined)
    throw wrong('skillId', `expected whose guarantee ${guaranteeId} is: several have it`);
  const ids = ofThese.flatMap(({ guarantees }) => guarantees.map(({ id }) => id));
  const there = ids.length === 0 ? 'none, because there is none' : `one of ${ids.join(', ')}`;
  throw wrong('guaranteeId', `there is no guarantee ${guaranteeId}: expected ${there}`);
}
