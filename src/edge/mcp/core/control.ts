/** `control`: what stops a task, or starts a stopped one again. */
import { z } from 'zod';
import { Status } from '../brief.ts';
import { tool } from '../tool.ts';
import { ById } from './words.ts';

export const controlTool = tool({
  name: 'control',
  title: 'Cancel or retry a task',
  description: 'Cancels a task and cleans up after it, or runs a failed or cancelled one again.',
  input: z.strictObject({ ...ById, action: z.enum(['cancel', 'retry']) }),
  output: Status,
  hints: { readOnly: false, destructive: true, idempotent: false },
  keeps: 'whole',
  async call(engine, { id, action }, { keyed }) {
    await engine[action]({ id }, keyed?.context);
    const { status } = await engine.show({ id });
    return { structured: { id, status }, text: `${id} is ${status}` };
  },
});
