/** `create`: the client does the work itself, and Pawl keeps it. */
import { z } from 'zod';
import { TaskId } from '../../../domain/ids.ts';
import { Status } from '../brief.ts';
import { tool } from '../tool.ts';
import { Description, newId, Title } from './words.ts';

export const createTool = tool({
  name: 'create',
  title: 'Create a task',
  description:
    'Creates a task that you work on yourself; update and complete report on it. It is blocked until its dependencies are completed.',
  input: z.strictObject({
    title: Title,
    description: Description.optional(),
    parent: TaskId.optional(),
    dependencies: z.array(TaskId).max(100).optional(),
    id: TaskId.optional().describe('the same id again finds the task'),
  }),
  output: Status,
  hints: { readOnly: false, destructive: false, idempotent: false },
  forAttempts: true,
  keeps: 'whole',
  async call(engine, { id, title, description, parent, dependencies }, { keyed }) {
    const task = {
      id: id ?? newId(title, keyed),
      title,
      ...(description !== undefined && { description }),
      ...(parent !== undefined && { parent }),
      ...(dependencies !== undefined && { dependencies }),
    };
    const started = await engine.create(task, keyed?.context);
    const { status } = await engine.show({ id: started.id });
    return {
      structured: { id: started.id, status },
      text: `${started.created ? 'created' : 'found'} ${started.id}, ${status}`,
    };
  },
});
