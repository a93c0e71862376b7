/** Small schemas that several parts of a loop share: ids, titles, commands, names of checks. Pure. */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import type { Command } from '../task-spec.ts';
import { WrittenCommand } from '../written-command.ts';
import { RESERVED_NAMES } from './references.ts';

/** The id of a loop, phase, skill, gate or guarantee: one word that conditions, paths and branches can hold. */
export const Named = z
  .string({ error: 'expected an id' })
  .regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error:
      'expected an id of lower-case letters, digits and inner hyphens that begins with a letter, such as code-review',
  })
  .refine((id) => !RESERVED_NAMES.includes(id), {
    error: `expected another id: ${RESERVED_NAMES.join(', ')} mean something else in conditions`,
  });

export const LoopId = Named.brand<'LoopId'>();
export type LoopId = z.infer<typeof LoopId>;

export const Title = z.string().min(1).max(200);

/** A command of a loop: what it is given comes in variables, so that no value is ever part of a command line. */
export const LoopCommand = WrittenCommand.transform((command: Command, context): Command => {
  const wrong = command.find((word) => word.includes('{{'));
  if (wrong === undefined) return command;
  context.issues.push({
    code: 'custom',
    message:
      '{{ }} fills briefs only, never a command: name the value under with, and read it there as a variable (with: { files: plan.files } is PAWL_IN_FILES)',
    input: command,
  });
  return z.NEVER;
});

/** Names of checks, of the loop or of the repository's `pawl.yaml`; `all` are those of `pawl.yaml`, and of the loop. */
export const CheckNames = z.union(
  [z.literal('all'), z.array(z.string().min(1).max(100)).min(1).max(LIMITS.checksPerTaskMax)],
  {
    error: 'expected names of checks, such as [test, lint], or all',
  },
);
export type CheckNames = z.output<typeof CheckNames>;

/** What a schema within a transform has found becomes faults of what is around it, each at its own path. */
export function tellNested(
  context: z.core.ParsePayload,
  issues: readonly z.core.$ZodIssue[],
  within: (path: readonly PropertyKey[]) => readonly PropertyKey[] = (path) => path,
): void {
  for (const issue of issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const custom = { code: 'custom', input: context.value } as const;
    for (const key of unknown)
      context.issues.push({ ...custom, path: [...within([...issue.path, key])], message: UNKNOWN_KEY });
    if (unknown.length === 0)
      context.issues.push({ ...custom, path: [...within(issue.path)], message: issue.message });
  }
}

export const UNKNOWN_KEY = 'is not a known key';

/** For a schema that is one of several, told by hand. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
