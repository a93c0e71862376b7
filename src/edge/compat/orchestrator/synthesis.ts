/** What the parts of a task came to. */
import { z } from 'zod';
import type { TaskRow } from '../../../domain/rows.ts';
import { tool } from '../../mcp/tool.ts';
import { childrenOf, ownTask, sessionOf } from './own-tasks.ts';
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
    const sources = children.length > 0 ? children : [selfOf(parent)];
    const completed = sources.filter(({ status }) => status === 'completed');
    const incomplete = sources.filter(({ status }) => status !== 'completed');
    const sections = [...Map.groupBy(completed, ({ plan }) => plan?.specialist ?? 'generic')].map(
      ([role, rows]) => ({
        specialist_type: role,
        tasks: rows.map(({ id, title, summary = '', artifacts }) => ({
          task_id: id,
          title,
          summary,
          artifacts: artifactRefs(artifacts),
        })),
      }),
    );
    const synthesis = markdownOf(parent.title, sections, incomplete);
    const structured = {
      success: true as const,
      message: `${completed.length} of ${sources.length} parts are completed`,
      status: incomplete.length === 0 ? ('synthesized' as const) : ('partial' as const),
      parent_task_id: parent.id,
      title: parent.title,
      total_subtasks: children.length,
      completed_subtasks: children.length === 0 ? 0 : completed.length,
      incomplete: incomplete.map((row) => ({ task_id: row.id, title: row.title, status: statusThere(row) })),
      sections,
      artifacts: sections.flatMap(({ tasks }) => tasks.flatMap(({ artifacts }) => artifacts)),
      synthesis,
    };
    return { structured, text: synthesis };
  },
});

type Source = Pick<TaskRow, 'id' | 'title' | 'status' | 'summary' | 'artifacts' | 'plan' | 'archivedAt'>;
const selfOf = ({
  id,
  title,
  status,
  summary,
  artifacts,
  plan,
}: Awaited<ReturnType<typeof ownTask>>): Source => ({
  id,
  title,
  status,
  artifacts,
  ...(summary === undefined ? {} : { summary }),
  ...(plan === undefined ? {} : { plan }),
});

function markdownOf(
  title: string,
  sections: readonly z.infer<typeof Section>[],
  incomplete: readonly Source[],
): string {
  const parts = sections.map(({ specialist_type: role, tasks }) =>
    [
      `## ${role}`,
      ...tasks.map(({ task_id: id, title: name, summary, artifacts }) =>
        [`### ${name} (${id})`, summary, ...artifacts.map(({ path }) => `- ${path}`)].join('\n'),
      ),
    ].join('\n\n'),
  );
  const open = incomplete.map((row) => `- ${row.title} (${row.id}): ${statusThere(row)}`);
  return [
    `# ${title}`,
    ...parts,
    ...(open.length === 0 ? [] : [`## Not completed\n\n${open.join('\n')}`]),
  ].join('\n\n');
}
