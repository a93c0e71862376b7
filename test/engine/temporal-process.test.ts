/** The embedded Temporal, supervised: real servers, killed and left over. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allPids, argumentsOf, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { type Places, placesIn } from '../../src/config.ts';
import { type EngineLock, takeEngineLock } from '../../src/engine/engine-lock.ts';
import { removeNote, writeNote } from '../../src/engine/noted-file.ts';
import { servesDatabase, temporalArguments } from '../../src/engine/temporal-command.ts';
import { isServing, untilServing } from '../../src/engine/temporal-health.ts';
import { startTemporal, type TemporalProcess } from '../../src/engine/temporal-process.ts';
import { temporalProgram } from '../../src/engine/temporal-program.ts';

let home = '';
let places: Places;
let lock: EngineLock;
let notices: string[] = [];
let lost: string[] = [];
const running = new Set<TemporalProcess>();

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-temporal-')));
  places = placesIn(home);
  lock = await takeEngineLock(home);
  notices = [];
  lost = [];
});
afterEach(async () => {
  for (const temporal of running) await temporal.stop();
  running.clear();
  lock.release();
  for (const pid of serving()) process.kill(pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const serving = () => allPids().filter((pid) => servesDatabase(argumentsOf(pid), places.database));

async function start(signal?: AbortSignal): Promise<TemporalProcess> {
  const temporal = await startTemporal({
    program: await temporalProgram(),
    home,
    places,
    lock,
    onNotice: (line) => notices.push(line),
    onLost: (reason) => lost.push(reason),
    signal,
  });
  running.add(temporal);
  return temporal;
}

/** What a killed engine leaves: its Temporal, which nobody watches. */
async function leftOver(
  grpc = 0,
): Promise<{ pid: number; startedAt: string; ports: { grpc: number; ui: number } }> {
  const ports = { grpc: grpc || (await anyPort()), ui: await anyPort() };
  const child = spawn(await temporalProgram(), temporalArguments(places.database, ports), {
    detached: true,
    stdio: 'ignore',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('temporal did not start');
  expect(await untilServing(`127.0.0.1:${ports.grpc}`, AbortSignal.timeout(30_000))).toBe(true);
  return { pid, startedAt: startTimeOf(pid) ?? '', ports };
}

const anyPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

const startWorkflow = (address: string, workflowId: string) =>
  withConnection(address, (connection) =>
    connection.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId,
      requestId: workflowId,
      workflowType: { name: 'none' },
      taskQueue: { name: 'none' },
    }),
  );

const describeWorkflow = (address: string, workflowId: string) =>
  withConnection(address, (connection) =>
    connection.workflowService.describeWorkflowExecution({ namespace: 'default', execution: { workflowId } }),
  );

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

it('is started again on the same ports when it is killed, with what was acknowledged', async () => {
  const temporal = await start();
  const { address, ui } = temporal;
  expect((await fetch(ui)).status).toBe(200);
  for (let round = 0; round < 2; round += 1) {
    await until(() => isServing(address));
    await startWorkflow(address, `w-${round}`);
    const pid = temporal.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(() => ![undefined, pid].includes(temporal.pid()));
    expect(temporal.address).toBe(address);
    const { workflowExecutionInfo } = await describeWorkflow(address, `w-${round}`);
    expect(workflowExecutionInfo?.execution?.workflowId).toBe(`w-${round}`);
  }
  expect((await fetch(ui)).status).toBe(200);
  expect(notices.filter((line) => line === 'Temporal ended (SIGKILL); starting it again')).toHaveLength(2);
  expect(serving()).toHaveLength(1);
  await temporal.stop();
  await temporal.stop();
  expect(serving()).toEqual([]);
  expect(lost).toEqual([]);
});

it('is taken over when a killed engine left it, and watched and ended like a child', async () => {
  const left = await leftOver();
  writeNote(places.temporalProcess, left);
  const temporal = await start();
  expect(temporal.pid()).toBe(left.pid);
  expect(temporal.address).toBe(`127.0.0.1:${left.ports.grpc}`);
  process.kill(left.pid, 'SIGKILL');
  await until(() => ![undefined, left.pid].includes(temporal.pid()));
  expect(await isServing(`127.0.0.1:${left.ports.grpc}`)).toBe(true);
  await temporal.stop();
  expect(serving()).toEqual([]);
});

it.each([
  ['was never noted', () => removeNote(places.temporalProcess)],
  ['was noted as about to start', () => writeNote(places.temporalProcess, { starting: true })],
  [
    'was noted with the pid of a process that started at another time',
    (left: { pid: number; ports: unknown }) =>
      writeNote(places.temporalProcess, { ...left, startedAt: 'another' }),
  ],
])('ends a left-over that %s before it starts its own', async (_, note) => {
  const left = await leftOver();
  note(left);
  const temporal = await start();
  expect(temporal.pid()).not.toBe(left.pid);
  expect(serving()).toEqual([temporal.pid()]);
  expect(notices).toContain('ended a Temporal that an earlier engine left');
});

it('leaves a process alone that only speaks of the database', async () => {
  const words = `temporal server start-dev --db-filename ${places.database}`;
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', words], { stdio: 'ignore' });
  await start();
  expect(other.exitCode).toBeNull();
  expect(other.signalCode).toBeNull();
  other.kill('SIGKILL');
});

it('takes another port when the usual one is in use', async () => {
  const server = createServer().listen(7233, '127.0.0.1');
  // Where a Temporal of somebody else has it already, that serves as well.
  await new Promise((resolve) => server.once('listening', resolve).once('error', resolve));
  const temporal = await start();
  expect(temporal.address).not.toBe('127.0.0.1:7233');
  expect(await isServing(temporal.address)).toBe(true);
  server.close();
});

it('does not start again in a home that was removed, and says so', async () => {
  const temporal = await start();
  // At once, and only then emptied: Temporal still writes there.
  const removed = `${home}-removed`;
  renameSync(home, removed);
  process.kill(temporal.pid() ?? 0, 'SIGKILL');
  await until(() => lost.length > 0);
  rmSync(removed, { recursive: true });
  expect(lost).toEqual([`the home ${home} was removed or replaced`]);
  expect(serving()).toEqual([]);
});

it('says what its log says when it cannot start, and leaves no process and no note', async () => {
  const program = join(home, 'temporal');
  writeFileSync(program, '#!/bin/sh\necho "unable to open database" >&2\nexit 3\n', { mode: 0o700 });
  const options = { home, places, lock, onNotice: () => undefined, onLost: () => undefined };
  await expect(startTemporal({ ...options, program })).rejects.toThrow(
    `Temporal did not start: unable to open database (log: ${places.temporalLog})`,
  );
  await expect(startTemporal({ ...options, program: join(home, 'missing') })).rejects.toThrow(/ENOENT/);
  expect(existsSync(places.temporalProcess)).toBe(false);
  expect(readFileSync(places.temporalLog, 'utf8')).toContain('unable to open database');
});

it('ends with its reason when the start is aborted, and leaves no process', async () => {
  const abort = new AbortController();
  const starting = start(abort.signal);
  await until(() => serving().length > 0);
  abort.abort(new Error('enough'));
  await expect(starting).rejects.toThrow('enough');
  expect(serving()).toEqual([]);
});
