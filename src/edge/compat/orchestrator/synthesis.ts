/** What the parts of a task came to. */
import { z } from 'zod';
import { tool } from '../../mcp/tool.ts';
import { excerptsOf } from './excerpts.ts';
import { knownOf, ownTask, partsOf, sessionOf } from './own-tasks.ts';
import { progressOf } from './parts-progress.ts';
import { ARTIFACTS_SHOWN_MAX, reportOf } from './parts-report.ts';
import { Answered, ArtifactRef, artifactRefs, LOOKS, statusThere, TaskIdField } from './words.ts';

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
    'What the parts of a task came to, by role, with what their artifacts say, each up to 4,000 characters; of a task without parts what it came to itself.',
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
    const children = await partsOf(engine, session, [parent.id]);
    const parts = children.length > 0 ? children : [knownOf(parent)];
    const done = parts.filter(({ status }) => status === 'completed');
    const shown = done.flatMap(({ artifacts }) => artifactRefs(artifacts).slice(0, ARTIFACTS_SHOWN_MAX));
    const excerpts = await excerptsOf(
      engine,
      shown.map(({ id }) => id),
    );
    const { sections, incomplete, isWhole, markdown } = reportOf(parent.title, parts, excerpts);
    const wanted = progressOf(parent.id, parts);
    const structured = {
      success: true as const,
      message: `${wanted.completed_subtasks} of ${wanted.total_subtasks} parts are completed`,
      status: isWhole ? ('synthesized' as const) : ('partial' as const),
      parent_task_id: parent.id,
      title: parent.title,
      total_subtasks: children.length === 0 ? 0 : wanted.total_subtasks,
      completed_subtasks: children.length === 0 ? 0 : wanted.completed_subtasks,
      incomplete: incomplete.map((row) => ({ task_id: row.id, title: row.title, status: statusThere(row) })),
      sections: sections.map(({ specialist_type, tasks }) => ({ specialist_type, tasks: [...tasks] })),
      artifacts: sections.flatMap(({ tasks }) => tasks.flatMap(({ artifacts }) => artifacts)),
      synthesis: markdown,
    };
    return { structured, text: markdown };
  },
});
