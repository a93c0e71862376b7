/** The rows of the operations on executions: they begin, are looked at, go on by reports and decisions, and end. */
import { z } from 'zod';
import {
  CompleteSkill,
  DecideGate,
  SteerExecution,
  UpdateExecution,
} from './executions/execution-messages.ts';
import { ExecutionRow } from './executions/execution-rows.ts';
import { AUTONOMIES, DRIVERS, ExecutionState, ExecutionStatus, MODES } from './executions/execution-state.ts';
import { ExecutionId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { LoopId, Named } from './loops/loop-words.ts';
import { ValueName } from './loops/references.ts';
import { Value } from './loops/value-schemas.ts';
import { Via } from './messages.ts';
import { type Operation, PRIORITY_HELP } from './operation-schemas.ts';
import { Priority } from './task-spec.ts';

/** Who asks is who says it: none of it is taken from the input. */
const UNSIGNED = { by: true, inside: true, mayDecide: true, via: true } as const;

/** How it is once what was said has taken effect: the engine has looked, where it has to, or still looks. */
const Answer = z.object({
  id: ExecutionId,
  status: ExecutionStatus,
  before: z.object({ status: ExecutionStatus }).optional(),
  currentPhase: z.string(),
  /** What holds it up, and the ways on. */
  blockedBy: z.string().optional(),
  /** Skills and gates that the engine still looks at. */
  isLookedAt: z.array(z.string()).optional(),
});

const OfExecution = z.strictObject({ id: ExecutionId });
/** Which way a message comes. */
const Told = OfExecution.extend({ via: Via.default('client') });

export const executionOperations = {
  startExecution: {
    summary: 'Begin an execution of a loop, whose skills the caller does, or agents of the engine do',
    input: z.strictObject({
      /** Start is idempotent by id: the same id and body finds the execution, another body is a conflict. */
      id: ExecutionId,
      loop: Named,
      /** Any path inside the repository in which it is worked, absolute. */
      project: z.string().min(1).max(4096),
      inputs: z
        .record(ValueName, Value)
        .refine((all) => Object.keys(all).length <= LIMITS.inputsPerLoopMax, {
          error: `expected at most ${LIMITS.inputsPerLoopMax} inputs`,
        })
        .default({}),
      autonomy: z
        .enum(AUTONOMIES)
        .default('full')
        .describe(
          'how far it goes on without a word: full, wherever nobody has to decide; supervised, until a phase has ended and its gates have passed; manual, not even that far',
        ),
      mode: z.enum(MODES).optional(),
      driver: z
        .enum(DRIVERS)
        .optional()
        .describe(
          'who does what the loop gives to agents and commands: client (default), the caller in the project itself; engine, tasks of the engine on a branch of the execution',
        ),
      title: z.string().trim().min(1).max(LIMITS.titleShownCharsMax).optional(),
      /** Of the tasks in which agents of the engine do its skills. */
      priority: Priority.optional().describe(PRIORITY_HELP),
    }),
    /** Evidence is taken at `branch` of the project; without one at what is checked out there. */
    output: z.object({ id: ExecutionId, created: z.boolean(), branch: z.string().optional() }),
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/executions',
  },
  executions: {
    summary: 'List executions, newest first',
    input: z.strictObject({
      status: z.array(ExecutionStatus).optional(),
      loop: LoopId.optional(),
      limit: z.int().min(1).max(LIMITS.listPageMax).default(100),
      offset: z.int().min(0).default(0),
    }),
    /** `total`: how many there are without limit and offset. */
    output: z.object({ executions: z.array(ExecutionRow), total: z.int() }),
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/executions',
  },
  execution: {
    summary: 'Show one execution: phases, skills with what to do, gates with evidence',
    input: OfExecution,
    output: ExecutionState,
    scope: 'read',
    idempotent: true,
    method: 'GET',
    path: '/api/executions/{id}',
  },
  updateExecution: {
    summary: 'Pause an execution or let it go on, note something, keep a checkpoint in it',
    input: Told.extend(UpdateExecution.omit({ ...UNSIGNED, guarded: true }).shape),
    output: Answer,
    scope: 'operate',
    idempotent: true,
    method: 'PATCH',
    path: '/api/executions/{id}',
  },
  completeSkill: {
    summary:
      'Report that a skill of an execution, or its phase, is over; the engine looks whether that counts',
    input: Told.extend(CompleteSkill.omit(UNSIGNED).shape).refine(
      ({ skill, phase }) => (skill === undefined) !== (phase === undefined),
      { error: 'expected either skill or phase: what is over' },
    ),
    output: Answer,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/executions/{id}/complete',
  },
  decideGate: {
    summary: 'Approve or reject what an execution shows at a gate',
    input: Told.extend(DecideGate.omit(UNSIGNED).shape).extend({ gate: Named }),
    output: Answer,
    scope: 'approve',
    idempotent: true,
    method: 'POST',
    path: '/api/executions/{id}/gates/{gate}',
  },
  steerExecution: {
    summary:
      'Advance, abort, retry, reset, look again, pick; with the scope approve resolve guarantees and set gates',
    input: Told.extend(SteerExecution.omit({ ...UNSIGNED, guarded: true }).shape),
    output: Answer,
    scope: 'operate',
    idempotent: true,
    method: 'POST',
    path: '/api/executions/{id}/steer',
  },
} as const satisfies Record<string, Operation>;
