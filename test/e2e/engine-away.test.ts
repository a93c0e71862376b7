/** The engine is killed while people follow a task: they wait for it, and leave with exit code 4 where it stays away. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { agent, attach, closed, type EngineRig, lastDocument, quoted, startRig, type Told } from './rig.ts';

let rig: EngineRig;
const repository = newRepository();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Writes a file once a sign is there, whichever engine has started it. */
const AGENT = `
import { existsSync, writeFileSync } from 'node:fs';
console.log('ready');
setInterval(() => {
  if (!existsSync(process.argv[2])) return;
  writeFileSync('a.txt', 'written');
  process.exit(0);
}, 50);
`;

/** Follows it by both commands, from when its agent runs. */
async function followed(id: string, command: readonly string[], ...more: readonly string[]) {
  const args = [
    'run',
    'Do it',
    '--id',
    id,
    '--repo',
    repository,
    '--agent-command',
    quoted(command),
    ...more,
  ];
  const run = rig.pawl(args);
  await vi.waitFor(async () => expect((await rig.api.show({ id })).attempts).toHaveLength(1), 60_000);
  // Whoever comes later than the kill starts an engine itself.
  let printed = '';
  const logs = rig.pawl(['logs', id, '-f'], {
    onOut: (text) => {
      printed += text;
    },
  });
  await vi.waitFor(() => expect(printed).toContain('ready'), 60_000);
  return { run, logs };
}

async function kill(): Promise<void> {
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await rig.leave();
}

async function startAgain(): Promise<void> {
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
}

const gone = (told: Promise<Told>) => told.then(({ code, err }) => ({ code, err }));

it('one that comes back is followed on, to the end', async () => {
  const folder = scratchFolder('there');
  const [program, there] = [join(folder, 'agent.mjs'), join(folder, 'there')];
  writeFileSync(program, AGENT);
  const command = [process.execPath, program, there];
  const { run, logs } = await followed('comes-back', command, '--yes', '--json');
  await kill();
  await startAgain();
  writeFileSync(there, '');
  expect(await rig.until('comes-back', closed)).toMatchObject({ status: 'completed' });
  const [ran, told] = await Promise.all([run, logs]);
  expect(ran).toMatchObject({ code: 0 });
  expect(lastDocument(ran.out)).toMatchObject({ task: { id: 'comes-back', status: 'completed' } });
  expect(told).toMatchObject({ code: 0 });
});

it('one that stays away is left with 4, and the task lives on', async () => {
  const { run, logs } = await followed('stays-away', agent('waits'));
  await kill();
  const left = {
    code: 4,
    err: expect.stringMatching(/waiting 60 s for it[\s\S]*pawl show stays-away .*pawl logs -f stays-away /),
  };
  expect(await Promise.all([gone(run), gone(logs)])).toEqual([left, left]);
  await startAgain();
  expect(closed(await rig.api.show({ id: 'stays-away' as never }))).toBe(false);
  await rig.api.cancel({ id: 'stays-away' });
  expect(await rig.until('stays-away', closed)).toMatchObject({ status: 'cancelled' });
}, 180_000);
