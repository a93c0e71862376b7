/** What a client reports on its own tasks, and what it tells the agents of others. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { Status } from '../brief.ts';
import { tool } from '../tool.ts';
import { ById, Description, Title } from './words.ts';

const Words = z.string().trim().min(1).max(LIMITS.noteCharsMax).optional();

export const updateTool = tool({
  name: 'update',
  title: 'Update a task',
  description:
    'Reports on a task that you work on yourself. `tell` instead gives the agent of a running task a further instruction.',
  input: z.strictObject({
    ...ById,
    status: z.enum(['pending', 'blocked', 'in_progress']).optional(),
    note: Words,
    progress: z.number().min(0).max(1).optional(),
    title: Title.optional(),
    description: Description.optional(),
    tell: Words,
  }),
  output: Status,
  hints: { readOnly: false, destructive: false, idempotent: false },
  forAttempts: true,
  keeps: 'whole',
  async call(engine, { id, tell, ...report }, { keyed }) {
    const reported = Object.values(report).some((value) => value !== undefined);
    if (reported === (tell !== undefined)) {
      throw new PawlError(
        'invalid_input',
        'tell: expected an instruction for the agent, or a report on your own task, found both or none: call once for each',
        { details: [['tell']] },
      );
    }
    const { status } =
      tell === undefined
        ? await engine.update({ id, ...report }, keyed?.context)
        : await engine.tell({ id, text: tell }, keyed?.context);
    return { structured: { id, status }, text: `${id} is ${status}` };
  },
});

export const completeTool = tool({
  name: 'complete',
  title: 'Complete a task',
  description: 'Closes a task that you worked on yourself, as completed or as failed.',
  input: z.strictObject({
    ...ById,
    summary: z.string().min(1).max(LIMITS.descriptionCharsMax),
    outcome: z.enum(['completed', 'failed']).optional(),
  }),
  output: Status,
  hints: { readOnly: false, destructive: false, idempotent: false },
  keeps: 'whole',
  async call(engine, input, { keyed }) {
    const { id, status } = await engine.complete(input, keyed?.context);
    return { structured: { id, status }, text: `${id} is ${status}` };
  },
});
