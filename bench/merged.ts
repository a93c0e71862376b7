/**
 * From a requirement to the merged change: what Pawl adds to an agent. What is not Pawl's is taken off: the agent's own
 * time as it notes it itself, the check's as the evidence says, and the person approves as soon as the gate opens.
 */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORK_SERVER_CHANNEL } from '../src/adapters/programs/fork-client.ts';
import { statesIn } from '../src/domain/events.ts';
import { TaskId } from '../src/domain/ids.ts';
import type { TaskState } from '../src/domain/task-state.ts';
import type { Bench } from './engine.ts';
import { type Figure, median } from './figures.ts';
import { historyFigures } from './histories.ts';
import { makeRepository } from './repository.ts';
import { stepsOf } from './steps.ts';

const AGENT = join(import.meta.dirname, 'agent.mjs');
const GROUP = 'requirement to merged, without agent and check';
const AGENT_AND_CHECK = 2;
/** By this process, and for it. */
const STARTS = ['child_process', FORK_SERVER_CHANNEL];

/** @param folder where the repository is made that the agent works on */
export async function measureMerged(bench: Bench, folder: string, runs: number): Promise<Figure[]> {
  const repository = await makeRepository(join(folder, 'repository'));
  const totals: number[] = [];
  const programs: number[] = [];
  const steps = new Map<string, number[]>();
  // The first makes the engine's mirror of the repository.
  for (let run = 0; run <= runs; run += 1) {
    const id = TaskId.parse(`agent-${run}`);
    const notes = join(folder, `${id}.ms`);
    const command = [process.execPath, AGENT, notes, id];
    const { tookMs, started, state } = await mergeOne(bench, { id, repository, command });
    if (run === 0) continue;
    const agentMs = Number(readFileSync(notes, 'utf8'));
    const checkMs = checksMsOf(state);
    totals.push(tookMs - agentMs - checkMs);
    programs.push(started - AGENT_AND_CHECK);
    for (const [step, ms] of await stepsOf(bench.client, id)) {
      const others = step === 'runAttempt' ? agentMs : step === 'runChecks' ? checkMs : 0;
      steps.set(step, [...(steps.get(step) ?? []), ms - others]);
    }
  }
  return [
    { group: GROUP, name: `median of ${runs}`, value: median(totals) / 1_000, unit: 's', aim: '< 0.4' },
    ...[...steps].map(([step, ms]) => ({
      group: GROUP,
      name: `of it ${step}`,
      value: median(ms),
      unit: 'ms' as const,
    })),
    {
      group: GROUP,
      name: 'programs started, all of them git',
      value: median(programs),
      unit: 'programs',
      aim: '≤ 20',
    },
    ...(await historyFigures(bench, `agent-${runs}`, 'an agent-run task', {
      events: '≤ 50',
      bytes: '≤ 20480',
    })),
  ];
}

interface Merge {
  readonly id: TaskId;
  readonly repository: string;
  /** Of the agent. */
  readonly command: readonly string[];
  readonly setup?: readonly string[] | undefined;
}

/** Takes a requirement to its merge, approving it at once. */
export async function mergeOne({ engine }: Bench, { id, repository, command, setup }: Merge) {
  const startedMs = performance.now();
  let started = 0;
  // A large process pays for each program that it starts: the system copies its page tables.
  const count = () => {
    started += 1;
  };
  for (const channel of STARTS) subscribe(channel, count);
  await engine.run({
    id,
    requirement: 'Make a file',
    repository,
    agent: { name: 'command', command: [...command] },
    ...(setup === undefined ? {} : { setup: [...setup] }),
    checks: [{ name: 'trivial', run: ['git', '--version'] }],
  });
  let last: TaskState | undefined;
  for await (const state of statesIn(engine.news(id, new AbortController().signal))) {
    last = state;
    if (state.status === 'awaiting_gate') await engine.approve({ id, by: 'bench' });
  }
  const tookMs = performance.now() - startedMs;
  for (const channel of STARTS) unsubscribe(channel, count);
  if (last?.status !== 'completed') {
    throw new Error(`${id}: expected a merged change, got ${last?.status}: ${last?.failure?.message}`);
  }
  return { tookMs, started, state: last };
}

export function checksMsOf({ gates }: TaskState): number {
  const evidence = gates.find(({ gate }) => gate === 'check')?.evidence ?? [];
  return evidence.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
