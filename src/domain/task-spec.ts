/**
 * What a task is started with. Everything here is JSON-safe, because it travels through Temporal's history. How it stands
 * afterwards: `task-state.ts`.
 */

import { z } from 'zod';
import { CopiedPaths } from './copied-paths.ts';
import { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { Plan } from './plan.ts';
import { PRIORITIES } from './priority.ts';
import { SkillTask } from './skill-task.ts';

/** A program with its arguments. It is started directly: no shell reads it. */
export const Command = z.array(z.string().min(1)).min(1);
export type Command = z.infer<typeof Command>;

/** Who waits for a free agent is served by it: the more urgent first, then who came first. */
export const Priority = z.enum(PRIORITIES);

export const CheckDefinition = z.strictObject({
  name: z.string().min(1).max(100),
  run: Command,
  timeoutSeconds: z
    .int()
    .min(1)
    .max(24 * 3600)
    .optional(),
});
export type CheckDefinition = z.infer<typeof CheckDefinition>;

/**
 * What an agent may do that is more than to read and change files of its workspace: `ask` makes each wish a gate,
 * `allow` grants all, `deny` refuses all without a word.
 */
export const PERMISSIONS = ['ask', 'allow', 'deny'] as const;

/** Where pull requests of a task live; without one in Pawl's own forge `local`. */
export const ForgeChoice = z.strictObject({
  name: z.literal('github'),
  /** Of the REST API: `https://api.github.com`, or `https://<host>/api/v3`. */
  api: z.url(),
  /** What is fetched from and pushed to, without a credential in it. */
  url: z.url(),
  owner: z.string().min(1),
  repository: z.string().min(1),
  mergeMethod: z.enum(['merge', 'squash', 'rebase']),
});
export type ForgeChoice = z.infer<typeof ForgeChoice>;

/** Which agent works on a task. `env` names the variables of the engine's environment that the agent may see; `PAWL_TOKEN` is that of its attempt. */
export const AgentChoice = z.strictObject({
  name: z.string().min(1).max(100),
  command: Command.optional(),
  env: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).optional(),
  /** The provider's name of the model; default: what the agent itself is set to. */
  model: z
    .string()
    .regex(/^[\w.:/@-]{1,200}$/)
    .optional(),
});
export type AgentChoice = z.infer<typeof AgentChoice>;

/** What the ladder may spend on one task. */
export const Policy = z.strictObject({
  /** Attempts in all, of every reason. */
  attemptsMax: z.int().min(1).max(LIMITS.attemptsPerTaskMax).default(6),
  /** Attempts started because a check failed or a person rejected. */
  fixAttemptsMax: z.int().min(0).max(LIMITS.attemptsPerTaskMax).default(2),
  /** One attempt's wall time. */
  attemptSecondsMax: z
    .int()
    .min(1)
    .max(24 * 3600)
    .default(3600),
  /** An attempt with no output and no changed file for this long has stalled. */
  stallSecondsMax: z
    .int()
    .min(1)
    .max(24 * 3600)
    .default(900),
  /** What a rejection does. */
  onReject: z.enum(['fix', 'fail']).default('fix'),
  permissions: z.enum(PERMISSIONS).optional(),
  /** Rounds of work because of review comments and failed checks of the forge. */
  reviewRoundsMax: z.int().min(0).max(LIMITS.attemptsPerTaskMax).optional(),
  /** What one attempt may print; an agent that prints without end has gone astray. */
  outputBytesMax: z.int().min(1).optional(),
  /** What one attempt may cost, where the agent can be told. */
  costUsdMax: z.number().positive().optional(),
  /** Rounds between one attempt and its model, where the agent can be told. */
  turnsMax: z.int().min(1).optional(),
  /** What a spent quota does; default: the task waits for it. */
  onQuota: z.enum(['wait', 'fail']).optional(),
});
export type Policy = z.infer<typeof Policy>;

const Described = {
  id: TaskId,
  title: z.string().min(1).max(LIMITS.titleCharsMax),
  description: z.string().max(LIMITS.descriptionCharsMax),
};

/** A task that a client works on itself and closes with `complete`. */
export const ClientDrivenSpec = z.strictObject({
  kind: z.literal('client_driven'),
  ...Described,
  context: z.record(z.string(), z.unknown()).optional(),
  plan: Plan.optional(),
  /** Dependencies that were completed when it was planned. */
  done: z.array(TaskId).optional(),
  /** When it was planned, by the engine's clock. */
  plannedAt: z.iso.datetime().optional(),
});
export type ClientDrivenSpec = z.infer<typeof ClientDrivenSpec>;

/** A task that an agent works on in a workspace of one repository. */
export const AgentRunSpec = z.strictObject({
  kind: z.literal('agent_run'),
  ...Described,
  /** Digest of the whole requirement in the artifact store; absent when `description` is all of it. */
  requirementArtifact: z.string().optional(),
  /** Real path of the repository's top folder, on the host whose queue is `host`. */
  repository: z.string().min(1),
  /** Short name of the base branch. */
  base: z.string().min(1),
  /** Where agent, set-up and checks start, by its path from the top; absent for the top. */
  dir: z.string().min(1).optional(),
  agent: AgentChoice,
  /** Given checks replace those of `pawl.yaml`. */
  checks: z.array(CheckDefinition).max(LIMITS.checksPerTaskMax).optional(),
  setup: Command.optional(),
  /** Files to copy from the checkout, besides those of `pawl.yaml`. */
  copy: CopiedPaths.optional(),
  forge: ForgeChoice.optional(),
  policy: Policy,
  /** Absent: normal. */
  priority: Priority.optional(),
  /** Present where it does a skill of an execution. */
  skill: SkillTask.optional(),
  /** The queue of the host that holds the workspace. */
  host: z.string().min(1),
});
export type AgentRunSpec = z.infer<typeof AgentRunSpec>;

export const TaskSpec = z.discriminatedUnion('kind', [ClientDrivenSpec, AgentRunSpec]);
export type TaskSpec = z.infer<typeof TaskSpec>;
