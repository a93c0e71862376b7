/**
 * `npm run bench`: what Pawl costs, in one run on one server. A table on stdout, with `--json` one JSON document;
 * progress on stderr. `--quick` takes seconds and says little more than that the bench works.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgentRunCounts, measureAgentRuns } from './agent-runs.ts';
import { type Bench, withEngine } from './engine.ts';
import { type Figure, tableOf } from './figures.ts';
import { measureLifecycleHistory } from './histories.ts';
import { withFolder } from './homes.ts';
import { measureIdle } from './idle.ts';
import { type LifecycleCounts, measureLifecycles } from './lifecycles.ts';
import { type McpCounts, measureMcp } from './mcp.ts';
import { measureMemory } from './memory.ts';
import { measureMerged } from './merged.ts';
import { measureSecondStart } from './second-start.ts';

interface Extent {
  readonly lifecycles: LifecycleCounts;
  readonly mergedRuns: number;
  readonly agentRuns: AgentRunCounts;
  readonly idleSeconds: number;
  readonly openTasks: number;
  readonly mcp: McpCounts;
  readonly secondStart: boolean;
}

const FULL: Extent = {
  lifecycles: { rounds: 6, perRound: 20, parallelTimes: 5 },
  mergedRuns: 10,
  agentRuns: { runs: 7, atOnce: 4 },
  idleSeconds: 10,
  openTasks: 200,
  mcp: { tasks: [1_000, 10_000], calls: 100, restSeconds: 20, starts: 5 },
  secondStart: true,
};
const QUICK: Extent = {
  lifecycles: { rounds: 1, perRound: 5, parallelTimes: 4 },
  mergedRuns: 1,
  agentRuns: { runs: 1, atOnce: 2 },
  idleSeconds: 1,
  openTasks: 20,
  mcp: { tasks: [100, 200], calls: 5, restSeconds: 0, starts: 1 },
  secondStart: false,
};

const progress = (line: string): boolean => process.stderr.write(`${line}\n`);

async function measureEngine(bench: Bench, folder: string, extent: Extent): Promise<Figure[]> {
  progress('history …');
  const history = await measureLifecycleHistory(bench);
  progress('requirements to merged changes …');
  const merged = await measureMerged(bench, folder, extent.mergedRuns);
  progress('an engine at rest …');
  const idle = await measureIdle(bench, extent.idleSeconds);
  // Last, because bundling the bare workflow makes this process larger than an engine is.
  progress('lifecycles of Pawl and of a bare SDK workflow …');
  const lifecycles = await measureLifecycles(bench, extent.lifecycles);
  return [...lifecycles, ...history, ...merged, ...idle];
}

async function measureAll(extent: Extent): Promise<Figure[]> {
  const engine = await withFolder((folder) =>
    withEngine(join(folder, 'home'), (bench) => measureEngine(bench, folder, extent)),
  );
  progress('attempts and their agents …');
  const agents = await withFolder((folder) => measureAgentRuns(folder, extent.agentRuns));
  progress('memory …');
  const memory = await withFolder((home) => measureMemory(home, extent.openTasks));
  progress('MCP over stdio …');
  const mcp = await withFolder((folder) => measureMcp(folder, extent.mcp));
  const figures = [...engine, ...agents, ...memory, ...mcp];
  if (!extent.secondStart) return figures;
  progress('a second npm start …');
  return [...figures, ...(await withFolder(measureSecondStart))];
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const figures = await measureAll(values.quick ? QUICK : FULL);
process.stdout.write(
  values.json ? `${JSON.stringify({ quick: values.quick, figures })}\n` : `${tableOf(figures)}\n`,
);
