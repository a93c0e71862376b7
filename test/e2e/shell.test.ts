/** A person works in a task's workspace themselves: what they change is checked, shown and approved, whatever is killed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const SHELL = { env: { SHELL: '/bin/sh' } };
const inShell = (id: string, script: string) => rig.pawl(['shell', id], { input: `${script}\n`, ...SHELL });
const isApproval = (attempts: number) => (state: Parameters<typeof atGate>[0]) =>
  atGate(state) && state.gates.at(-1)?.gate === 'approval' && state.attempts.length === attempts;

it('at the approval becomes an attempt of theirs', async () => {
  const repository = newRepository();
  const checks = [check("process.exit(fs.existsSync('bad.txt') ? 1 : 0)")];
  const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new'), checks });
  const { pullRequest } = await rig.until(id, atGate);
  const script =
    'echo "$PAWL_TASK $PAWL_BASE_BRANCH $PAWL_BASE_COMMIT" > mine.txt; git branch --show-current >> mine.txt';
  const told = await inShell(id, script);
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining(`pawl show ${id}`) });
  await rig.api.approve({ id });
  const shown = await rig.until(id, isApproval(2));
  expect(shown.attempts[1]).toMatchObject({
    reason: 'by_hand',
    outcome: 'done',
    summary: 'changes in the workspace',
  });
  expect(shown.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
    'check stale',
    'approval stale',
    'check passed',
    'approval open',
  ]);
  expect(shown.pullRequest).toMatchObject({ files: 2 });
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  const base = userGit(repository, 'rev-parse', `${pullRequest?.commit}^`);
  expect(userGit(repository, 'show', 'main:mine.txt')).toBe(`${id} main ${base}\npawl/${id}`);
});

it('is there for the agent whose change they reject, and a look changes nothing', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  await inShell(id, 'cat heard.txt');
  await inShell(id, 'echo mine > mine.txt; git add -A; git -c user.name=a -c user.email=a@b commit -qm mine');
  await rig.api.reject({ id, reason: 'say please' });
  const shown = await rig.until(id, isApproval(3));
  expect(shown.attempts.map(({ reason }) => reason)).toEqual(['first', 'by_hand', 'fix']);
  await inShell(id, 'ls');
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed', attempts: { length: 3 } });
  expect(userGit(repository, 'show', 'main:mine.txt')).toBe('mine');
  expect(userGit(repository, 'show', 'main:heard.txt')).toMatch(
    /say please[\s\S]*has changed the work since it was shown/,
  );
});

/** Ticks while it works, until it finds what a person has put there; then it says what it was told. */
const TICKS =
  'cat > told.txt; while [ ! -e mine.txt ]; do printf . >> ticks.txt; sleep 0.1; done; grep -c "shell" told.txt > done.txt';
const ticking = { agent: { name: 'command', command: ['sh', '-c', TICKS] } };
const isTicking = (id: string) => () => existsSync(join(rig.places.workspaces, id, 'ticks.txt'));

it('pauses an agent that works, which then goes on with what they did', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...ticking });
  await expect.poll(isTicking(id), { timeout: 30_000 }).toBe(true);
  const paused =
    'a=$(wc -c < ticks.txt); sleep 1; b=$(wc -c < ticks.txt); [ "$a" = "$b" ] && echo paused > mine.txt';
  const told = await inShell(id, paused);
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining('the agent goes on') });
  const shown = await rig.until(id, isApproval(2));
  expect(shown.attempts).toMatchObject([
    { reason: 'first', outcome: 'cancelled' },
    { reason: 'told', outcome: 'done' },
  ]);
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'show', 'main:mine.txt')).toBe('paused');
  expect(userGit(repository, 'show', 'main:done.txt')).toBe('1');
});

it('lets a paused agent go on where its command line is killed, and says meanwhile what it waits for', async () => {
  const id = await rig.run({ repository: newRepository(), ...ticking });
  await expect.poll(isTicking(id), { timeout: 30_000 }).toBe(true);
  const there = join(scratchFolder(), 'there');
  const launcher = join(import.meta.dirname, '..', '..', 'bin', 'pawl');
  const open = execa(process.execPath, [launcher, 'shell', id], {
    input: `echo > '${there}'; sleep 60\n`,
    env: { PAWL_HOME: rig.home, ...SHELL.env },
    reject: false,
    detached: true,
  });
  await expect.poll(() => existsSync(there), { timeout: 30_000 }).toBe(true);
  expect(await rig.api.show({ id })).toMatchObject({
    status: 'in_progress',
    waitingFor: expect.stringContaining('pawl shell'),
  });
  expect((await inShell(id, 'true')).err).toContain('has a shell open');
  process.kill(-(open.pid ?? 0), 'SIGKILL');
  await open;
  await rig.until(id, ({ waitingFor }) => waitingFor === undefined);
  put(join(rig.places.workspaces, id), { 'mine.txt': 'mine' });
  await rig.until(id, isApproval(2));
  await rig.api.cancel({ id });
});

