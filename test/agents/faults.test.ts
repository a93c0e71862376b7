/**
 * What `pawl run` makes of what goes wrong with a real agent: class, status, retry-after, the rung that is taken and the
 * exit code, row by row. Nothing that is not done is told as done.
 */

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentsCache } from '../../scripts/agents/place.mjs';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { closed, type EngineRig, lastDocument, quoted, startRig } from '../e2e/rig.ts';
import { AGENTS, NAMES, type Name, ROWS, type Row, writesWell } from './fault-rows.ts';
import type { Play, Provider } from './play.ts';
import { agentProgram } from './rig.ts';

let rig: EngineRig;

let home: string;

let elsewhere: string;

const providers: Provider[] = [];

/** What each task's model does; a task is known by its id, which its requirement names. */
const plays = new Map<string, Play>();

const counts = new Map<string, number>();

const play: Play = (asked) => {
  const id = /task-of-[a-z-]+/.exec(asked.body)?.[0] ?? '';
  const number = (counts.get(id) ?? 0) + 1;
  counts.set(id, number);
  return plays.get(id)?.({ ...asked, number }) ?? writesWell(asked);
};

beforeAll(async () => {
  const parent = join(agentsCache(), 'test-homes');
  mkdirSync(parent, { recursive: true });
  home = mkdtempSync(join(parent, 'engine-'));
  elsewhere = mkdtempSync(join(parent, 'elsewhere-'));
  for (const name of Object.keys(AGENTS) as Name[])
    providers.push(await AGENTS[name].provide(play, { home }));
  const environment = Object.assign({}, ...providers.map((provider) => provider.environment));
  // Gemini takes no settings from a folder that everybody may write into.
  process.env.TMPDIR = home;
  rig = await startRig({ ...environment, HOME: home, PAWL_AGENTS_PER_HOST: '4' });
});

afterAll(async () => {
  for (const provider of providers) await provider.close();
  await rig.close();
  for (const folder of [home, elsewhere]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const CHECK = 'test -f out.txt';

async function run(name: Name, id: string, more: readonly string[] = []) {
  const repository = newRepository();
  const { model } = AGENTS[name];
  const told = await rig.pawl([
    ...['run', `Write out.txt, for task-of-${id}`, '--id', id, '--repo', repository, '--agent', name],
    ...['--agent-command', quoted([agentProgram(name)]), '--check', CHECK, '--yes', '--json'],
    ...(model === undefined ? [] : ['--model', model]),
    ...more,
  ]);
  return { told, repository };
}

/** Ends the agent of a task once it waits for its provider. */
async function endAgent(id: string, key: string, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  await expect.poll(() => counts.get(key) ?? 0, { timeout: 40_000 }).toBeGreaterThan(0);
  const { lines } = await rig.api.logs({ id });
  const started = lines.flatMap(({ text }) => /^process (\d+)$/.exec(text)?.[1] ?? []);
  process.kill(Number(started[0]), signal);
}

describe.each(NAMES)('%s', (name) => {
  const rows = Object.entries(ROWS).flatMap(([fault, { but, ...row }]): [string, Row][] => {
    const own = but?.[name];
    return own === null ? [] : [[fault, { ...row, ...own }]];
  });
  it.each(rows)('%s', async (fault, row) => {
    const expected = row.failure;
    const id = `${name}-${fault}`;
    const key = `task-of-${id}`;
    plays.set(key, row.play);
    const running = run(name, id, row.more);
    if (row.signal !== undefined) await endAgent(id, key, row.signal);
    const { told, repository } = await running;
    const { task } = lastDocument(told.out) as { task: TaskState };
    expect({ code: told.code, failure: task.attempts[0]?.failure }, told.err).toMatchObject({
      code: row.code,
      ...(expected === undefined ? {} : { failure: expected }),
    });
    expect(task.attempts[1]?.reason).toBe(row.rung);
    // What is told as done is done.
    const merged = userGit(repository, 'ls-tree', '--name-only', 'main').includes('out.txt');
    expect(merged).toBe(row.code === 0);
    if (row.code === 3) await rig.api.cancel({ id });
    expect(closed(await rig.api.show({ id }))).toBe(true);
  });
});

it.each(['claude', 'codex', 'gemini'] as const)(
  '%s, told to wait without a time, waits a minute and says so',
  async (name) => {
    const id = `${name}-quota`;
    plays.set(`task-of-${id}`, () => ({ status: 429 }));
    const running = run(name, id);
    await expect
      .poll(async () => (await rig.api.show({ id }).catch(() => undefined))?.waitingFor, { timeout: 40_000 })
      .toBe('the provider, for 60 s');
    await rig.api.cancel({ id });
    expect((await running).told.code).toBe(1);
  },
);

describe('what an agent may not do', () => {
  const wish = (name: Name) => {
    // Not below TMPDIR, where the sandbox of codex lets it write.
    const outside = join(elsewhere, `outside-${name}.txt`);
    // Found by trying: not one of the commands that an agent takes for harmless.
    const command = `node -e "fs.writeFileSync('${outside}', '')" && touch ${outside}`;
    plays.set(`task-of-${name}-denied`, ({ afterTool }) =>
      afterTool ? { text: 'so be it' } : { run: command },
    );
    return outside;
  };

  it.each(['claude', 'gemini', 'opencode'] as const)(
    'is a gate for a person, and done once granted: %s',
    async (name) => {
      const id = `${name}-denied`;
      const outside = wish(name);
      expect((await run(name, id)).told.code).toBe(3);
      expect(existsSync(outside)).toBe(false);
      const waiting = await rig.api.show({ id });
      expect(waiting.attempts[0]).toMatchObject({ failure: { class: 'permission' } });
      expect(waiting.gates.at(-1)).toMatchObject({
        gate: 'approval',
        status: 'open',
        permission: { title: expect.stringContaining(outside) },
      });
      await rig.api.approve({ id, by: 'ann' });
      const isOver = ({ attempts: [, second] }: TaskState) => (second?.outcome ?? 'running') !== 'running';
      const state = await rig.until(id, isOver);
      expect(state.attempts[1]).toMatchObject({ reason: 'permission' });
      if (name !== 'gemini') expect(state.attempts[1]?.session).toBe(waiting.attempts[0]?.session);
      expect(existsSync(outside)).toBe(true);
      await rig.api.cancel({ id });
    },
  );

  it('is refused by the sandbox of codex, and nothing that it says of it counts', async () => {
    const outside = wish('codex');
    const { told } = await run('codex', 'codex-denied');
    const { task } = lastDocument(told.out) as { task: TaskState };
    expect({ code: told.code, class: task.attempts[0]?.failure?.class }).toEqual({
      code: 1,
      class: 'no_change',
    });
    expect(existsSync(outside)).toBe(false);
  });
});
