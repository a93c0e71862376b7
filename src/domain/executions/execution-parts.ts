/** Finds the parts of an execution: what the loop says of a skill or gate beside how it stands. Pure. */
import type { Phase } from '../loops/definition.ts';
import type { Known, SkillOutcome } from '../loops/evaluate.ts';
import type { LoopGate } from '../loops/loop-gate.ts';
import type { Skill } from '../loops/skill.ts';
import type { Execution, GateRecord, PhaseRecord, SkillRecord } from './execution-record.ts';

export interface PhaseParts {
  readonly definition: Phase;
  readonly phase: PhaseRecord;
  readonly place: number;
  /** Whether agents and commands of the loop are run by the engine. */
  readonly byEngine: boolean;
}

export interface SkillParts {
  readonly definition: Skill;
  readonly skill: SkillRecord;
  readonly place: number;
  /** Done by a task of the engine's, and not by who reports it. */
  readonly byEngine: boolean;
}

export interface GateParts {
  readonly definition: LoopGate;
  readonly gate: GateRecord;
  readonly place: number;
}

/** @throws TypeError for a place that the loop does not have: a bug of the engine */
export function phaseAt({ spec, record }: Execution, place = record.at): PhaseParts {
  const [definition, phase] = [spec.loop.phases[place], record.phases[place]];
  if (definition === undefined || phase === undefined) throw new TypeError(`there is no phase ${place}`);
  return { definition, phase, place, byEngine: spec.base !== undefined };
}

export const skillsOf = ({ definition, phase, byEngine }: PhaseParts): readonly SkillParts[] =>
  definition.skills.flatMap((one, place) => {
    const skill = phase.skills[place];
    return skill === undefined
      ? []
      : [{ definition: one, skill, place, byEngine: byEngine && one.by.kind !== 'manual' }];
  });

export const gatesOf = ({ definition, phase }: PhaseParts): readonly GateParts[] =>
  definition.gates.flatMap((one, place) => {
    const gate = phase.gates[place];
    return gate === undefined ? [] : [{ definition: one, gate, place }];
  });

interface Placed {
  readonly parts: PhaseParts;
}

export function findSkill(execution: Execution, id: string): (SkillParts & Placed) | undefined {
  for (const place of execution.record.phases.keys()) {
    const parts = phaseAt(execution, place);
    const found = skillsOf(parts).find(({ skill }) => skill.id === id);
    if (found !== undefined) return { ...found, parts };
  }
  return undefined;
}

export function findGate(execution: Execution, id: string): (GateParts & Placed) | undefined {
  for (const place of execution.record.phases.keys()) {
    const parts = phaseAt(execution, place);
    const found = gatesOf(parts).find(({ gate }) => gate.id === id);
    if (found !== undefined) return { ...found, parts };
  }
  return undefined;
}

/** What conditions and briefs can name, as it stands. */
export function knownIn({ spec: { inputs }, record }: Execution): Known {
  const skills = Object.fromEntries(
    record.phases.flatMap((phase) => phase.skills.map((skill) => [skill.id, outcomeOf(skill)])),
  );
  return { inputs, skills };
}

const outcomeOf = ({ state, report, items }: SkillRecord): SkillOutcome => ({
  state,
  ...(report?.outputs !== undefined && { outputs: report.outputs }),
  ...(items !== undefined && {
    items: items.map((item) => ({
      state: item.state,
      ...(item.report?.outputs !== undefined && { outputs: item.report.outputs }),
    })),
  }),
});

export const isEnded = ({ state }: Pick<SkillRecord, 'state'>): boolean =>
  state === 'completed' || state === 'skipped' || state === 'failed';