it('keeps the workspace while it is open, and is taken up where its command line is killed', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new') });
  await rig.until(id, atGate);
  const go = join(scratchFolder(), 'go');
  const script = `echo mine > mine.txt; echo there; while [ ! -e '${go}' ]; do sleep 0.1; done\n`;
  const { home } = rig;
  const launcher = join(import.meta.dirname, '..', '..', 'bin', 'pawl');
  const open = execa(process.execPath, [launcher, 'shell', id], {
    input: script,
    env: { PAWL_HOME: home, ...SHELL.env },
    reject: false,
    detached: true,
  });
  const mine = join(rig.places.workspaces, id, 'mine.txt');
  await expect.poll(() => existsSync(mine), { timeout: 30_000 }).toBe(true);
  expect(await inShell(id, 'true')).toMatchObject({
    code: 1,
    err: expect.stringContaining('has a shell open'),
  });
  await rig.api.approve({ id });
  const asked = await rig.until(id, (state) => atGate(state) && state.gates.at(-1)?.gate === 'escalation');
  expect(asked.gates.at(-1)?.question).toContain('has a shell open in the workspace');
  expect(readFileSync(mine, 'utf8')).toBe('mine\n');
  process.kill(-(open.pid ?? 0), 'SIGKILL');
  await open;
  put(join(go, '..'), { go: '' });
  await rig.api.retry({ id });
  const shown = await rig.until(id, isApproval(2));
  expect(shown.pullRequest).toMatchObject({ files: 2 });
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'show', 'main:mine.txt')).toBe('mine');
});

it('at an escalation gives the agent what it needs, and nothing is paid meanwhile', async () => {
  const repository = newRepository();
  const script =
    'if [ -e needed.txt ]; then echo done > done.txt; else echo \'{"type":"result","summary":"no needed.txt","status":"blocked"}\'; fi';
  const id = await rig.run({ repository, agent: { name: 'command', command: ['sh', '-c', script] } });
  await rig.until(id, atGate);
  await inShell(id, 'echo here > needed.txt');
  await rig.api.retry({ id });
  await rig.until(id, isApproval(2));
  await rig.api.approve({ id });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'ls-files', '--with-tree=main', '*.txt').split('\n')).toEqual(
    expect.arrayContaining(['done.txt', 'needed.txt']),
  );
});

it('keeps its work where the task is cancelled', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new') });
  await rig.until(id, atGate);
  await inShell(id, 'echo mine > mine.txt');
  await rig.api.cancel({ id });
  await rig.until(id, closed);
  expect(userGit(repository, 'show', `pawl/${id}:mine.txt`)).toBe('mine');
});

it('is refused where there is nothing to work in, with what to do instead', async () => {
  const slow = check('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)');
  const id = await rig.run({
    repository: newRepository(),
    ...by('writes', 'new.txt', 'new'),
    checks: [slow],
  });
  await rig.until(id, ({ step }) => step === 'check');
  expect(await inShell(id, 'true')).toMatchObject({
    code: 1,
    err: expect.stringContaining('wait for a gate'),
  });
  await rig.api.cancel({ id });
  expect(await inShell(id, 'true')).toMatchObject({
    code: 1,
    err: expect.stringContaining('its workspace is gone'),
  });
  await rig.api.create({ id: 'own', title: 'Mine' });
  expect((await inShell('own', 'true')).code).toBe(1);
  await rig.api.cancel({ id: 'own' });
  const elsewhere = {
    PAWL_URL: rig.endpoints.api,
    PAWL_TOKEN: readFileSync(join(rig.home, 'token'), 'utf8').trim(),
  };
  expect(await rig.pawl(['shell', id], { env: elsewhere })).toMatchObject({
    code: 2,
    err: expect.stringContaining('do this on its host'),
  });
});
