/** `run`: an agent of Pawl's does the work. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { checkNameOf, splitCommand } from '../../../domain/command-line.ts';
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { TaskFolder } from '../../../domain/task-folder.ts';
import { type CheckDefinition, Priority } from '../../../domain/task-spec.ts';
import { briefOf, Status, textOf } from '../brief.ts';
import { type ToolContext, tool } from '../tool.ts';
import { waitFor } from '../waiting.ts';
import { newId } from './words.ts';

const Input = z.strictObject({
  requirement: z.string().trim().min(1).max(LIMITS.requirementCharsMax),
  repository: z.string().min(1).max(4096).optional().describe('path; default: here'),
  base: z.string().min(1).max(255).optional().describe('branch; default: the one checked out'),
  dir: TaskFolder.optional().describe('folder of the repository to work in'),
  agent: z.string().min(1).max(100).optional().describe('default: the first that is ready'),
  checks: z
    .array(z.string().min(1).max(LIMITS.commandCharsMax))
    .max(LIMITS.checksPerTaskMax)
    .optional()
    .describe('commands that must pass'),
  priority: Priority.optional().describe('who goes first where tasks wait for an agent; default normal'),
  id: TaskId.optional().describe('the same id again finds the task'),
  wait: z.boolean().default(false).describe('until it ends or needs a person'),
});

export const runTool = tool({
  name: 'run',
  title: 'Run a requirement',
  description:
    'Has a coding agent do a requirement in a git repository: own worktree, checks, a pull request, merged once a person approves. Survives crashes and restarts.',
  input: Input,
  output: Status,
  hints: { readOnly: false, destructive: false, idempotent: false },
  keeps: 'call',
  async call(engine, input, context) {
    const id = await start(engine, input, context);
    const state = input.wait ? await waitFor(engine, id, context) : await engine.show({ id });
    return { structured: briefOf(state), text: `${id} · ${textOf(state)}` };
  },
  begin: async (engine, input, context) => (input.wait ? start(engine, input, context) : undefined),
});

async function start(
  engine: Calls,
  input: z.output<typeof Input>,
  { directory, keyed }: ToolContext,
): Promise<TaskId> {
  const { requirement, base, dir, agent, checks, priority } = input;
  const asked = {
    id: input.id ?? newId(requirement.split('\n', 1)[0] ?? '', keyed),
    requirement,
    repository: resolve(directory, input.repository ?? '.'),
    ...(base !== undefined && { base }),
    ...(dir !== undefined && { dir }),
    ...(agent !== undefined && { agent: { name: agent } }),
    ...(priority !== undefined && { priority }),
    ...(checks !== undefined && { checks: checks.map(checkOf) }),
  };
  return (await engine.run(asked, keyed?.context)).id;
}

/** @throws PawlError `invalid_input` for what only a shell could run */
function checkOf(text: string, index: number): CheckDefinition {
  const split = splitCommand(text);
  if (split.ok) return { name: checkNameOf(split.command), run: split.command };
  throw new PawlError('invalid_input', `checks.${index}: ${split.problem}`, { details: [['checks', index]] });
}
