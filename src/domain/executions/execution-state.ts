/** How an execution stands, as everybody is told it. Statuses and their words: seeds of the loop orchestrator. */
import { z } from 'zod';
import { ExecutionId } from '../ids.ts';
import { LoopPlace } from '../loops/found-loop.ts';
import { SKILL_STATES } from '../loops/references.ts';
import { Value } from '../loops/value-schemas.ts';
import { Priority } from '../task-spec.ts';
import { Evidence, TaskStatus } from '../task-state.ts';
import { SkillOpinion } from './skill-opinion.ts';
import { TransientFile } from './transient-files.ts';

export const EXECUTION_STATUSES = [
  'pending',
  'active',
  'paused',
  'blocked',
  'completed',
  'failed',
  'aborted',
] as const;
export const ExecutionStatus = z.enum(EXECUTION_STATUSES);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

const OVER: readonly ExecutionStatus[] = ['completed', 'failed', 'aborted'];
export const isOver = (status: ExecutionStatus): boolean => OVER.includes(status);

export const PHASE_STATUSES = ['pending', 'in-progress', 'completed', 'skipped'] as const;

/**
 * `looking`: the engine looks at its checks and guarantees. `failed`: what it saw does not pass. `none`: its condition does not
 * hold, or the execution went on without it because nothing requires it.
 */
export const GATE_STATUSES = [
  'pending',
  'looking',
  'open',
  'approved',
  'rejected',
  'failed',
  'none',
] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

/** Who decides: the engine, a person, or a person where the gate's condition holds. */
export const APPROVAL_TYPES = ['human', 'auto', 'conditional'] as const;
export type ApprovalType = (typeof APPROVAL_TYPES)[number];

/**
 * How far an execution goes on without a word: `full`, wherever nobody has to decide; `supervised`, until a phase is completed
 * and its gates have passed; `manual`, not even to the end of a phase.
 */
export const AUTONOMIES = ['full', 'supervised', 'manual'] as const;
export type Autonomy = (typeof AUTONOMIES)[number];
/** Who does what a loop gives to agents and commands. */
export const DRIVERS = ['client', 'engine'] as const;
export const MODES = ['greenfield', 'brownfield-polish', 'brownfield-enterprise'] as const;

export const RESOLUTIONS = ['satisfied_alternatively', 'acceptable_deviation', 'waived_with_reason'] as const;

const Moment = z.iso.datetime();

/** A guarantee as the engine last saw it; a person may have resolved one that does not hold. */
export const GuaranteeState = z.object({
  id: z.string(),
  text: z.string(),
  required: z.boolean(),
  /** Absent while nobody has looked. */
  passed: z.boolean().optional(),
  /** What was expected and what was found, where it does not hold. */
  errors: z.array(z.string()).optional(),
  /** At which it was looked at. */
  commit: z.string().optional(),
  resolution: z
    .object({ type: z.enum(RESOLUTIONS), evidence: z.string(), by: z.string(), at: Moment })
    .optional(),
});

/** How the task of a skill stands, as the engine knows it. Absent where it does not know it, and once the skill has ended. */
const TaskShown = {
  taskStatus: TaskStatus.optional(),
  /** What the task waits for, and the way on where a person is waited for. */
  waitingFor: z.string().optional(),
};

const Report = {
  state: z.enum(SKILL_STATES),
  outputs: z.record(z.string(), Value).optional(),
  summary: z.string().optional(),
  ...SkillOpinion,
  /** Who reported it, and which way. */
  by: z.string().optional(),
  via: z.string().optional(),
  /** Why it failed or was skipped. */
  why: z.string().optional(),
  startedAt: Moment.optional(),
  endedAt: Moment.optional(),
};

export const SkillItem = z.object({
  item: z.string(),
  ...Report,
  brief: z.string().optional(),
  task: z.string().optional(),
  ...TaskShown,
});

