/**
 * What an attempt costs beyond its agent: its time against that of the same program started bare in the same run, and
 * the engine's memory for each agent that works. With the real Claude Code where the agents for the tests are installed
 * (`npm run pretest:agents`), on a scripted provider.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import { findAgent } from '../scripts/agents/place.mjs';
import { cacheFolder } from '../scripts/setup/cache.mjs';
import { CLAUDE_SETS } from '../src/adapters/agents/claude/settings.ts';
import { createClient } from '../src/client/temporal-client.ts';
import type { Pawl } from '../src/client.ts';
import type { AgentChoice } from '../src/domain/task-spec.ts';
import type { Endpoints } from '../src/engine/endpoints.ts';
import { startAnthropic } from '../test/agents/anthropic.ts';
import { withDetachedEngine } from './detached-engine.ts';
import { type Figure, median } from './figures.ts';
import { environmentIn } from './homes.ts';
import { residentMegabytes } from './memory.ts';
import { makeRepository } from './repository.ts';
import { stepsOf } from './steps.ts';

export interface AgentRunCounts {
  readonly runs: number;
  readonly atOnce: number;
}

/** A requirement that asks for this is never done. */
const HOLD = 'hold on';
const MODEL = 'claude-sonnet-4-5';
const KEY = 'sk-bench';
const START_MS_MAX = 60_000;

interface Subject {
  readonly name: string;
  readonly agent: AgentChoice;
  /** The same where it does not end; default: `agent`, told to hold on. */
  readonly held?: AgentChoice;
  /** The same work without Pawl. */
  bare(cwd: string): Promise<unknown>;
}

/** @param folder where homes and the repository are made */
export async function measureAgentRuns(folder: string, counts: AgentRunCounts): Promise<Figure[]> {
  const provider = await startAnthropic(({ afterTool, body }) => {
    if (body.includes(HOLD)) return { hang: true };
    if (afterTool) return { text: 'out.txt is written' };
    return { tool: 'Bash', input: { command: 'printf well > out.txt', description: 'Write it' } };
  });
  const userHome = join(folder, 'user');
  mkdirSync(userHome);
  const env = {
    ...environmentIn(join(folder, 'home')),
    HOME: userHome,
    // Programs that set-up has provided are not provided anew for this user.
    XDG_CACHE_HOME: dirname(cacheFolder()),
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: provider.url,
    PAWL_AGENTS_PER_HOST: String(counts.atOnce),
    PAWL_AGENTS_PER_REPOSITORY: String(counts.atOnce),
  };
  return withDetachedEngine(env, async ({ api, endpoints }) => {
    const repository = await makeRepository(join(folder, 'repository'));
    const figures: Figure[] = [];
    for (const subject of subjects(env)) {
      figures.push(...(await measureSubject(subject, { api, endpoints, folder, repository, counts })));
    }
    return figures;
  }).finally(() => provider.close());
}

function subjects(env: NodeJS.ProcessEnv): readonly Subject[] {
  const script = join(import.meta.dirname, 'holding-agent.mjs');
  const node = [process.execPath, script];
  const own: Subject = {
    name: 'a program of Node',
    agent: { name: 'command', command: node },
    held: { name: 'command', command: [...node, HOLD] },
    bare: (cwd) => execa(process.execPath, [script], { cwd, env, extendEnv: false, input: '' }),
  };
  const claude = findAgent('claude');
  if (claude === undefined) {
    process.stderr.write('Claude Code is left out: `npm run pretest:agents` installs it\n');
    return [own];
  }
  const flags = ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits'];
  return [
    own,
    {
      name: 'Claude Code',
      agent: { name: 'claude', command: [claude], model: MODEL },
      // With the settings that Pawl gives it, so that the rest is Pawl's.
      bare: (cwd) =>
        execa(claude, [...flags, '--model', MODEL, '--allowedTools', 'Bash'], {
          cwd,
          env: { ...env, ...CLAUDE_SETS },
          extendEnv: false,
          input: 'Write out.txt',
        }),
    },
  ];
}

interface Ground {
  readonly api: Pawl;
  readonly endpoints: Endpoints;
  readonly folder: string;
  readonly repository: string;
  readonly counts: AgentRunCounts;
}

async function measureSubject(subject: Subject, ground: Ground): Promise<Figure[]> {
  const { name } = subject;
  const { api, endpoints, folder, repository, counts } = ground;
  const connection = await Connection.connect({ address: endpoints.temporal });
  const run = (id: string, requirement: string, agent = subject.agent) =>
    api.run({ id, requirement, repository, agent, policy: { permissions: 'allow' } });
  const slug = subject.agent.name;
  try {
    const client = createClient(connection, endpoints.namespace);
    const bare: number[] = [];
    const attempts: number[] = [];
    // The first of each warms caches.
    for (let number = 0; number <= counts.runs; number += 1) {
      const cwd = mkdtempSync(join(folder, 'bare-'));
      await execa('git', ['init', '-q'], { cwd });
      const startedMs = performance.now();
      await subject.bare(cwd);
      const bareMs = performance.now() - startedMs;
      const id = `${slug}-${number}`;
      await run(id, 'Write out.txt');
      await untilAttempted(api, id);
      const attemptMs = (await stepsOf(client, id)).get('runAttempt') ?? Number.NaN;
      await api.cancel({ id });
      if (number === 0) continue;
      bare.push(bareMs);
      attempts.push(attemptMs);
    }
    const before = await residentMegabytes(endpoints.pid);
    const held = Array.from({ length: counts.atOnce }, (_, number) => `${slug}-held-${number}`);
    for (const id of held) await run(id, `Write out.txt, and ${HOLD}`, subject.held);
    await untilAtWork(api, held);
    const after = await residentMegabytes(endpoints.pid);
    for (const id of held) await api.cancel({ id });
    const group = `an attempt of ${name}`;
    return [
      { group, name: `started bare, median of ${counts.runs}`, value: median(bare), unit: 'ms' },
      { group, name: 'by Pawl, from scheduled to completed', value: median(attempts), unit: 'ms' },
      { group, name: 'Pawl : bare', value: median(attempts) / median(bare), unit: 'ratio' },
      {
        group,
        name: `engine per agent (RSS, ${counts.atOnce} at work)`,
        value: (after - before) / counts.atOnce,
        unit: 'MB',
      },
    ];
  } finally {
    await connection.close();
  }
}

async function untilAttempted(api: Pawl, id: string): Promise<void> {
  for await (const { attempts } of api.follow(id)) {
    const outcome = attempts[0]?.outcome ?? 'running';
    if (outcome === 'done') return;
    if (outcome !== 'running') throw new Error(`${id}: expected an attempt that is done, got ${outcome}`);
  }
}

async function untilAtWork(api: Pawl, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const isStarted = async () =>
      (await api.logs({ id })).lines.some(({ text }) => /^process \d+$/.test(text));
    const end = performance.now() + START_MS_MAX;
    while (!(await isStarted())) {
      if (performance.now() > end) throw new Error(`${id}: expected its agent at work, got none`);
      await sleep(100);
    }
  }
  // Until each has asked its provider and waits.
  await sleep(2_000);
}
