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
import type { Asked, Move, Play, Provider } from './play.ts';
import { provideAnthropic, provideChat, provideGemini, provideOpenAi } from './providers.ts';
import { agentProgram } from './rig.ts';

/** How each agent is asked for on the command line. */
const AGENTS = {
  claude: { provide: provideAnthropic, model: 'claude-sonnet-4-5' },
  codex: { provide: provideOpenAi, model: 'gpt-5-codex' },
  gemini: { provide: provideGemini, model: undefined },
  opencode: { provide: provideChat, model: undefined },
} as const;
type Name = keyof typeof AGENTS;
const NAMES = Object.keys(AGENTS) as Name[];
/** It keeps what its provider answers to itself and asks again, which cures what passes. */
const CURED = { rung: undefined, failure: undefined };

const writesWell: Play = ({ afterTool }) =>
  afterTool ? { text: 'written' } : { run: 'printf well > out.txt' };
/** The fault at first, then everything is fine. */
const once =
  (move: Move): Play =>
  (asked) =>
    asked.number === 1 ? move : works(asked);
/** Writes by its own tool for files; the workspace is where the agent says that it is. */
const works: Play = (asked) => {
  if (asked.afterTool) return { text: 'out.txt is written' };
  return { write: { path: join(workspaceIn(asked), 'out.txt'), text: 'well' } };
};
const workspaceIn = ({ body }: Asked): string => /[^\s"'\\<>]+\/workspaces\/[a-z0-9-]+/.exec(body)?.[0] ?? '';

interface Row {
  readonly play: Play;
  /** Of the first attempt. */
  readonly failure?: Readonly<Record<string, unknown>> | undefined;
  /** Why the second attempt was started; none where there is none. */
  readonly rung?: string | undefined;
  readonly code: number;
  readonly more?: readonly string[];
  /** Done to the agent once its provider was asked. */
  readonly signal?: 'SIGINT' | 'SIGKILL';
  /** What is otherwise with one agent; null where it cannot have this row, which the conformance suite says instead. */
  readonly but?: Readonly<Partial<Record<Name, Partial<Row> | null>>>;
}

const ROWS: Readonly<Record<string, Row>> = {
  fine: { play: works, code: 0 },
  'rate-limited': {
    play: once({ status: 429, headers: { 'retry-after': '1' } }),
    failure: { class: 'rate_limited', httpStatus: 429, retryAfterMs: 1_000 },
    // It keeps the header to itself, and so waits a minute: see below.
    but: { gemini: null, opencode: CURED },
    rung: 'resume',
    code: 0,
  },
  'server-error': {
    play: once({ status: 500 }),
    failure: { class: 'api_error', httpStatus: 500 },
    rung: 'resume',
    code: 0,
    but: { opencode: CURED },
  },
  unauthorized: {
    play: () => ({ status: 401 }),
    failure: { class: 'auth', httpStatus: 401 },
    code: 3,
    but: { opencode: null },
  },
  hangs: {
    play: once({ hang: true }),
    failure: { class: 'stalled' },
    rung: 'resume',
    code: 0,
    more: ['--stall', '6'],
  },
  drops: {
    play: once({ drop: true }),
    failure: { class: 'api_error' },
    rung: 'resume',
    code: 0,
    but: { opencode: CURED },
  },
  overflows: {
    play: once({
      status: 400,
      code: 'context_length_exceeded',
      message: 'prompt is too long: exceeds the context window',
    }),
    failure: { class: 'context_overflow', httpStatus: 400 },
    rung: 'restart',
    code: 0,
    but: { opencode: null },
  },
  interrupted: {
    play: once({ hang: true }),
    signal: 'SIGINT',
    failure: { class: 'interrupted' },
    rung: 'resume',
    code: 0,
  },
  killed: {
    play: once({ hang: true }),
    signal: 'SIGKILL',
    failure: { class: 'interrupted' },
    rung: 'resume',
    code: 0,
  },
  'no-change': { play: () => ({ text: 'nothing to do' }), failure: { class: 'no_change' }, code: 1 },
  'false-claim': {
    play: (asked) =>
      asked.afterTool
        ? { text: 'All tests pass.' }
        : { write: { path: join(workspaceIn(asked), `wrong-${asked.number}.txt`), text: `${asked.number}` } },
    rung: 'fix',
    code: 1,
  },
};

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
