/** What of an engine ends with it that does not end when it is asked to, or was killed before; with real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkers } from '../../src/adapters/files/workers.ts';
import { markedProcesses, sendSignal, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { placesIn } from '../../src/config.ts';
import { engineProcessOf } from '../../src/engine/engine-lock.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { stopEngine } from '../../src/engine/stop-engine.ts';
import { journalOf } from '../../src/left-programs.ts';
import { configOf, temporaryHome, until } from './engine-rig.ts';

const PROGRAM = join(import.meta.dirname, '../fixtures/engine/at-work.ts');
const STOP_MS = 200;

let home = '';
let remove = () => {};
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(() => {
  for (const pid of markedProcesses(hostIdOf(home))) sendSignal(pid, 'SIGKILL');
  remove();
});

async function engineAtWork(): Promise<{ engine: ChildProcess; agent: number }> {
  const engine = spawn(process.execPath, ['--no-warnings', PROGRAM, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(engine.stdout, 'data');
  return { engine, agent: Number(said) };
}

const attempt = { id: 'fix-login.run.7.1', workflowId: 'fix-login' };
const leftOvers = () => {
  const places = placesIn(home);
  return journalOf(places, createWorkers(places)).leftOvers();
};

it('that does not answer is killed, and its programs end; its steps are left to the next engine', async () => {
  const { engine, agent } = await engineAtWork();
  engine.kill('SIGSTOP');
  expect(await stopEngine(configOf(home), { stopMs: STOP_MS })).toEqual({
    stopped: true,
    killed: true,
    ended: [{ of: 'attempt 2 of fix-login', pids: [agent] }],
    left: [],
  });
  expect(startTimeOf(agent)).toBeUndefined();
  await until(() => createWorkers(placesIn(home)).lost().length === 1);
  expect(await leftOvers()).toEqual([expect.objectContaining(attempt)]);
});

it('that does not end at once is told of while it is waited for, and before it is killed', async () => {
  const { engine } = await engineAtWork();
  engine.kill('SIGSTOP');
  const notices: string[] = [];
  const onNotice = (line: string) => notices.push(line);
  expect(await stopEngine(configOf(home), { stopMs: 1_500, onNotice })).toMatchObject({ killed: true });
  expect(notices).toEqual([
    `the engine (pid ${engine.pid}) is asked to end, and killed where it has not within 1.5 s`,
    `the engine (pid ${engine.pid}) has not ended: it is killed`,
  ]);
});

it('that was killed before has left its programs, which end', async () => {
  const { engine, agent } = await engineAtWork();
  engine.kill('SIGKILL');
  await until(() => engineProcessOf(home) === undefined);
  expect(await stopEngine(configOf(home), { stopMs: STOP_MS })).toMatchObject({
    ...{ stopped: true, killed: false, left: [] },
    ended: [{ of: 'attempt 2 of fix-login', pids: [agent] }],
  });
  expect(await leftOvers()).toEqual([expect.objectContaining(attempt)]);
  expect(await stopEngine(configOf(home), { stopMs: STOP_MS })).toEqual({
    ...{ stopped: false, killed: false, ended: [], left: [] },
  });
});

it('whose journal cannot be read is told with what still runs', async () => {
  const { engine, agent } = await engineAtWork();
  engine.kill('SIGSTOP');
  const { journal } = placesIn(home);
  rmSync(journal, { recursive: true });
  writeFileSync(journal, '');
  expect(await stopEngine(configOf(home), { stopMs: STOP_MS })).toEqual({
    ...{ stopped: true, killed: true, ended: [] },
    left: [{ of: 'steps of this home', pids: [agent], reason: expect.stringContaining(journal) }],
  });
  expect(startTimeOf(agent)).toBeDefined();
});
