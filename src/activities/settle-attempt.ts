/** What follows once the agent has ended well: its work becomes a commit of the engine's. */
import { PawlError } from '../domain/failures.ts';
import { effectKey } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import { problemsWithOutputs } from '../domain/loops/returned.ts';
import { Value as ValueSchema, WrittenType } from '../domain/loops/value-schemas.ts';
import type { Value } from '../domain/loops/value-types.ts';
import type { AttemptFailureDetails, AttemptInput, AttemptResult, TaskRef } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import { stepFailure } from './failure.ts';
import type { AgentReport } from './ports/agent-port.ts';
import { UnfilteredContent, UnsolvedConflict } from './ports/workspaces-port.ts';

/** Names that an agent gave are said within a sentence. */
const LEFT_CHARS_MAX = 300;

/**
 * Also called for an attempt whose worker died right here; the effect's key finds a commit that was made already.
 * @throws ApplicationFailure `blocked`, `no_change`, `conflict`, or `git` where nobody could make that commit
 */
export async function settleAttempt(
  { workspaces }: Pick<ActivityDeps, 'workspaces'>,
  { task, attempt, baseCommit, begunFrom, mayChangeNothing, returns = {} }: AttemptInput,
  report: AgentReport,
): Promise<AttemptResult> {
  // The session goes on with what a person answers.
  const known = knownOf(report);
  if (report.status === 'blocked')
    throw stepFailure('blocked', `the agent is blocked: ${report.summary}`, known);
  const outputs = outputsOf(returns, report, known);
  const message = `${task.title}\n\n${report.summary}`;
  const key = effectKey(task, attempt.number, 'commit');
  const made = await workspaces.commit(task, message, key).catch((error: unknown) => {
    throw uncommitted(task, error, known);
  });
  const unchanged = mayChangeNothing === true ? baseCommit : undefined;
  const commit = made ?? (await standing(workspaces, task, begunFrom)) ?? unchanged;
  if (commit === undefined) {
    const left = clip((await workspaces.left(task)).join(', '), LEFT_CHARS_MAX);
    const elsewhere = left === '' ? '' : `, but for what it left in ${left}`;
    throw stepFailure(
      'no_change',
      `the agent ended without any change${elsewhere}: ${report.summary}`,
      known,
    );
  }
  const { files, insertions, deletions } = await workspaces.changes(task, baseCommit, commit);
  return {
    commit,
    summary: clip(report.summary, LIMITS.summaryCharsMax),
    files: files.length,
    insertions,
    deletions,
    ...(outputs !== undefined && { outputs }),
    ...known,
  };
}

/** @throws ApplicationFailure `invalid_output` where something that is to be returned is missing, or of another type */
function outputsOf(
  written: Readonly<Record<string, string>>,
  { outputs = {}, outputsChars }: AgentReport,
  known: AttemptFailureDetails,
): Readonly<Record<string, Value>> | undefined {
  const types = Object.entries(written).map(([name, type]) => [name, WrittenType.parse(type)] as const);
  if (types.length === 0) return undefined;
  if (outputsChars !== undefined) throw stepFailure('invalid_output', tooLarge(outputsChars), known);
  const problems = problemsWithOutputs(Object.fromEntries(types), outputs);
  if (problems.length > 0) throw stepFailure('invalid_output', problems.join('; '), known);
  return Object.fromEntries(types.map(([name]) => [name, ValueSchema.parse(outputs[name])]));
}

const tooLarge = (chars: number): string =>
  `outputs: expected at most ${LIMITS.messageCharsMax} characters of JSON, got ${chars}: write long texts to files, and return their paths`;

/** The change with which the run began, unless the agent took all of it back. */
async function standing(
  workspaces: ActivityDeps['workspaces'],
  task: TaskRef,
  begunFrom: string | undefined,
): Promise<string | undefined> {
  if (begunFrom === undefined) return undefined;
  return (await workspaces.snapshot(task)).changedFiles.length === 0 ? undefined : begunFrom;
}

function uncommitted({ base }: TaskRef, error: unknown, known: AttemptFailureDetails): unknown {
  if (!(error instanceof PawlError) || error.code === 'unavailable') return error;
  if (!(error instanceof UnsolvedConflict))
    return stepFailure('git', error.message, { ...known, ...(isOfAgent(error) ? {} : { final: true }) });
  const files = error.files.slice(0, LIMITS.filesNamedMax);
  const where = files.length === 0 ? '' : ` in ${files.join(', ')}`;
  const which = error.ofAgent ? 'conflicts of its own' : `the conflicts with ${base}`;
  return stepFailure('conflict', `the agent has not solved ${which}${where}`, known);
}

/** Another attempt may leave out what this one has brought. */
const isOfAgent = (error: PawlError): boolean => error instanceof UnfilteredContent;

const knownOf = ({ session, usage }: AgentReport): Pick<AttemptResult, 'session' | 'usage'> => ({
  ...(session === undefined ? {} : { session }),
  ...(usage === undefined ? {} : { usage }),
});
