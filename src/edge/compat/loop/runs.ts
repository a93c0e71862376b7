/** Runs of the past: executions that are over. They stay where they are, so nothing is archived. */

import { basename, dirname, isAbsolute } from 'node:path';
import { z } from 'zod';
import type { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import { isOver } from '../../../domain/executions/execution-state.ts';
import { skillsIn } from '../../../domain/executions/state-parts.ts';
import { ExecutionId } from '../../../domain/ids.ts';
import type { Calls } from '../../../domain/operations.ts';
import { tool } from '../../mcp/tool.ts';
import { executionOf } from './finding.ts';
import { fieldsOf, RowEntry, rowEntry, rowsOf } from './shown-executions.ts';
import { conflict, LOOKS, OUTCOMES, outcomeOf } from './words.ts';

const RUNS_MAX = 100;
const RUNS_DEFAULT = 20;

const Moment = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'expected ISO 8601, such as 2026-11-21' });

const Run = RowEntry.extend({
  ...{ runId: z.string(), loop: z.string(), system: z.string(), outcome: z.enum(OUTCOMES) },
  completedAt: z.string(),
});

interface Over {
  readonly row: ExecutionRow;
  readonly run: z.input<typeof Run>;
}

interface Filter {
  readonly loop?: string | undefined;
  readonly system?: string | undefined;
  readonly module?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly outcome?: string | undefined;
}

/** Those that are over, newest first. */
async function runsOf(
  engine: Calls,
  { loop, system, module, since, until, outcome }: Filter,
): Promise<Over[]> {
  const { rows } = await rowsOf(engine, loop, undefined);
  return rows.flatMap((row): Over[] => {
    const run = runOf(row);
    if (run === undefined || (outcome !== undefined && run.outcome !== outcome)) return [];
    if (system !== undefined && !isOf(row, system)) return [];
    if (module !== undefined && !row.title.toLowerCase().includes(module.toLowerCase())) return [];
    const ended = Date.parse(run.completedAt);
    if (since !== undefined && ended < Date.parse(since)) return [];
    if (until !== undefined && ended > endOf(until)) return [];
    return [{ row, run }];
  });
}

/** A day ends with its last moment. */
const endOf = (text: string): number => Date.parse(text) + (text.includes('T') ? 0 : 24 * 3_600_000 - 1);

function runOf(row: ExecutionRow): z.input<typeof Run> | undefined {
  const outcome = outcomeOf(row.status);
  if (outcome === undefined) return undefined;
  const completedAt = row.closedAt ?? row.changedAt ?? row.startedAt;
  const system = basename(row.project);
  return { ...rowEntry(row), runId: row.id, loop: row.loop, system, outcome, completedAt };
}

/** A project by its folder's name, or by its path. */
const isOf = ({ project }: ExecutionRow, system: string): boolean =>
  isAbsolute(system) ? project === system : basename(project) === system;

const lineOf = ({ run }: Over): string =>
  `${run.runId}  ${run.outcome}  ${run.loop} in ${run.system}, ended ${run.completedAt}`;

export const queryRuns = tool({
  name: 'query_runs',
  title: 'Search runs of the past',
  description:
    'Search executions that are over, newest first. system is the name or path of a project, module a word of the title; include_state adds phases, skills and gates.',
  input: z.strictObject({
    loop: z.string().min(1).max(200).optional(),
    system: z.string().min(1).max(4096).optional(),
    module: z.string().min(1).max(200).optional(),
    since: Moment.optional(),
    until: Moment.optional(),
    outcome: z.enum(OUTCOMES).optional(),
    limit: z.int().min(1).max(RUNS_MAX).default(RUNS_DEFAULT),
    include_state: z.boolean().default(false),
  }),
  output: z.looseObject({ runs: z.array(Run), count: z.int(), total: z.int() }),
  hints: LOOKS,
  async call(engine, { limit, include_state: withState, ...filter }) {
    const all = await runsOf(engine, filter);
    const shown = all.slice(0, limit);
    const runs = withState
      ? await Promise.all(
          shown.map(async ({ run }) => ({ ...run, state: fieldsOf(await executionOf(engine, run.runId)) })),
        )
      : shown.map(({ run }) => run);
    return {
      structured: { runs, count: runs.length, total: all.length },
      text: shown.map(lineOf).join('\n') || 'there are none',
    };
  },
});

export const getRecentContext = tool({
  name: 'get_recent_context',
  title: 'What the last runs came to',
  description:
    'Tell what the last runs of a project came to: what was reported of their skills, and why one ended.',
  input: z.strictObject({
    system: z.string().min(1).max(4096),
    limit: z.int().min(1).max(RUNS_DEFAULT).default(3),
  }),
  output: z.looseObject({
    system: z.string(),
    runs: z.array(z.looseObject({ runId: z.string() })),
    count: z.int(),
  }),
  hints: LOOKS,
  async call(engine, { system, limit }) {
    const shown = (await runsOf(engine, { system })).slice(0, limit);
    const runs = await Promise.all(
      shown.map(async ({ run }) => {
        const state = await executionOf(engine, run.runId);
        const summaries = skillsIn(state).flatMap(({ id: skillId, summary, why }) =>
          summary === undefined && why === undefined ? [] : [{ skillId, summary: summary ?? why }],
        );
        return { ...run, notes: state.notes, ...(state.why !== undefined && { why: state.why }), summaries };
      }),
    );
    return {
      structured: { system, runs, count: runs.length },
      text: shown.map(lineOf).join('\n') || `no run in ${system} is over`,
    };
  },
});

export const archiveRun = tool({
  name: 'archive_run',
  title: 'Look where a run is kept',
  description:
    'Tell how a run ended and where it is kept. Pawl has no state files: an execution that is over stays to be read and searched, so this moves, prunes and changes nothing. state_file_path is its id, or a path that has it.',
  input: z.strictObject({
    state_file_path: z.string().min(1).max(4096),
    outcome: z.enum(OUTCOMES).optional(),
    prune_state: z.boolean().optional(),
  }),
  output: Run.extend({ archived: z.literal(false), message: z.string() }),
  hints: LOOKS,
  async call(engine, { state_file_path: path, outcome, prune_state: prunes = false }) {
    const { id, status } = await executionOf(engine, idIn(path), 'state_file_path');
    if (!isOver(status))
      throw conflict(`execution ${id} is ${status}: abort_execution ends it before its loop does`);
    const run = (await runsOf(engine, {})).find((one) => one.run.runId === id)?.run;
    if (run === undefined) throw conflict(`execution ${id} is not in the lists yet: call again`);
    const message = [
      `run ${id} ended as ${run.outcome} and stays: query_runs and get_execution read it`,
      ...(outcome === undefined || outcome === run.outcome
        ? []
        : [`it did not end as ${outcome}, whatever is said later`]),
      ...(prunes ? ['nothing was pruned'] : []),
    ].join('; ');
    return { structured: { ...run, archived: false as const, message }, text: message };
  },
});

/** `x_bugfix-7f3k`, or `data/executions/x_bugfix-7f3k/state.json`. */
const idIn = (path: string): string =>
  [basename(path), basename(dirname(path))].find((word) => ExecutionId.safeParse(word).success) ?? path;
