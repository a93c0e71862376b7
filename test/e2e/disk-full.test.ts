/** An agent that fills the disk of the home: it is stopped, a person is asked, and what there is can be read and cancelled. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, closed, createRig, type EngineRig } from './rig.ts';

const disk = scratchFolder('disk');
let rig: EngineRig | undefined;
beforeAll(async () => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return; // without the right to
  }
  vi.stubEnv('TMPDIR', disk);
  const own = createRig({ PAWL_BALLAST_MB: '64' });
  vi.unstubAllEnvs();
  expect(await own.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(own);
});
afterAll(async () => {
  if (rig === undefined) return;
  await rig.close();
  execFileSync('umount', [disk]);
});

const shell = (script: string) => ({ agent: { name: 'command', command: ['sh', '-c', script] } });
const FILLS = 'echo mine > mine.txt; cat /dev/zero > fills.bin';

it.for([
  ['and ends', FILLS],
  ['and takes it for nothing', `(${FILLS}) 2>/dev/null; sleep 60`],
] as const)('%s', async ([, script], context) => {
  const pawl = rig ?? context.skip('needs the right to mount');
  const repository = newRepository();
  const ballast = join(pawl.home, 'ballast');
  await expect.poll(() => existsSync(ballast), { timeout: 10_000 }).toBe(true);
  const id = await pawl.run({ repository, ...shell(script) });
  const asked = await pawl.until(id, atGate);
  expect(asked.attempts).toMatchObject([{ outcome: 'failed', failure: { class: 'disk_full' } }]);
  expect(asked.gates.at(-1)).toMatchObject({
    gate: 'escalation',
    question: expect.stringContaining('make room'),
  });
  expect((await pawl.pawl(['show', id])).code).toBe(0);
  expect((await pawl.pawl(['list'])).out).toContain(id);
  // While there is no room nothing is paid.
  await pawl.api.retry({ id });
  const again = await pawl.until(id, (state) => atGate(state) && state.attempts.length === 2);
  expect(again.attempts[1]).toMatchObject({ failure: { class: 'disk_full' } });
  expect((await pawl.pawl(['cancel', id])).code).toBe(0);
  expect(userGit(repository, 'show', `pawl/${id}:mine.txt`)).toBe('mine');
  // There is room again.
  const next = await pawl.run({ repository, ...by('writes', 'next.txt', 'next') });
  await pawl.until(next, atGate);
  await pawl.api.approve({ id: next });
  expect(await pawl.until(next, closed)).toMatchObject({ status: 'completed' });
});
