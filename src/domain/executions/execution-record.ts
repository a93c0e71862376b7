/**
 * What an execution's workflow knows, as one plain JSON object that survives continue-as-new. What it was started with never
 * changes and stands in its spec (`execution-spec.ts`); how it is shown: `execution-view.ts`.
 */
import type { z } from 'zod';
import type { ExecutionId, TaskId } from '../ids.ts';
import type { SkillState } from '../loops/references.ts';
import type { Value } from '../loops/value-types.ts';
import type { SeenMessage } from '../messages.ts';
import type { Evidence } from '../task-state.ts';
import type { Allowance, Raised, Spent } from './budget-spent.ts';
import type { ExecutionSpec } from './execution-spec.ts';
import type {
  ApprovalType,
  ExecutionState,
  ExecutionStatus,
  GateApproval,
  GateStatus,
  GateView,
  GuaranteeState,
  PHASE_STATUSES,
  RESOLUTIONS,
} from './execution-state.ts';
import type { SkillOpinion } from './skill-opinion.ts';
import type { TransientFile } from './transient-files.ts';

export interface ExecutionRecord {
  readonly id: ExecutionId;
  /** By a message; whether it is blocked follows from the rest (`blocked.ts`). */
  status: Exclude<ExecutionStatus, 'pending' | 'blocked'>;
  /** Place of the phase that is next or under way. */
  at: number;
  phases: readonly PhaseRecord[];
  /** What people have said who sent the work back, oldest first, by the phase to which it went. */
  feedback: readonly Feedback[];
  checkpoint?: NonNullable<ExecutionState['checkpoint']>;
  transient?: readonly TransientFile[];
  /** By the tasks of its skills, where the engine does them. */
  spent?: Spent;
  /** What its tasks under way may spend, by their ids. */
  allowed?: Readonly<Record<string, Allowance>>;
  /** Tasks that have kept work on branches of their own. */
  kept?: readonly TaskId[];
  raised?: Raised;
  notes: readonly string[];
  why?: string;
  seen: readonly SeenMessage[];
  ignoredMessages: number;
  changes?: number;
  changedAt?: string;
  endedAt?: string;
}

/** What the decisions about an execution are asked with. */
export interface Execution {
  readonly spec: ExecutionSpec;
  readonly record: ExecutionRecord;
}

/** How and when a message came. */
export interface Sent {
  readonly via: string;
  /** ISO 8601, by the workflow's clock. */
  readonly now: string;
}

export interface Feedback {
  readonly phase: string;
  readonly gate: string;
  readonly by: string;
  /** How and when a person said it. Absent where the engine did, and in what an older Pawl has kept. */
  readonly via?: string;
  readonly at?: string;
  readonly reason: string;
}

export interface PhaseRecord {
  readonly id: string;
  status: (typeof PHASE_STATUSES)[number];
  skills: readonly SkillRecord[];
  gates: readonly GateRecord[];
}

export interface Resolution {
  readonly type: (typeof RESOLUTIONS)[number];
  readonly evidence: string;
  readonly by: string;
  readonly at: string;
}

/** The `via` of a report that the task of a skill has made: `by` is the agent then, and else a person or client. */
export const OF_TASK = 'task';

/** What was reported of a skill, or of one item of it. */
export interface Report extends Readonly<SkillOpinion> {
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly summary?: string;
  readonly deliverables?: readonly string[];
  readonly by: string;
  readonly via: string;
  /** By which the same report is known again. */
  readonly digest: string;
}

export interface ItemRecord {
  readonly item: string;
  state: SkillState;
  report?: Report;
  why?: string;
  /** The task that does it, or did it last. */
  task?: string;
  /** How many of its agents have failed. */
  tries?: number;
  /** The task on whose branch its work is kept until it is merged. */
  made?: TaskId;
  startedAt?: string;
  endedAt?: string;
}

export interface SkillRecord {
  readonly id: string;
  state: SkillState;
  /** How often it was begun. */
  round: number;
  /** In this round: how often it was reported as done and was not. */
  refusals: number;
  report?: Report;
  /** What the engine sees decides whether the report counts. `refused`: it did not, until somebody reports or looks again. */
  verdict?: 'awaited' | 'refused';
  why?: string;
  /** The task that does it, or did it last. */
  task?: string;
  /** How many of its agents have failed, this time around. */
  tries?: number;
  /** For the agent that does it once more: why what was done did not count. */
  feedback?: string;
  /** Whether it is to be done cannot be said: what has no value. */
  unknown?: readonly string[];
  items?: readonly ItemRecord[];
  /** The item that a person has picked, whose work is merged. */
  picked?: string;
  found?: readonly Found[];
  evidence?: readonly Evidence[];
  resolutions: Readonly<Record<string, Resolution>>;
  startedAt?: string;
  /** When it last gave a sign of life. */
  heardAt?: string;
  endedAt?: string;
}

export interface GateRecord {
  readonly id: string;
  status: GateStatus;
  enabled: boolean;
  override?: ApprovalType;
  /** Who has set it, by what was set. */
  setBy?: NonNullable<GateView['setBy']>;
  approvals: readonly z.infer<typeof GateApproval>[];
  digest?: string;
  by?: string;
  why?: string;
  unknown?: readonly string[];
  /** What the engine saw, this time around; absent until it has looked. */
  found?: readonly Found[];
  evidence?: readonly Evidence[];
  resolutions: Readonly<Record<string, Resolution>>;
  /** How often it was looked at, so that an answer that comes late is told from the one that is awaited. */
  looks: number;
  reworks: number;
  openedAt?: string;
  decidedAt?: string;
}

/** What the engine saw of one guarantee. */
export type Found = Required<Pick<z.infer<typeof GuaranteeState>, 'id' | 'passed'>> & {
  readonly errors: readonly string[];
  readonly commit: string;
  /** Digest of what its command printed, in the artifact store; absent where it has none, or none has run. */
  readonly output?: string;
};

export const newRecord = ({ id, loop }: ExecutionSpec): ExecutionRecord => ({
  id,
  status: 'active',
  at: 0,
  phases: loop.phases.map((phase) => ({
    id: phase.id,
    status: 'pending',
    skills: phase.skills.map(newSkill),
    gates: phase.gates.map(newGate),
  })),
  feedback: [],
  notes: [],
  seen: [],
  ignoredMessages: 0,
});

const newSkill = ({ id }: { readonly id: string }): SkillRecord => ({
  id,
  state: 'pending',
  round: 0,
  refusals: 0,
  resolutions: {},
});

const newGate = ({ id }: { readonly id: string }): GateRecord => ({
  id,
  status: 'pending',
  enabled: true,
  approvals: [],
  resolutions: {},
  looks: 0,
  reworks: 0,
});

/** As new, but for how often it was begun. Nothing of what was said and seen before counts any more. */
export function resetSkill(phase: PhaseRecord, id: string): void {
  phase.skills = phase.skills.map((one) => (one.id === id ? { ...newSkill(one), round: one.round } : one));
}

/** The same for a gate: what a person has set of it stays. */
export function resetGate(phase: PhaseRecord, id: string): void {
  phase.gates = phase.gates.map((one) => (one.id === id ? { ...newGate(one), ...keptOf(one) } : one));
}

const keptOf = ({ enabled, override, setBy, looks, reworks }: GateRecord): Partial<GateRecord> => ({
  enabled,
  looks,
  reworks,
  ...(override !== undefined && { override }),
  ...(setBy !== undefined && { setBy }),
});
