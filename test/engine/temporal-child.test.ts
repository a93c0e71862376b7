/** A Temporal that is started belongs to the home that started it, whoever else takes its port meanwhile. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { takeEngineLock } from '../../src/engine/engine-lock.ts';
import { freePort } from '../../src/engine/tcp-ports.ts';
import { launchTemporal } from '../../src/engine/temporal-child.ts';
import { endServer } from '../../src/engine/temporal-left-over.ts';
import { startTemporal } from '../../src/engine/temporal-process.ts';
import { temporalProgram } from '../../src/engine/temporal-program.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function newHome(): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-temporal-')));
  endings.push(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function start(home = newHome()) {
  const lock = await takeEngineLock(home);
  endings.push(() => lock.release());
  const ignore = () => undefined;
  const program = await temporalProgram();
  const options = { program, home, places: placesIn(home), lock, onNotice: ignore, onLost: ignore };
  const temporal = await startTemporal(options);
  endings.push(() => temporal.stop());
  return temporal;
}

it('has not started where the server of another home answers at its port', async () => {
  const { address } = await start();
  const home = newHome();
  const ports = { grpc: Number(new URL(`http://${address}`).port), ui: await freePort([]) };
  const options = { program: await temporalProgram(), home, places: placesIn(home), ports };
  await expect(launchTemporal(options, new AbortController().signal)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('address already in use'),
  });
});

it('lost its port where it says so before it panics', async () => {
  const home = newHome();
  const program = join(home, 'panics');
  const lines = [
    'msg="Failed to start" error="bind: address already in use"',
    'panic: nil pointer',
    'main.go:18',
  ];
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' '${lines.join("' '")}'\nexit 2\n`, { mode: 0o755 });
  const options = {
    ...{ program, home, places: placesIn(home) },
    ports: { grpc: await freePort([]), ui: await freePort([]) },
  };
  await expect(launchTemporal(options, new AbortController().signal)).rejects.toMatchObject({
    message: expect.stringContaining('address already in use'),
  });
});

it('is its own where somebody listens on the same port at another address', async () => {
  const other = createServer();
  // One that the system chooses there may be taken here, by a test that runs beside this one.
  const port = await freePort([]);
  await new Promise<void>((resolve) => void other.listen(port, '127.0.0.2', resolve));
  endings.push(() => new Promise((resolve) => other.close(resolve)));
  const home = newHome();
  const places = placesIn(home);
  const options = {
    program: await temporalProgram(),
    home,
    places,
    ports: { grpc: port, ui: await freePort([]) },
  };
  const run = await launchTemporal(options, new AbortController().signal);
  endings.push(() => endServer(run, places.database));
  expect(run.ports.grpc).toBe(port);
});

it('is one for each of several homes whose engines start at the same time', async () => {
  const all = await Promise.all([start(), start(), start()]);
  expect(new Set(all.map(({ address }) => address)).size).toBe(all.length);
  expect(new Set(all.map(({ pid }) => pid())).size).toBe(all.length);
});