export const SkillView = z.object({
  id: z.string(),
  title: z.string().optional(),
  /** Who does it by the loop. */
  doer: z.enum(['manual', 'run', 'agent', 'deliver']),
  ...Report,
  /** How often it was begun: more than once after rework, a retry or a reset. */
  round: z.int(),
  /** What to do, while somebody does it. */
  brief: z.string().optional(),
  /** The task that does it, or did it last, where the engine does. */
  task: z.string().optional(),
  ...TaskShown,
  returns: z.record(z.string(), z.string()).optional(),
  deliverables: z.array(z.string()).optional(),
  /** Names that have no value, where nobody can say whether its condition holds. */
  unknown: z.array(z.string()).optional(),
  /** It is reported as done, and the engine looks. */
  isLookedAt: z.boolean().optional(),
  /** It was reported as done, and did not count. */
  isRefused: z.boolean().optional(),
  /** All its items have ended, and a person picks the one that counts. */
  isToPick: z.boolean().optional(),
  guarantees: z.array(GuaranteeState),
  evidence: z.array(Evidence).optional(),
  items: z.array(SkillItem).optional(),
});
export type SkillView = z.infer<typeof SkillView>;

export const GateApproval = z.object({
  by: z.string(),
  via: z.string(),
  at: Moment,
  reason: z.string().optional(),
  inside: z.string().optional(),
});

/** Who has set something of a gate last, and why. */
const GateSetting = GateApproval;

export const GateView = z.object({
  id: z.string(),
  title: z.string().optional(),
  afterPhase: z.string(),
  kind: z.enum(['check', 'approval']),
  status: z.enum(GATE_STATUSES),
  required: z.boolean(),
  enabled: z.boolean(),
  approvalType: z.enum(APPROVAL_TYPES),
  approvalTypeOverride: z.enum(APPROVAL_TYPES).optional(),
  /** Present where somebody has set it. */
  setBy: z.object({ enabled: GateSetting.optional(), override: GateSetting.optional() }).optional(),
  /** Of what it is about: an approval is bound to it. Present while it is open, and with its decision. */
  digest: z.string().optional(),
  /** How many people have to approve. */
  needs: z.int().optional(),
  approvals: z.array(GateApproval),
  /** Names that have no value, where nobody can say whether its condition holds. */
  unknown: z.array(z.string()).optional(),
  /** Who rejected it, or why it does not pass. */
  by: z.string().optional(),
  why: z.string().optional(),
  openedAt: Moment.optional(),
  decidedAt: Moment.optional(),
  expiresAt: Moment.optional(),
  /** How often it has sent the work back. */
  reworks: z.int(),
  /** Who did that last, and why. */
  sentBack: z.object({ by: z.string(), reason: z.string() }).optional(),
  guarantees: z.array(GuaranteeState),
  evidence: z.array(Evidence).optional(),
});
export type GateView = z.infer<typeof GateView>;

export const PhaseView = z.object({
  id: z.string(),
  title: z.string().optional(),
  required: z.boolean(),
  status: z.enum(PHASE_STATUSES),
  skills: z.array(SkillView),
  gates: z.array(GateView),
});

export const ExecutionState = z.object({
  id: ExecutionId,
  title: z.string(),
  status: ExecutionStatus,
  /** What holds it up, and the ways on. */
  blockedBy: z.string().optional(),
  loop: z.string(),
  /** Pins the definition: an execution goes on with what it began with. */
  digest: z.string(),
  source: LoopPlace,
  requester: z.string(),
  project: z.string(),
  autonomy: z.enum(AUTONOMIES),
  mode: z.enum(MODES).optional(),
  /** How soon agents work on its skills, where several tasks wait for one; absent where that is normal. */
  priority: Priority.optional(),
  /** Of an execution whose agents and commands the engine runs: where their work is. */
  branch: z.string().optional(),
  /** By its tasks so far, and what they may spend. Times in milliseconds, of work alone. */
  spent: z
    .object({
      attempts: z.int(),
      usd: z.number(),
      workedMs: z.number(),
      attemptsMax: z.int().optional(),
      usdMax: z.number().optional(),
      wallMsMax: z.number().optional(),
    })
    .optional(),
  inputs: z.record(z.string(), Value),
  currentPhase: z.string(),
  phases: z.array(PhaseView),
  /** What a client has kept here for whoever goes on. */
  checkpoint: z
    .object({
      phase: z.string().optional(),
      skill: z.string().optional(),
      data: z.record(z.string(), z.unknown()),
      savedAt: Moment,
    })
    .optional(),
  /** Files that clients keep beside it, the latest last. */
  transient: z.array(TransientFile).optional(),
  notes: z.array(z.string()),
  /** Why it failed or was aborted. */
  why: z.string().optional(),
  ignoredMessages: z.int(),
  startedAt: Moment,
  changedAt: Moment.optional(),
  endedAt: Moment.optional(),
});
export type ExecutionState = z.infer<typeof ExecutionState>;
