/** A whole engine on a real Temporal: what it answers while it runs, and what is left when it does not start or stops. */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { Connection } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/temporal-client.ts';
import { placesIn } from '../../src/config.ts';
import type { Health } from '../../src/edge/http/app.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { hostQueueOf, tokenOf } from '../../src/engine/home.ts';
import { prepareNamespace } from '../../src/engine/namespace.ts';
import { type RunningEngine, startEngine } from '../../src/server.ts';
import { PawlAttempt, PawlStatus, PawlTitle } from '../../src/workflows/search-attributes.ts';
import {
  configOf,
  type IdleWorker,
  idleWorker,
  startOptions,
  temporalsOf,
  temporaryHome,
  until,
} from './engine-rig.ts';
import { expectNothingLeft } from './nothing-left.ts';

describe('an engine that runs', () => {
  const { home, remove } = temporaryHome();
  const places = placesIn(home);
  const workers: IdleWorker[] = [];
  const notices: string[] = [];
  let engine: RunningEngine;

  beforeAll(async () => {
    engine = await startEngine(
      configOf(home),
      startOptions({
        onNotice: (line) => notices.push(line),
        worker: async ({ hostQueue }) => {
          expect(hostQueue).toBe(hostQueueOf(home));
          const worker = idleWorker();
          workers.push(worker);
          return worker;
        },
      }),
    );
  });
  afterAll(async () => {
    await engine.stop();
    remove();
  });
  const healthOf = async () => (await (await fetch(`${engine.endpoints.api}/api/health`)).json()) as Health;

  it('says where it is, to its user alone', async () => {
    const { api, temporal, ui, pid, namespace } = engine.endpoints;
    expect(api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(temporal).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect([pid, namespace]).toEqual([process.pid, 'default']);
    expect(JSON.parse(readFileSync(places.endpoints, 'utf8'))).toEqual(engine.endpoints);
    expect(statSync(places.endpoints).mode & 0o777).toBe(0o600);
    expect(await liveEndpoints(home)).toEqual(engine.endpoints);
  });

  it('answers for its health', async () => {
    expect(await healthOf()).toEqual({
      status: 'ok',
      version: '0.1.0',
      pid: process.pid,
      uptimeSeconds: expect.any(Number),
      temporal: { address: engine.endpoints.temporal, healthy: true },
      worker: { state: 'running' },
      failing: [],
    });
  });

  it('answers an unknown path in the shape of errors, and nothing to a name that is not its own', async () => {
    const authorization = `Bearer ${tokenOf(home)}`;
    const unknown = await fetch(`${engine.endpoints.api}/api/nothing`, { headers: { authorization } });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({
      error: {
        code: 'not_found',
        message: 'there is no GET /api/nothing: GET /openapi.json lists what there is',
      },
    });
    expect(await statusWithHost('evil.example')).toBe(422);
    expect(await statusWithHost('localhost')).toBe(200);
  });

  const statusWithHost = (host: string) =>
    new Promise((resolve, reject) => {
      get(`${engine.endpoints.api}/api/health`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });

  it.runIf(process.platform === 'linux')("has Temporal's own HTTP API closed", async () => {
    // It does not say on which port that is, so every one it has is asked.
    const statuses = await Promise.all(
      portsOf(temporalsOf(home)[0] ?? 0).map((port) =>
        fetch(`http://127.0.0.1:${port}/api/v1/namespaces/default/workflows/w/signal/approve_gate`, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'text/plain' },
        }).then(({ status }) => status, String),
      ),
    );
    expect(statuses).toContain(403);
    expect(statuses).not.toContain(200);
  });

  it('has its search attributes and a retention of a year, set as often as one likes', async () => {
    const connection = await Connection.connect({ address: engine.endpoints.temporal });
    for (let time = 0; time < 2; time += 1) {
      await prepareNamespace({ connection, namespace: 'default', embedded: true });
    }
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(365 * 24 * 3600);
    const client = createClient(connection, 'default');
    const handle = await client.workflow.start('none', {
      workflowId: 'attributes',
      taskQueue: 'none',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: PawlStatus, value: 'pending' },
        { key: PawlTitle, value: 'Make it so' },
        { key: PawlAttempt, value: 3 },
      ]),
    });
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(PawlAttempt)).toBe(3);
    await connection.close();
  });

  it('says what somebody else has to register in a namespace that has another type, or is not there', async () => {
    const connection = await Connection.connect({ address: engine.endpoints.temporal });
    const missing = prepareNamespace({ connection, namespace: 'nowhere', embedded: false });
    await expect(missing).rejects.toThrow('Temporal has no namespace nowhere: create it, or name another');
    await connection.close();
  });

  it('is the only one in its home', async () => {
    await expect(startEngine(configOf(home), startOptions())).rejects.toThrow(
      new RegExp(`^another engine runs in ${home} \\(pid ${process.pid}, since .*pawl down`),
    );
    expect(await liveEndpoints(home)).toEqual(engine.endpoints);
    expect((await healthOf()).status).toBe('ok');
  });

  it('makes its worker anew when that dies', async () => {
    const before = workers.length;
    workers.at(-1)?.die(new Error('out of breath'));
    await until(() => workers.length > before);
    await until(async () => (await healthOf()).worker.state === 'running');
    expect(notices).toContain('the worker died: out of breath');
  });

  it('serves another engine as an external Temporal, whose Web UI is the one that is named', async () => {
    const other = temporaryHome();
    const temporal = { kind: 'external', address: engine.endpoints.temporal } as const;
    const second = await startEngine(configOf(other.home, { temporal }), startOptions());
    expect(second.endpoints).toMatchObject({ temporal: engine.endpoints.temporal, ui: null });
    await second.stop();
    const ui = 'https://temporal.example';
    const third = await startEngine(configOf(other.home, { temporal: { ...temporal, ui } }), startOptions());
    expect(third.endpoints).toMatchObject({ ui });
    await third.stop();
    expect(temporalsOf(other.home)).toEqual([]);
    expect((await healthOf()).status).toBe('ok');
    other.remove();
  });
});

