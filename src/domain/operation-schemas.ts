/** Schemas that the rows of the operations share, and the inputs of `run` and `create`. */

import { z } from 'zod';
import { ArtifactType } from './artifacts.ts';
import { CopiedPaths } from './copied-paths.ts';
import { TaskId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { Via } from './messages.ts';
import { Due, Plan } from './plan.ts';
import type { Scope } from './scopes.ts';
import { TaskFolder } from './task-folder.ts';
import { AgentChoice, CheckDefinition, Command, Policy, Priority } from './task-spec.ts';
import { TaskStatus } from './task-state.ts';

export const PRIORITY_HELP =
  'where several tasks wait for a free agent: the more urgent first, then who came first; default normal';

export const ById = z.strictObject({ id: TaskId });

/** Of a retry. */
export const Fresh = z
  .boolean()
  .optional()
  .describe('begins at the base; without it an agent goes on from the work of the run before');

/** `run`: a requirement to be done by an agent in a repository. */
export const RunInput = z.strictObject({
  /** Start is idempotent by id: the same id and body finds the task, another body is a conflict. */
  id: TaskId,
  requirement: z
    .string()
    .trim()
    .min(1, { error: 'expected what should be done, in words' })
    .max(LIMITS.requirementCharsMax),
  /** Any path inside the repository, absolute. */
  repository: z.string().min(1).max(4096),
  /** Branch to start from and merge into; default: what the repository has checked out. */
  base: z.string().min(1).max(255).optional(),
  /** Where agent, set-up and checks start, from the repository's top; default: where in it `repository` is. */
  dir: TaskFolder.optional(),
  /** Default `auto`: the one that `agent` in `pawl.yaml` names, else the first of claude, codex, gemini and opencode that is installed and has credentials. */
  agent: AgentChoice.optional(),
  checks: z.array(CheckDefinition).max(LIMITS.checksPerTaskMax).optional(),
  setup: Command.optional(),
  /** Files that git ignores in the checkout, from the repository's top: copied into the workspace with those of `pawl.yaml`. */
  copy: CopiedPaths.optional(),
  /** Default: `github` where the remote is there and the engine has a token for it, else Pawl's own. */
  forge: z.enum(['local', 'github']).optional(),
  policy: Policy.partial().optional(),
  /** Default: normal. */
  priority: Priority.optional().describe(PRIORITY_HELP),
});
export type RunInput = z.infer<typeof RunInput>;

/** What a run would do, as its repository and this host are now. */
export const RunPreview = z.object({
  /** Its top folder. */
  repository: z.string(),
  base: z.string(),
  baseCommit: z.string(),
  /** Where agent, set-up and checks start, from the top; absent for the top itself. */
  dir: z.string().optional(),
  agent: z.string(),
  /** What judges the work. None: nobody but the person who approves. */
  checks: z.array(CheckDefinition),
  setup: Command.nullable(),
  forge: z.enum(['local', 'github']),
  policy: Policy,
  /** What all attempts together may cost, by the limit of each; null where none is set. */
  costUsdMax: z.number().nullable(),
});
export type RunPreview = z.infer<typeof RunPreview>;

export const Title = z
  .string()
  .max(LIMITS.titleCharsMax)
  .regex(/\S/, { error: 'expected a title in words, got none' });

/** A key of that name is none to a program that sets it, so it would be lost without a word. */
const withoutPrototype = (context: Readonly<Record<string, unknown>>, { addIssue }: z.RefinementCtx) => {
  if (typeof context === 'object' && context !== null && Object.hasOwn(context, '__proto__'))
    addIssue({ code: 'custom', path: ['__proto__'], message: 'expected another name for this key' });
  return context;
};

export const Context = z.preprocess(
  withoutPrototype,
  z
    .record(z.string(), z.unknown())
    .refine((context) => JSON.stringify(context).length <= LIMITS.messageCharsMax, {
      error: `expected at most ${LIMITS.messageCharsMax} characters of JSON: report long texts as results`,
    }),
);

/** `create`: a task that the client works on itself. */
export const CreateInput = z.strictObject({
  id: TaskId,
  title: Title,
  description: z.string().max(LIMITS.descriptionCharsMax).default(''),
  context: Context.optional(),
  ...Plan.shape,
  due: Due,
});
export type CreateInput = z.infer<typeof CreateInput>;

export const Started = z.object({ id: TaskId, created: z.boolean() });

/** How it was before the call, so that nobody has to look first. */
export const Before = z.object({ status: TaskStatus, archivedAt: z.iso.datetime().optional() });

export const Acknowledged = z.object({
  id: TaskId,
  status: TaskStatus,
  /** Absent where the message was first answered by an older Pawl. */
  before: Before.optional(),
});

export const Decided = Acknowledged.extend({
  /** Where in the work of this home the program runs that decided, as it said itself; kept with the decision. */
  inside: z.string().optional(),
});

/** Still taken, because scripts have always sent it. */
export const By = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('not looked at: the name of the token that asks is recorded');

/** A gate that a person decides. */
export const GateName = z
  .string()
  .regex(/^(?:approval|escalation)(?:-[1-9][0-9]{0,8})?$/, {
    error: 'expected the id of a gate, such as approval-2, or its kind: approval or escalation',
  })
  .describe('the id of a gate, or its kind: the open one of that kind');

/** `mcp-allow-approve`: the AI client itself decided, where whoever started its adapter lets it. */
export const Decision = z.strictObject({
  id: TaskId,
  gate: GateName.default('approval'),
  digest: z.string().optional(),
  by: By,
  via: Via.default('client'),
  messageId: z.string().min(1).max(200).optional(),
});

export const LogLine = z.object({ t: z.string(), attempt: z.int(), type: z.string(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** What was done, kept in the artifact store; the task holds addresses. */
export const Results = {
  detail: z.string().max(LIMITS.detailCharsMax).optional(),
  /** Files of the session's working directory, relative to it or absolute. */
  files: z.array(z.string().min(1).max(4096)).max(LIMITS.filesPerMessageMax).optional(),
  artifactType: ArtifactType.optional(),
};

export interface Operation {
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly scope: Scope;
  /** The same call twice does what one does. */
  readonly idempotent: boolean;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Of a call that takes no idempotency key though it changes something: why. */
  readonly keyless?: string;
}

/** Whether a call of it can be made under an idempotency key. */
export const takesKey = ({ method, keyless }: Operation): boolean =>
  method !== 'GET' && keyless === undefined;
