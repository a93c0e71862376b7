/** The workers of a home: who runs and who is lost, also when a process is killed, and one recovery at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createWorkers } from '../../../src/adapters/files/workers.ts';

const root = mkdtempSync(join(tmpdir(), 'pawl-workers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const placesFor = (name: string) => ({
  workers: join(root, name, 'workers'),
  recoveryLock: join(root, name, 'recovery.lock'),
});

const MODULE = new URL('../../../src/adapters/files/workers.ts', import.meta.url).href;

/** A process that joins, says its id and stays. */
async function joinElsewhere(places: ReturnType<typeof placesFor>) {
  const code = `
    const { createWorkers } = await import(${JSON.stringify(MODULE)});
    const { id } = await createWorkers(${JSON.stringify(places)}).join();
    console.log(id);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { child, id: String(said).trim() };
}

it('knows who runs, within a process and between processes', async () => {
  const places = placesFor('running');
  const workers = createWorkers(places);
  expect(workers.lost()).toEqual([]);
  const own = await workers.join();
  const { child, id } = await joinElsewhere(places);
  try {
    expect(workers.isRunning(own.id)).toBe(true);
    expect(workers.isRunning(id)).toBe(true);
    expect(createWorkers(places).isRunning(own.id)).toBe(true);
    expect(workers.isRunning('nobody')).toBe(false);
    expect(workers.hasOthers(new Set([own.id]))).toBe(true);
    expect(workers.hasOthers(new Set([own.id, id]))).toBe(false);
    expect(workers.lost()).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // What it has left is still there.
  expect(workers.hasOthers(new Set([own.id]))).toBe(false);
  // The look has not freed what this process holds.
  expect(workers.isRunning(own.id)).toBe(true);
  own.leave();
  own.leave();
  expect(workers.isRunning(own.id)).toBe(false);
});

it('finds the one that was killed until it is forgotten, and none that has left', async () => {
  const places = placesFor('killed');
  const workers = createWorkers(places);
  const { child, id } = await joinElsewhere(places);
  const left = await workers.join();
  left.leave();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(workers.isRunning(id)).toBe(false);
  expect(workers.lost()).toEqual([id]);
  workers.forget([id]);
  workers.forget([id]);
  expect(workers.lost()).toEqual([]);
  expect(readdirSync(places.workers)).toEqual([]);
});

it('lets many join at once without one that looks lost', async () => {
  const places = placesFor('many');
  const all = Array.from({ length: 8 }, () => createWorkers(places));
  const members = await Promise.all(all.map((workers) => workers.join()));
  for (const workers of all) expect(workers.lost()).toEqual([]);
  expect(members.every(({ id }) => all.every((workers) => workers.isRunning(id)))).toBe(true);
  for (const member of members) member.leave();
});

it('lets one at a time act, and the next one after an error', async () => {
  const places = placesFor('turns');
  let inside = 0;
  let most = 0;
  const act = (fails: boolean) => async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    if (fails) throw new Error('as asked');
  };
  const turns = [true, false, false, true].map((fails) =>
    createWorkers(places)
      .exclusively(act(fails))
      .then(
        () => 'done',
        () => 'failed',
      ),
  );
  expect(await Promise.all(turns)).toEqual(['failed', 'done', 'done', 'failed']);
  expect(most).toBe(1);
});
