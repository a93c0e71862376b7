/** `node src/worker.ts` beside a real engine: when it works, and when it says in one line why not. */
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Health } from '../../src/edge/http/app.ts';
import { startEngine } from '../../src/server.ts';
import { configOf, startOptions, temporaryHome } from '../engine/engine-rig.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'worker.ts');
const { home, remove } = temporaryHome();
afterAll(remove);

const spawnWorker = () =>
  execa(process.execPath, [PROGRAM], { env: { PAWL_HOME: home }, stdin: 'ignore', reject: false });

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

  it('runs until SIGTERM, one at a time, and the engine is well without one', async () => {
    const engine = await startEngine(configOf(home, { worker: false }), startOptions());
    try {
      const health = await fetch(`${engine.endpoints.api}/api/health`);
      expect((await health.json()) as Health).toMatchObject({ status: 'ok', worker: { state: 'elsewhere' } });
      const first = spawnWorker();
      const [said] = await once(first.stderr, 'data');
      expect(String(said)).toBe(
        `the worker of ${home} runs, with Temporal at ${engine.endpoints.temporal}\n`,
      );
      const second = await spawnWorker();
      expect(second.exitCode).toBe(1);
      expect(second.stderr).toBe(`pawl: another worker runs in ${home}: use it, or end it first`);
      first.kill('SIGTERM');
      expect((await first).exitCode).toBe(0);
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
