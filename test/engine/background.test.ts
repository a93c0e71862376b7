/** The engine in the background, with real processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/adapters/programs/processes.ts';
import { placesIn } from '../../src/config.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { marksOf } from '../../src/domain/marks.ts';
import { ensureEngine, environmentOf, withFreePort } from '../../src/engine/background.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { engineProcessOf } from '../../src/engine/engine-lock.ts';
import { hostIdOf, makeHome } from '../../src/engine/home.ts';
import { stopEngine } from '../../src/engine/stop-engine.ts';
import { configOf, temporalsOf, temporaryHome, until } from './engine-rig.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/engine');
const PROGRAM = [join(FIXTURES, 'up.ts')];
let home = '';
let remove = () => {};
const notices: string[] = [];
beforeEach(() => {
  ({ home, remove } = temporaryHome());
  notices.length = 0;
});
afterEach(async () => {
  await stopEngine(configOf(home));
  expect(temporalsOf(home)).toEqual([]);
  remove();
});

const ensure = (more = {}) =>
  ensureEngine(configOf(home, more), (line) => notices.push(line), { program: PROGRAM });

it('is one, however many need it at once, and is found again', async () => {
  const env = { ...process.env, PAWL_HOME: home, PAWL_PORT: '0' };
  const asked = await Promise.all(
    Array.from({ length: 10 }, () => execa(process.execPath, [join(FIXTURES, 'ensure.ts')], { env })),
  );
  const live = await liveEndpoints(home);
  expect(new Set(asked.map(({ stdout }) => stdout))).toEqual(new Set([String(live?.pid)]));
  expect(temporalsOf(home)).toHaveLength(1);
  expect(await ensure()).toEqual(live);
  expect(notices).toEqual([]);
  expect(await stopEngine(configOf(home))).toMatchObject({ stopped: true });
  expect(live && isRunning(live)).toBe(false);
  expect(existsSync(placesIn(home).endpoints)).toBe(false);
  expect(await stopEngine(configOf(home))).toMatchObject({ stopped: false });
});

it('is waited for no longer than one wants to, and goes on starting', async () => {
  const leaving = new AbortController();
  const notice = (line: string) => {
    notices.push(line);
    leaving.abort();
  };
  const waited = ensureEngine(configOf(home), notice, { program: PROGRAM, signal: leaving.signal });
  await expect(waited).rejects.toThrow('aborted');
  expect(await liveEndpoints(home)).toBeUndefined();
  const live = await ensure();
  expect(isRunning(live)).toBe(true);
  expect(temporalsOf(home)).toHaveLength(1);
});

it('takes another port where something else has its own, and says who that is', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const notice = (line: string) => notices.push(line);
  const config = configOf(home, { port });
  const live = await ensureEngine(withFreePort(config, notice), notice, { program: PROGRAM });
  expect(notices[0]).toMatch(new RegExp(`^port ${port} is in use by .* \\(pid ${process.pid}\\)`));
  expect(live.api).not.toContain(`:${port}`);
  other.close();
  await once(other, 'close');
  expect(withFreePort(config, notice)).toBe(config);
});

it('comes back after a SIGKILL on the Temporal that was left, and says that it starts', async () => {
  const first = await ensure();
  expect(notices).toEqual([`starting an engine in the background (log: ${placesIn(home).log})`]);
  const [temporal] = temporalsOf(home);
  process.kill(first.pid, 'SIGKILL');
  await until(() => !isRunning(first));
  expect(await liveEndpoints(home)).toBeUndefined();
  const second = await ensure();
  expect(second.pid).not.toBe(first.pid);
  expect(second.temporal).toBe(first.temporal);
  expect(temporalsOf(home)).toEqual([temporal]);
  expect(readFileSync(placesIn(home).log, 'utf8')).toContain(`taking over the Temporal (pid ${temporal})`);
});

it('killed at any moment of its start leaves nothing that hinders the next', async () => {
  for (const delayMs of [0, 150, 300, 450, 600]) {
    const child = spawn(process.execPath, PROGRAM, {
      env: { ...process.env, ...environmentOf(configOf(home), {}) },
      stdio: 'ignore',
    });
    setTimeout(() => child.kill('SIGKILL'), delayMs);
    await once(child, 'exit');
    expect(temporalsOf(home).length).toBeLessThanOrEqual(1);
  }
  await ensure();
  expect(temporalsOf(home)).toHaveLength(1);
});

it('ends what a killed engine left', async () => {
  const { pid } = await ensure();
  process.kill(pid, 'SIGKILL');
  expect(temporalsOf(home)).toHaveLength(1);
  await until(() => engineProcessOf(home) === undefined);
  expect(await stopEngine(configOf(home))).toMatchObject({ stopped: true });
  expect(temporalsOf(home)).toEqual([]);
});

it('does not end a process that merely has the pid of an engine before', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const note = { pid: bystander.pid, startedAt: 'another time', since: new Date().toISOString() };
  writeFileSync(placesIn(home).engineProcess, JSON.stringify(note));
  expect(await stopEngine(configOf(home))).toMatchObject({ stopped: false });
  expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  bystander.kill('SIGKILL');
});

it('that cannot start is told with the last line of its log, and the next one starts', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(ensure({ port })).rejects.toThrow(
    new RegExp(
      `^the engine did not start: pawl: port ${port} is in use by \\w+.* \\(log: ${placesIn(home).log}\\)$`,
    ),
  );
  server.close();
  await once(server, 'close');
  expect(new URL((await ensure({ port })).api).port).toBe(String(port));
});

it('in a home that does not exist is none to stop', async () => {
  const config = configOf(join(home, 'nowhere'));
  expect(await stopEngine(config)).toMatchObject({ stopped: false });
  expect(existsSync(config.home)).toBe(false);
});

it('gets the settings of who started it, and nothing of an npm around', () => {
  const env = {
    PATH: '/bin',
    npm_lifecycle_event: 'start',
    TEMPORAL_ADDRESS: 'other',
    PAWL_PORT: '1',
    PAWL_TEMPORAL_UI: 'http://other',
    PAWL_TOKEN: 't',
  };
  const temporal = { kind: 'external', profile: 'mine', ui: 'http://127.0.0.1:8233' } as const;
  const config = configOf(home, { port: 4711, temporal });
  expect(environmentOf(config, env)).toEqual({
    PATH: '/bin',
    PAWL_TOKEN: 't',
    PAWL_WORKER: 'on',
    PAWL_HOME: home,
    PAWL_HOST: '127.0.0.1',
    PAWL_PORT: '4711',
    PAWL_AGENTS_PER_HOST: '1',
    PAWL_AGENTS_PER_REPOSITORY: '1',
    PAWL_GITHUB_POLL_SECONDS: '20',
    PAWL_WORKFLOWS_CACHED: '200',
    PAWL_BALLAST_MB: '0',
    TEMPORAL_PROFILE: 'mine',
    PAWL_TEMPORAL_UI: 'http://127.0.0.1:8233',
  });
});

it('is no program of an attempt of its home, whose agent brought it back; of another home’s it is', () => {
  makeHome(home);
  const markIn = (mark: string) => environmentOf(configOf(home), { PAWL_PROCESS: mark }).PAWL_PROCESS;
  const own = marksOf(hostIdOf(home));
  expect(markIn(own.ofAttempt({ id: TaskId.parse('fix') }, 2))).toBeUndefined();
  expect(markIn(own.ofStep('fix', 'check'))).toBeUndefined();
  const other = marksOf('another-home').ofAttempt({ id: TaskId.parse('fix') }, 2);
  expect(markIn(other)).toBe(other);
});

it('as `pawl up` in a home that is none exits with one line', async () => {
  const path = join(home, 'file');
  writeFileSync(path, '');
  const pawl = join(import.meta.dirname, '../../bin/pawl');
  const env = { ...process.env, ...environmentOf(configOf(path), {}) };
  const { exitCode, stderr } = await execa(process.execPath, [pawl, 'up'], { env, reject: false });
  expect([exitCode, stderr]).toEqual([2, `pawl: ${path} is not a folder: set PAWL_HOME to one`]);
});

describe('in the foreground under npm', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('it ends when npm gets %s', async (signal) => {
    const folder = join(home, 'package');
    mkdirSync(folder);
    const start = `${JSON.stringify(process.execPath)} ${JSON.stringify(PROGRAM[0])}`;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', scripts: { start } }));
    const npm = spawn('npm', ['start'], {
      cwd: realpathSync(folder),
      env: { ...environmentOf(configOf(home), process.env) },
      stdio: 'ignore',
    });
    await until(async () => (await liveEndpoints(home)) !== undefined);
    const engine = engineProcessOf(home);
    npm.kill(signal);
    await until(() => engine !== undefined && !isRunning(engine));
    expect(temporalsOf(home)).toEqual([]);
    expect(existsSync(placesIn(home).endpoints)).toBe(false);
  });
});
