/**
 * What an execution's workflow knows, as one plain JSON object that survives continue-as-new. What it was started with never
 * changes and stands in its spec; how it is shown: `execution-view.ts`.
 */
import type { z } from 'zod';
import type { ExecutionId } from '../ids.ts';
import type { LoopDefinition } from '../loops/definition.ts';
import type { LoopPlace } from '../loops/found-loop.ts';
import type { SkillState } from '../loops/references.ts';
import type { Value } from '../loops/value-types.ts';
import type { SeenMessage } from '../messages.ts';
import type { CheckDefinition } from '../task-spec.ts';
import type { Evidence } from '../task-state.ts';
import type { Raised, Spent } from './budget-spent.ts';
import type {
  ApprovalType,
  Autonomy,
  ExecutionState,
  ExecutionStatus,
  GateApproval,
  GateStatus,
  GuaranteeState,
  MODES,
  PHASE_STATUSES,
  RESOLUTIONS,
} from './execution-state.ts';
import type { SkillOpinion } from './skill-opinion.ts';
import type { TransientFile } from './transient-files.ts';

/** What an execution is started with. */
export interface ExecutionSpec {
  readonly id: ExecutionId;
  readonly title: string;
  /** As it was when the execution was started, whatever becomes of its file. */
  readonly loop: LoopDefinition;
  readonly digest: string;
  readonly source: LoopPlace;
  readonly inputs: Readonly<Record<string, Value>>;
  /** Name of the token that asked for it. */
  readonly requester: string;
  /** Real path of the top folder of the repository in which it is worked. */
  readonly project: string;
  /** What was checked out there at the start: what counts as changed is measured from it. */
  readonly baseCommit: string;
  /**
   * The branch that was checked out then. Present where agents and commands of the loop are run by the engine: then the execution
   * has a branch of its own, on which they work one after the other, and what is delivered goes here. Absent: a client does all.
   */
  readonly base?: string;
  /** Where its guides are, by name: a path in the repository, or one of the host. Present where the engine tells agents of them. */
  readonly guides?: Readonly<Record<string, string>>;
  readonly autonomy: Autonomy;
  readonly mode?: (typeof MODES)[number];
  /** Those of the loop and of the base commit's `pawl.yaml`, of which a check gate names some. */
  readonly checks: readonly CheckDefinition[];
  /** Queue of the host that has the project. */
  readonly host: string;
  readonly startedAt: string;
}

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

const keptOf = ({ enabled, override, looks, reworks }: GateRecord): Partial<GateRecord> => ({
  enabled,
  looks,
  reworks,
  ...(override !== undefined && { override }),
});
