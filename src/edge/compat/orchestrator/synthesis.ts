/** What the parts of a task came to. */
import { z } from 'zod';
import { tool } from '../../mcp/tool.ts';
import { childrenOf, knownOf, ownTask, sessionOf } from './own-tasks.ts';
import { reportOf } from './report.ts';
import { Answered, ArtifactRef, LOOKS, statusThere, TaskIdField } from './words.ts';

const Section = z.object({
  specialist_type: z.string(),
  tasks: z.array(
    z.object({
      task_id: z.string(),
      title: z.string(),
      summary: z.string(),
      artifacts: z.array(ArtifactRef),
    }),
  ),
});

export const synthesizeResults = tool({
  name: 'orchestrator_synthesize_results',
  title: 'Put results together',
  description:
    'What the parts of a task came to, with their artifacts, by role; of a task without parts what it came to itself.',
  input: z.strictObject({ parent_task_id: TaskIdField }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['synthesized', 'partial']),
    parent_task_id: z.string(),
    title: z.string(),
    total_subtasks: z.int(),
    completed_subtasks: z.int(),
    incomplete: z.array(z.object({ task_id: z.string(), title: z.string(), status: z.string() })),
    sections: z.array(Section),
    artifacts: z.array(ArtifactRef),
    synthesis: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const parent = await ownTask(engine, session, input.parent_task_id, 'parent_task_id');
    const children = await childrenOf(engine, session, [parent.id]);
    const parts = children.length > 0 ? children : [knownOf(parent)];
    const { sections, incomplete, markdown } = reportOf(parent.title, parts);
    const completed = parts.length - incomplete.length;
    const structured = {
      success: true as const,
      message: `${completed} of ${parts.length} parts are completed`,
      status: incomplete.length === 0 ? ('synthesized' as const) : ('partial' as const),
      parent_task_id: parent.id,
      title: parent.title,
      total_subtasks: children.length,
      completed_subtasks: children.length === 0 ? 0 : completed,
      incomplete: incomplete.map((row) => ({ task_id: row.id, title: row.title, status: statusThere(row) })),
      sections: sections.map(({ specialist_type, tasks }) => ({ specialist_type, tasks: [...tasks] })),
      artifacts: sections.flatMap(({ tasks }) => tasks.flatMap(({ artifacts }) => artifacts)),
      synthesis: markdown,
    };
    return { structured, text: markdown };
  },
});