it('stops in order, with a real worker on its connection, and leaves nothing', async () => {
  const { home, remove } = temporaryHome();
  const seen: string[] = [];
  const engine = await startEngine(
    configOf(home),
    startOptions({
      worker: async ({ connection, namespace, hostQueue }) => {
        expect(connection).toBeInstanceOf(NativeConnection);
        const worker = await Worker.create({
          connection,
          namespace,
          taskQueue: hostQueue,
          activities: { none: async () => 1 },
        });
        return {
          run: async () => {
            await worker.run();
            seen.push(`worker ended, Temporals: ${temporalsOf(home).length}`);
          },
          shutdown: () => {
            seen.push(`worker asked, endpoints: ${existsSync(placesIn(home).endpoints)}`);
            worker.shutdown();
          },
        };
      },
    }),
  );
  await Promise.all([engine.stop(), engine.stop()]);
  expect(await engine.ended).toBe('stopped');
  expect(seen).toEqual(['worker asked, endpoints: false', 'worker ended, Temporals: 1']);
  await expect(fetch(engine.endpoints.api)).rejects.toThrow();
  expectNothingLeft(home);
  remove();
});

it('ends when its home is removed, and leaves no Temporal', async () => {
  const { home, remove } = temporaryHome();
  const engine = await startEngine(configOf(home), startOptions());
  rmSync(home, { recursive: true });
  process.kill(temporalsOf(home)[0] ?? 0, 'SIGKILL');
  expect(await engine.ended).toBe(`the home ${home} was removed or replaced`);
  expect(temporalsOf(home)).toEqual([]);
  remove();
});

/** Ports that a process listens on. */
function portsOf(pid: number): number[] {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)));
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && open.has(`socket:[${inode}]`))
    .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}
