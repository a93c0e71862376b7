/**
 * What a repository says about itself in `pawl.yaml`: how it is set up and checked, which files an agent's change does
 * not count for, which agents it names. Read from the base commit only.
 */
import { z } from 'zod';
import { AGENT_NAMES } from './agent-names.ts';
import { checkNameOf } from './command-line.ts';
import { CopiedPaths } from './copied-paths.ts';
import { LIMITS } from './limits.ts';
import { PROTECTED, protectOf } from './protect.ts';
import { AgentChoice, CheckDefinition } from './task-spec.ts';
import { Submodules } from './wanted-submodules.ts';
import { WrittenCommand } from './written-command.ts';

/** A check is a command, or an object around one. Its name is what it runs unless it has another. */
export const WrittenCheck = z.preprocess(
  (written) => (isObject(written) ? written : { run: written }),
  z
    .strictObject({
      name: CheckDefinition.shape.name.optional(),
      run: WrittenCommand,
      timeoutSeconds: CheckDefinition.shape.timeoutSeconds,
    })
    .transform(({ name, run, timeoutSeconds }): CheckDefinition => {
      const limit = timeoutSeconds === undefined ? {} : { timeoutSeconds };
      return { name: name ?? checkNameOf(run), run, ...limit };
    }),
);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NamedAgent = z.strictObject({ command: WrittenCommand, env: AgentChoice.shape.env });
export const WrittenAgentName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, {
  error: 'expected a name of letters, digits, dots and hyphens',
});

const Written = z.strictObject({
  setup: WrittenCommand.optional(),
  /** Files that git ignores in the user's checkout, to be copied into the workspace. */
  copy: CopiedPaths.default([]),
  /** Submodules that the engine checks out: all of them, or those at these paths; with theirs. */
  submodules: Submodules.default(false),
  checks: z.array(WrittenCheck).max(LIMITS.checksPerTaskMax).default([]),
  /**
   * Globs of files that are taken from the base commit when checks run, besides those that the checks' commands run through;
   * `[]`: none at all, `!glob`: not these.
   */
  protect: z
    .array(z.string().min(1).max(500))
    .max(LIMITS.protectedGlobsMax)
    .transform(protectOf)
    .default(() => [...PROTECTED]),
  /** Where the base moves before an approved change is merged: `strict` asks again each time. */
  approvals: z.enum(['carry', 'strict']).default('carry'),
  /** Who works where nobody says who does: `auto`, here. */
  agent: WrittenAgentName.optional(),
  agents: z
    .record(WrittenAgentName, NamedAgent)
    .refine((agents) => Object.keys(agents).length <= LIMITS.namedAgentsMax, {
      error: `expected at most ${LIMITS.namedAgentsMax} agents`,
    })
    .default({}),
});

export const RepositoryConfig = Written.superRefine(({ agent, agents }, { addIssue }) => {
  if (Object.hasOwn(agents, 'auto'))
    addIssue({
      code: 'custom',
      path: ['agents', 'auto'],
      message:
        'expected another name: auto stands for whichever agent can run; say agent: NAME for the one it is',
    });
  const known = [...AGENT_NAMES, ...Object.keys(agents)];
  if (agent === undefined || known.includes(agent)) return;
  addIssue({
    code: 'custom',
    path: ['agent'],
    message: `expected one of ${known.join(', ')}, got ${agent}`,
  });
});
export type RepositoryConfig = z.output<typeof RepositoryConfig>;
