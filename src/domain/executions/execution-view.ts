/** How an execution is shown. Pure. */
import { branchOf } from '../ids.ts';
import { guaranteeText } from '../loops/guarantee-text.ts';
import type { Guarantee } from '../loops/guarantees.ts';
import { typeText } from '../loops/value-types.ts';
import { unusualIn } from '../priority.ts';
import { standingOf } from './blocked.ts';
import { spendingOf } from './budget-spent.ts';
import {
  type GateParts,
  gatesOf,
  type PhaseParts,
  phaseAt,
  type SkillParts,
  skillsOf,
} from './execution-parts.ts';
import type { Execution, Found, ItemRecord, Report, Resolution } from './execution-record.ts';
import type { ExecutionState, GateView, SkillView } from './execution-state.ts';
import { filledBrief } from './filled-brief.ts';
import { approvalTypeOf, expiryOf } from './gates-pass.ts';
import { foundOf } from './guarantees-held.ts';
import { isToPick } from './item-merges.ts';
import { opinionIn } from './skill-opinion.ts';

export function viewOf(execution: Execution): ExecutionState {
  const { spec, record } = execution;
  const { id, title, loop, digest, source, requester, project, autonomy, mode, inputs, startedAt } = spec;
  const { checkpoint, transient = [], why, changedAt, endedAt } = record;
  const spent = spendingOf(execution);
  return {
    ...{
      id,
      title,
      ...standingOf(execution),
      loop: loop.loop,
      digest,
      source,
      requester,
      project,
      autonomy,
    },
    ...(mode !== undefined && { mode }),
    ...unusualIn(spec.priority),
    ...(spec.base !== undefined && { branch: branchOf(id) }),
    ...(spent !== undefined && { spent }),
    inputs: { ...inputs },
    currentPhase: phaseAt(execution).phase.id,
    phases: record.phases.map((_, place) => phaseView(execution, phaseAt(execution, place))),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(transient.length > 0 && { transient: [...transient] }),
    notes: [...record.notes],
    ...(why !== undefined && { why }),
    ignoredMessages: record.ignoredMessages,
    startedAt,
    ...(changedAt !== undefined && { changedAt }),
    ...(endedAt !== undefined && { endedAt }),
  };
}

function phaseView(execution: Execution, parts: PhaseParts): ExecutionState['phases'][number] {
  const { id, title, required } = parts.definition;
  return {
    ...{ id, required, status: parts.phase.status },
    ...(title !== undefined && { title }),
    skills: skillsOf(parts).map((one) => skillView(execution, parts, one)),
    gates: gatesOf(parts).map((one) => gateView(execution, id, one)),
  };
}

function skillView(execution: Execution, parts: PhaseParts, { definition, skill }: SkillParts): SkillView {
  const { id, state, round, why, startedAt, endedAt, verdict, report, items, evidence, task } = skill;
  const { unknown } = skill;
  const returns = Object.entries(definition.returns).map(([name, type]) => [name, typeText(type)]);
  const isDone = state === 'in-progress' && items === undefined;
  return {
    ...{ id, doer: definition.by.kind, state, round },
    ...(task !== undefined && { task }),
    ...(definition.title !== undefined && { title: definition.title }),
    ...reported(report),
    ...times({ why, startedAt, endedAt }),
    ...(isDone && { brief: filledBrief(execution, parts, definition) }),
    ...(returns.length > 0 && { returns: Object.fromEntries(returns) }),
    ...(report?.deliverables !== undefined && { deliverables: [...report.deliverables] }),
    ...(unknown !== undefined && { unknown: [...unknown] }),
    ...(verdict === 'awaited' && { isLookedAt: true }),
    ...(verdict === 'refused' && { isRefused: true }),
    ...(isToPick(definition, skill) && { isToPick: true }),
    guarantees: definition.guarantees.map((one) => guaranteeView(one, skill)),
    ...(evidence !== undefined && { evidence: [...evidence] }),
    ...(items !== undefined && {
      items: items.map((item) => ({
        ...itemView(item),
        ...(item.state === 'in-progress' && { brief: filledBrief(execution, parts, definition, item.item) }),
      })),
    }),
  };
}

const itemView = ({ item, state, report, why, startedAt, endedAt, task, made }: ItemRecord) => ({
  ...{ item, state },
  ...(task !== undefined && { task }),
  ...(state === 'in-progress' && made !== undefined && made === task && { waitingFor: ITS_TURN }),
  ...reported(report),
  ...times({ why, startedAt, endedAt }),
});

const ITS_TURN = 'those before it in the list, to be merged after them';

const reported = (report: Report | undefined) =>
  report === undefined
    ? {}
    : {
        by: report.by,
        via: report.via,
        ...(report.outputs !== undefined && { outputs: { ...report.outputs } }),
        ...(report.summary !== undefined && { summary: report.summary }),
        ...opinionIn(report),
      };

const times = (of: Partial<Record<'why' | 'startedAt' | 'endedAt', string | undefined>>) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined));

function gateView({ record }: Execution, afterPhase: string, one: GateParts): GateView {
  const { definition, gate } = one;
  const { id, status, enabled, override, digest, approvals, by, why, reworks, evidence } = gate;
  const { openedAt, decidedAt, setBy, unknown } = gate;
  const sentBack = record.feedback.findLast((said) => said.gate === id);
  const expiresAt = status === 'open' ? expiryOf(one) : undefined;
  return {
    ...{ id, afterPhase, kind: definition.kind, status, required: definition.required, enabled, reworks },
    ...(definition.title !== undefined && { title: definition.title }),
    approvalType: approvalTypeOf(definition),
    ...(override !== undefined && { approvalTypeOverride: override }),
    ...(setBy !== undefined && { setBy: { ...setBy } }),
    ...(digest !== undefined && { digest }),
    ...(definition.kind === 'approval' && { needs: definition.by.count }),
    approvals: [...approvals],
    ...(sentBack !== undefined && { sentBack: { by: sentBack.by, reason: sentBack.reason } }),
    ...(unknown !== undefined && { unknown: [...unknown] }),
    ...(by !== undefined && { by }),
    ...(why !== undefined && { why }),
    ...(openedAt !== undefined && { openedAt }),
    ...(decidedAt !== undefined && { decidedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    guarantees: definition.guarantees.map((guarantee) => guaranteeView(guarantee, gate)),
    ...(evidence !== undefined && { evidence: [...evidence] }),
  };
}

function guaranteeView(
  guarantee: Guarantee,
  seen: { readonly found?: readonly Found[]; readonly resolutions: Readonly<Record<string, Resolution>> },
): SkillView['guarantees'][number] {
  const { id, required } = guarantee;
  const found = foundOf(seen, id);
  const resolution = Object.hasOwn(seen.resolutions, id) ? seen.resolutions[id] : undefined;
  return {
    ...{ id, required, text: guaranteeText(guarantee) },
    ...(found !== undefined && { passed: found.passed, errors: [...found.errors], commit: found.commit }),
    ...(resolution !== undefined && { resolution: { ...resolution } }),
  };
}
