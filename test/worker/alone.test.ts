/** `node src/worker.ts` beside a real engine: when it works, and when it says in one line why not. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorkers } from '../../src/adapters/files/workers.ts';
import { placesIn, readConfig } from '../../src/config.ts';
import type { Health } from '../../src/edge/http/app.ts';
import { startEngine } from '../../src/server.ts';
import { configOf, startOptions, temporaryHome } from '../engine/engine-rig.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'worker.ts');
const { home, remove } = temporaryHome();
afterAll(remove);

const spawnWorker = (env: Record<string, string> = {}) =>
  execa(process.execPath, [PROGRAM], { env: { PAWL_HOME: home, ...env }, stdin: 'ignore', reject: false });

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a port has a number');
  return address.port;
}

describe('a worker alone', () => {
  it('says that no engine runs', async () => {
    const { exitCode, stderr } = await spawnWorker();
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`pawl: no engine runs in ${home}: start one with \`PAWL_WORKER=off pawl up -d\``);
  });

  it('refuses an engine that has a worker of its own', async () => {
    const engine = await startEngine(configOf(home), startOptions());
    const { exitCode, stderr } = await spawnWorker();
    await engine.stop();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^pawl: the engine in .* \(pid \d+\) has a worker of its own: start it with PAWL_WORKER=off$/,
    );
  });

  it('runs until SIGTERM, beside others, and the engine is well without one', async () => {
    const engine = await startEngine(configOf(home, { worker: false }), startOptions());
    try {
      const health = await fetch(`${engine.endpoints.api}/api/health`);
      expect((await health.json()) as Health).toMatchObject({ status: 'ok', worker: { state: 'elsewhere' } });
      const both = [spawnWorker(), spawnWorker()];
      // Both are listened to from the start: what one says while the other is waited for would be lost.
      for (const [said] of await Promise.all(both.map((worker) => once(worker.stderr, 'data')))) {
        expect(String(said)).toBe(
          `the worker of ${home} runs, with Temporal at ${engine.endpoints.temporal}\n`,
        );
      }
      for (const worker of both) worker.kill('SIGTERM');
      for (const worker of both) expect((await worker).exitCode).toBe(0);
      expect(createWorkers(placesIn(home)).lost()).toEqual([]);
    } finally {
      await engine.stop();
    }
  });

  it('needs no engine that it can see where TEMPORAL_ADDRESS is given, and answers for its health', async () => {
    const engine = await startEngine(configOf(home, { worker: false }), startOptions());
    try {
      // As from another container: the pid in endpoints.json is nobody's.
      rmSync(placesIn(home).endpoints);
      const workerPort = await freePort();
      const worker = spawnWorker({
        TEMPORAL_ADDRESS: engine.endpoints.temporal,
        PAWL_WORKER_PORT: String(workerPort),
      });
      const [said] = await once(worker.stderr, 'data');
      expect(String(said)).toContain('runs, with Temporal at');
      const health = await fetch(`http://127.0.0.1:${workerPort}/api/health`);
      expect(health.status).toBe(200);
      expect((await health.json()) as Health).toMatchObject({ status: 'ok', worker: { state: 'running' } });
      worker.kill('SIGTERM');
      expect((await worker).exitCode).toBe(0);
    } finally {
      await engine.stop();
    }
  });
});

describe('PAWL_WORKER', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['on', true],
    ['off', false],
  ])('%j means %j', (value, worker) => {
    expect(readConfig({ PAWL_HOME: home, PAWL_WORKER: value }).worker).toBe(worker);
  });
  it('is nothing else', () => {
    expect(() => readConfig({ PAWL_HOME: home, PAWL_WORKER: 'no' })).toThrow(
      'PAWL_WORKER: expected on or off, got "no"',
    );
  });
});

describe('PAWL_WORKER_PORT', () => {
  it('is a port, or nothing is answered', () => {
    expect(readConfig({ PAWL_HOME: home }).workerPort).toBeUndefined();
    expect(readConfig({ PAWL_HOME: home, PAWL_WORKER_PORT: '' }).workerPort).toBeUndefined();
    expect(readConfig({ PAWL_HOME: home, PAWL_WORKER_PORT: '8101' }).workerPort).toBe(8101);
    expect(() => readConfig({ PAWL_HOME: home, PAWL_WORKER_PORT: 'x' })).toThrow(
      'PAWL_WORKER_PORT: expected a whole number from 1 to 65535, got "x"',
    );
  });
});
