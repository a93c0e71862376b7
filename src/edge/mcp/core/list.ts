/** `list`: what there is, newest first. */
import { z } from 'zod';
import { LIMITS } from '../../../domain/limits.ts';
import { TaskStatus } from '../../../domain/task-state.ts';
import { tool } from '../tool.ts';

export const listTool = tool({
  name: 'list',
  title: 'List tasks',
  description: 'Lists tasks, newest first. Those that a person has to decide on are awaiting_gate.',
  input: z.strictObject({
    status: z.array(TaskStatus).max(10).optional(),
    text: z.string().max(LIMITS.titleCharsMax).optional().describe('words in the title or description'),
    limit: z.int().min(1).max(100).default(20),
    offset: z.int().min(0).max(1_000_000).default(0),
  }),
  output: z.object({
    tasks: z.array(z.looseObject({ id: z.string(), title: z.string(), status: z.string() })),
    total: z.number(),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  forAttempts: true,
  async call(engine, { status, text, limit, offset }) {
    const { tasks, total } = await engine.list({
      limit,
      offset,
      ...(status !== undefined && { status }),
      ...(text !== undefined && { text }),
    });
    const rows = tasks.map(({ id, title, ...row }) => ({
      id,
      title,
      status: row.status,
      startedAt: row.startedAt,
      ...(row.gates !== undefined && { gates: row.gates }),
      ...(row.repository !== undefined && { repository: row.repository }),
      ...(row.dir !== undefined && { dir: row.dir }),
      ...(row.priority !== undefined && { priority: row.priority }),
    }));
    const lines = rows.map((row) =>
      [
        row.id,
        row.status,
        ...(row.priority === undefined ? [] : [`${row.priority} priority`]),
        row.title,
      ].join(' · '),
    );
    return {
      structured: { tasks: rows, total },
      text: [`${rows.length} of ${total} tasks`, ...lines].join('\n'),
    };
  },
});
