/** `control`: what stops a task, or starts a stopped one again. */
import { z } from 'zod';
import { Fresh } from '../../../domain/operation-schemas.ts';
import { Status } from '../brief.ts';
import { tool } from '../tool.ts';
import { ById } from './words.ts';

export const controlTool = tool({
  name: 'control',
  title: 'Cancel or retry a task',
  description:
    'Cancels a task and cleans up after it, or runs a failed or cancelled one again: from the work of its last run, or with `fresh` from the base.',
  input: z.strictObject({ ...ById, action: z.enum(['cancel', 'retry']), fresh: Fresh }),
  output: Status,
  hints: { readOnly: false, destructive: true, idempotent: false },
  keeps: 'whole',
  async call(engine, { id, action, fresh }, { keyed }) {
    if (action === 'cancel') await engine.cancel({ id }, keyed?.context);
    else await engine.retry({ id, ...(fresh === undefined ? {} : { fresh }) }, keyed?.context);
    const { status } = await engine.show({ id });
    return { structured: { id, status }, text: `${id} is ${status}` };
  },
});
