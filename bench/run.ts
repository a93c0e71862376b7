/**
 * `npm run bench`: what Pawl costs, in one run on one server. Each part's table on stdout as soon as it is measured, with
 * `--json` one JSON document at the end; progress on stderr. `--only mcp,memory` measures these parts alone. `--quick` takes
 * seconds and says little more than that the bench works. `--page-seconds 1800` watches the memory of the live page for so long.
 * A part that fails is named, the others go on, and the exit code is 1; the live page is left out where there is no browser.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentRunCounts, measureAgentRuns } from './agent-runs.ts';
import { type CheckCounts, measureChecks } from './checks.ts';
import { type CpuCounts, measureCpuTime } from './cpu-time.ts';
import { type Bench, withEngine } from './engine.ts';
import { type ExecutionCounts, measureExecutions } from './executions.ts';
import { type Figure, tableOf } from './figures.ts';
import { measureLifecycleHistory } from './histories.ts';
import { withFolder } from './homes.ts';
import { measureIdle } from './idle.ts';
import { type LifecycleCounts, measureLifecycles } from './lifecycles.ts';
import { type McpCounts, measureMcp } from './mcp.ts';
import { measureMemory } from './memory.ts';
import { measureMerged } from './merged.ts';
import { measurePage, type PageCounts } from './page.ts';
import { measureResume } from './resume.ts';
import { measureSecondStart } from './second-start.ts';

interface Extent {
  readonly lifecycles: LifecycleCounts;
  readonly mergedRuns: number;
  readonly checks: CheckCounts;
  readonly agentRuns: AgentRunCounts;
  readonly idleSeconds: number;
  readonly openTasks: number;
  readonly mcp: McpCounts;
  readonly cpu: CpuCounts;
  readonly executions: ExecutionCounts;
  readonly page: PageCounts;
  readonly crashes: number;
  readonly secondStart: boolean;
}

const FULL: Extent = {
  lifecycles: { warmUp: 400, rounds: 6, perRound: 20, parallelTimes: 5 },
  mergedRuns: 10,
  checks: { runs: 3, agentSeconds: 5, setupSeconds: 3 },
  agentRuns: { runs: 7, atOnce: 4 },
  idleSeconds: 10,
  openTasks: 200,
  mcp: { tasks: [1_000, 10_000], calls: 100, restSeconds: 20, starts: 5 },
  cpu: { readers: 200, updates: 10, runs: 10 },
  executions: { gates: 20, atOnce: 200, items: 100 },
  page: {
    lines: { agents: 4, readers: 20, lines: 200 },
    paints: 20,
    heapSeconds: 60,
    search: { tasks: 10_000, words: 8 },
  },
  crashes: 7,
  secondStart: true,
};
const QUICK: Extent = {
  lifecycles: { warmUp: 5, rounds: 1, perRound: 5, parallelTimes: 4 },
  mergedRuns: 1,
  checks: { runs: 1, agentSeconds: 0.5, setupSeconds: 0.3 },
  agentRuns: { runs: 1, atOnce: 2 },
  idleSeconds: 1,
  openTasks: 20,
  mcp: { tasks: [100, 200], calls: 5, restSeconds: 0, starts: 1 },
  cpu: { readers: 10, updates: 5, runs: 1 },
  executions: { gates: 1, atOnce: 5, items: 3 },
  page: {
    lines: { agents: 2, readers: 3, lines: 5 },
    paints: 1,
    heapSeconds: 2,
    search: { tasks: 1_000, words: 1 },
  },
  crashes: 1,
  secondStart: false,
};

const progress = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Parts on one engine in this process, in this order. */
const ON_ENGINE: Readonly<
  Record<string, (bench: Bench, folder: string, extent: Extent) => Promise<Figure[]>>
