/** Reporting what was done. */
import { z } from 'zod';
import type { ArtifactType } from '../../../domain/artifacts.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { isClosed } from '../../../domain/task-state.ts';
import { type ToolContext, tool } from '../../mcp/tool.ts';
import { childrenOf, ownRow, partsOf, rowNow, rowOf, type SessionRef } from './own-tasks.ts';
import { openPartsText, Progress, progressOf } from './parts-progress.ts';
import { oldestReady, withoutOpenParts } from './ready.ts';
import { AttemptToken, FIELDS, given, inWords, WORKS } from './translation.ts';
import {
  Answered,
  ArtifactKind,
  ArtifactRef,
  artifactRefs,
  Specialist,
  Status,
  statusThere,
  TaskIdField,
} from './words.ts';

export const completeTask = tool({
  name: 'orchestrator_complete_task',
  title: 'Report what was done',
  description:
    'Keeps the detailed work and files as artifacts, so that they need no room in your context. next_action complete or continue completes the task; needs_revision and blocked do not.',
  input: z.strictObject({
    task_id: TaskIdField,
    summary: z.string().min(1).max(LIMITS.noteCharsMax),
    detailed_work: z.string().max(LIMITS.detailCharsMax),
    file_paths: z
      .array(z.string().min(1).max(4096))
      .max(LIMITS.filesPerMessageMax)
      .optional()
      .describe('files of the working directory; their content is kept'),
    artifact_type: ArtifactKind.default('general'),
    next_action: z.enum(['continue', 'needs_revision', 'blocked', 'complete']),
    legacy_artifacts: z.array(z.string().min(1).max(1_000)).max(LIMITS.artifactsPerTaskMax).optional(),
    attempt_token: AttemptToken,
  }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['success', 'needs_revision', 'blocked']),
    task_id: z.string(),
    task_status: Status,
    summary: z.string(),
    artifact_count: z.int(),
    artifact_references: z.array(ArtifactRef),
    next_action: z.string(),
    completion_time: z.string().nullable(),
    parent_task_progress: Progress.nullable(),
    next_recommended_task: z
      .object({ task_id: z.string(), title: z.string(), specialist_type: Specialist })
      .nullable(),
    next_steps: z.array(z.string()),
  }),
  hints: WORKS,
  keeps: 'whole',
  async handOn(engine, input, context) {
    const { file_paths: paths, ...others } = input;
    if (context.readFile === undefined || paths === undefined) return input;
    const { artifacts = [] } = await inWords(FIELDS, () => namedBy(engine, input, context));
    return { ...others, legacy_artifacts: artifacts };
  },
  async call(engine, input, context) {
    const { session, row } = await ownRow(engine, context, input.task_id);
    const { id } = row;
    const results = {
      id,
      artifactType: input.artifact_type,
      ...(input.detailed_work === '' ? {} : { detail: input.detailed_work }),
      ...(await inWords(FIELDS, () => namedBy(engine, input, context))),
      ...given('attemptToken', input.attempt_token),
    };
    const { next_action: next, summary } = input;
    const isOver = next === 'complete' || next === 'continue';
    await inWords(FIELDS, () =>
      isOver
        ? engine.complete({ ...results, summary }, context.keyed?.context)
        : engine.update(
            { ...results, note: summary, status: next === 'blocked' ? 'blocked' : 'in_progress' },
            context.keyed?.context,
          ),
    );
    const [now, parts, { progress, recommended, wholeIsOpen }] = await Promise.all([
      rowNow(engine, id),
      childrenOf(engine, session, [id]),
      whatIsNext(engine, session, row),
    ]);
    const open = isOver ? openPartsText(parts) : undefined;
    const references = artifactRefs(now.artifacts);
    const structured = {
      success: true as const,
      message: isOver
        ? `task ${id} is completed${open === undefined ? '' : `, though its parts ${open} are open`}`
        : `task ${id} is not completed: ${next}`,
      status: isOver ? ('success' as const) : next,
      task_id: id,
      task_status: statusThere(now),
      summary,
      artifact_count: references.length,
      artifact_references: references,
      next_action: next,
      completion_time: isOver ? (now.changedAt ?? null) : null,
      parent_task_progress: progress,
      next_recommended_task: recommended,
      next_steps: [
        ...(open === undefined ? [] : [`complete or cancel ${open}, which are still open`]),
        ...stepsAfter(next, { progress, recommended, wholeIsOpen }),
      ],
    };
    return { structured, text: [structured.message, ...structured.next_steps].join('\n') };
  },
});

interface Named {
  readonly file_paths?: readonly string[] | undefined;
  readonly legacy_artifacts?: readonly string[] | undefined;
  readonly artifact_type: ArtifactType;
}

/** What the report names: an engine on the client's host reads files itself. */
async function namedBy(engine: Calls, input: Named, { readFile }: ToolContext) {
  const { file_paths: paths, legacy_artifacts: artifacts, artifact_type: type } = input;
  if (readFile === undefined || paths === undefined) {
    return { ...given('files', paths && [...paths]), ...given('artifacts', artifacts && [...artifacts]) };
  }
  const addresses = [];
  for (const path of paths) {
    const { content, name } = await readFile(path);
    const { address } = await engine.upload({ content: content.toString('base64'), name, type });
    addresses.push(address);
  }
  return { artifacts: [...(artifacts ?? []), ...addresses] };
}

type NextAction = 'continue' | 'needs_revision' | 'blocked' | 'complete';
type Next = Awaited<ReturnType<typeof whatIsNext>>;

function stepsAfter(action: NextAction, { progress, recommended, wholeIsOpen }: Next): string[] {
  if (action === 'needs_revision') return ['revise it, then report again'];
  if (action === 'blocked') return ['remove what blocks it, then update its status to in_progress'];
  const whole = progress?.progress === 'completed' ? progress.parent_task_id : undefined;
  const steps = [
    ...(whole === undefined ? [] : [`call orchestrator_synthesize_results for ${whole}`]),
    ...(whole === undefined || !wholeIsOpen ? [] : [`then complete ${whole} itself`]),
    ...(recommended === null || recommended.task_id === whole ? [] : [`go on with ${recommended.task_id}`]),
  ];
  return steps.length === 0 ? ['nothing else is ready in this session'] : steps;
}

/** How far the parent is, and what is best done next: a part of the same parent first, the oldest first. */
async function whatIsNext(engine: Calls, session: SessionRef, { plan }: TaskRow) {
  const parent = plan?.parent;
  const [siblings, whole] =
    parent === undefined
      ? [[], undefined]
      : await Promise.all([partsOf(engine, session, [parent]), rowOf(engine, parent)]);
  const pending = siblings.filter(({ status }) => status === 'pending');
  const ready =
    (await withoutOpenParts(engine, session, pending))[0] ?? (await oldestReady(engine, session, 1))[0];
  return {
    progress: parent === undefined ? null : progressOf(parent, siblings),
    wholeIsOpen: whole !== undefined && !isClosed(whole.status),
    recommended:
      ready === undefined
        ? null
        : {
            task_id: ready.id,
            title: ready.title,
            specialist_type: ready.plan?.specialist ?? ('generic' as const),
          },
  };
}