> = {
  history: (bench) => measureLifecycleHistory(bench),
  merged: (bench, folder, { mergedRuns }) => measureMerged(bench, folder, mergedRuns),
  checks: (bench, folder, { checks }) => measureChecks(bench, folder, checks),
  idle: (bench, _, { idleSeconds }) => measureIdle(bench, idleSeconds),
  // Last, because bundling the bare workflow makes this process larger than an engine is.
  lifecycles: (bench, _, { lifecycles }) => measureLifecycles(bench, lifecycles),
};
/** Parts with programs of their own, in a folder of their own. */
const APART: Readonly<Record<string, (folder: string, extent: Extent) => Promise<Figure[]>>> = {
  agents: (folder, { agentRuns }) => measureAgentRuns(folder, agentRuns),
  memory: (home, { openTasks }) => measureMemory(home, openTasks),
  cpu: (folder, { cpu }) => measureCpuTime(folder, cpu),
  executions: (folder, { executions }) => measureExecutions(folder, executions),
  mcp: (folder, { mcp }) => measureMcp(folder, mcp),
  page: (folder, { page }) => measurePage(folder, page),
  resume: (folder, { crashes }) => measureResume(folder, crashes),
  'second-start': async (folder, { secondStart }) => (secondStart ? measureSecondStart(folder) : []),
};
const PARTS = [...Object.keys(ON_ENGINE), ...Object.keys(APART)];

interface Failed {
  readonly part: string;
  readonly problem: string;
}
const figures: Figure[] = [];
const failed: Failed[] = [];

/** Measures one part and tells what it found at once; one that fails keeps no other from being measured. */
async function measure(part: string, act: () => Promise<readonly Figure[]>): Promise<void> {
  progress(`${part} …`);
  try {
    const found = await act();
    figures.push(...found);
    if (!values.json && found.length > 0) process.stdout.write(`${tableOf(found)}\n\n`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    failed.push({ part, problem });
    progress(`✘ ${part}: ${problem}`);
  }
}

async function measureOnEngine(parts: readonly string[], extent: Extent): Promise<void> {
  const left = new Set(parts);
  const measureAll = (folder: string) => async (bench: Bench) => {
    for (const [part, act] of Object.entries(ON_ENGINE)) {
      if (left.delete(part)) await measure(part, () => act(bench, folder, extent));
    }
  };
  await withFolder((folder) => withEngine(join(folder, 'home'), measureAll(folder))).catch((error: unknown) =>
    // An engine that does not come up, or does not end.
    measure([...left, 'engine'].join(', '), () => Promise.reject(error)),
  );
}

/** @throws TypeError for a part that there is not */
function partsIn(only: string | undefined): readonly string[] {
  const parts = only?.split(',') ?? PARTS;
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0)
    throw new TypeError(`--only: no part ${unknown.join(', ')}: expected ${PARTS.join(', ')}`);
  return parts;
}

/** @throws TypeError for what is no number of seconds */
function extentFor(extent: Extent, pageSeconds: string | undefined): Extent {
  if (pageSeconds === undefined) return extent;
  if (!/^[1-9]\d{0,4}$/.test(pageSeconds))
    throw new TypeError(`--page-seconds: expected whole seconds from 1 to 99999, got ${pageSeconds}`);
  return { ...extent, page: { ...extent.page, heapSeconds: Number(pageSeconds) } };
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'page-seconds': { type: 'string' },
  },
});
const extent = extentFor(values.quick ? QUICK : FULL, values['page-seconds']);
const parts = partsIn(values.only);
const onEngine = parts.filter((part) => Object.hasOwn(ON_ENGINE, part));
if (onEngine.length > 0) await measureOnEngine(onEngine, extent);
for (const [part, act] of Object.entries(APART)) {
  if (parts.includes(part)) await measure(part, () => withFolder((folder) => act(folder, extent)));
}
if (values.json) process.stdout.write(`${JSON.stringify({ quick: values.quick, figures, failed })}\n`);
if (failed.length > 0) {
  progress(`not measured: ${failed.map(({ part }) => part).join(', ')}`);
  process.exitCode = 1;
}
