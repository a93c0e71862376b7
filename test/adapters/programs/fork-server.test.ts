/** The process that starts programs for another: what becomes of them where either of the two dies. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { startGitBy } from '../../../src/adapters/git/git-starter.ts';
import { readObjects } from '../../../src/adapters/git/read-objects.ts';
import { GitError, git } from '../../../src/adapters/git/run-git.ts';
import { startTimeOf } from '../../../src/adapters/programs/processes.ts';
import type { Starter } from '../../../src/adapters/programs/starter.ts';
import { newRepository, scratchFolder } from '../scratch-repository.ts';
import { forkClient, script } from './starters.ts';

const PROGRAM = join(import.meta.dirname, 'fixtures', 'forks.ts');
/** Bounds for a hang, not expectations of speed. */
const SOON = { timeout: 30_000 };

const serverOf = async (client: Starter): Promise<number> =>
  Number((await client.run(script('echo $PPID'))).stdout);
const expectGone = (pid: number) => expect.poll(() => startTimeOf(pid), SOON).toBeUndefined();

async function pidIn(folder: string): Promise<number> {
  const file = join(folder, 'pid');
  await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), SOON).toMatch(/\n/);
  return Number(readFileSync(file, 'utf8'));
}
/** Runs until the file `go` is in the folder. */
const waiting = (folder: string) =>
  script('echo $$ > "$1/pid"; while ! [ -e "$1/go" ]; do sleep 0.05; done', { words: [folder] });

it('that is killed loses what it was at, in words, and another one takes its place', async () => {
  const client = forkClient();
  const folder = scratchFolder();
  const server = await serverOf(client);
  const lost = client.run(waiting(folder)).catch((error: unknown) => error);
  const open = client.open(script('cat'));
  const pid = await pidIn(folder);
  process.kill(server, 'SIGKILL');
  expect(String(await lost)).toMatch(/fork server.*SIGKILL.*try again/);
  await expect(open.next()).rejects.toThrow(/try again/);
  await expect(open.ended()).rejects.toThrow(/try again/);
  // What the dead one had started runs to its end.
  expect(startTimeOf(pid)).toBeDefined();
  writeFileSync(join(folder, 'go'), '');
  await expectGone(pid);
  const next = await serverOf(client);
  expect(next).not.toBe(server);
  expect(await serverOf(client)).toBe(next);
});

it('that is killed is no answer of git’s, and gits that stay are other ones', async () => {
  const client = forkClient();
  onTestFinished(startGitBy(client));
  const place = { cwd: newRepository({ 'a.txt': 'one' }) };
  const read = async () => (await readObjects(place, ['main:a.txt']))[0]?.content.toString();
  expect(await read()).toBe('one');
  const server = await serverOf(client);
  const hash = git(place, ['hash-object', '--stdin'], { input: Buffer.alloc(100_000_000) });
  process.kill(server, 'SIGKILL');
  const error = await hash.catch((thrown: unknown) => thrown);
  expect(error).not.toBeInstanceOf(GitError);
  expect(String(error)).toMatch(/fork server/);
  expect(await read()).toBe('one');
});

it('ends with whoever it works for, and what it has started runs to its end', async () => {
  const folder = scratchFolder();
  const parent = execa(process.execPath, [PROGRAM, 'waits', folder], { reject: false });
  const told = await new Promise<string>((resolve) => parent.stdout.once('data', resolve));
  const [server, kept] = JSON.parse(String(told));
  const pid = await pidIn(folder);
  expect([server, kept, pid].map(startTimeOf)).not.toContain(undefined);
  parent.kill('SIGKILL');
  await parent;
  await expectGone(server);
  await expectGone(kept);
  expect(startTimeOf(pid)).toBeDefined();
  writeFileSync(join(folder, 'go'), '');
  await expect.poll(() => existsSync(join(folder, 'done')), SOON).toBe(true);
});

it('keeps nobody alive', async () => {
  const { stdout } = await execa(process.execPath, [PROGRAM, 'ends']);
  for (const pid of JSON.parse(stdout)) await expectGone(pid);
});

it('ends what it is at when it is ended, and is gone by then', async () => {
  const client = forkClient();
  const folder = scratchFolder();
  const server = await serverOf(client);
  const lost = client.run(waiting(folder)).catch((error: unknown) => error);
  const pid = await pidIn(folder);
  await client.close();
  expect(String(await lost)).toMatch(/fork server.*exit code 0/);
  expect(startTimeOf(server)).toBeUndefined();
  await expectGone(pid);
  await client.close();
});

it('answers what it is at where that ends in time, and another one what is asked meanwhile', async () => {
  const client = forkClient();
  const folder = scratchFolder();
  const server = await serverOf(client);
  const answer = client.run(waiting(folder));
  await pidIn(folder);
  const closed = client.close();
  expect(await serverOf(client)).not.toBe(server);
  writeFileSync(join(folder, 'go'), '');
  expect(await answer).toMatchObject({ exitCode: 0 });
  await closed;
  expect(startTimeOf(server)).toBeUndefined();
});

it('goes on after a Ctrl-C, which is for whoever it works for', async () => {
  const client = forkClient();
  const server = await serverOf(client);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(server, signal);
  expect(await serverOf(client)).toBe(server);
});

it('is of the group of whoever it works for, and has nothing of its environment', async () => {
  process.env.SOME_TOKEN = 'secret';
  onTestFinished(() => void delete process.env.SOME_TOKEN);
  const client = forkClient();
  const server = await serverOf(client);
  const ps = async (...args: string[]) => (await execa('ps', args)).stdout.trim();
  expect(await ps('-o', 'pgid=', '-p', `${server}`)).toBe(await ps('-o', 'pgid=', '-p', `${process.pid}`));
  expect(await ps('eww', '-p', `${process.pid}`)).toContain('PATH=');
  expect(await ps('eww', '-p', `${server}`)).not.toMatch(/SOME_TOKEN|PATH=/);
});

it('that hangs is ended where a program should have been long before', async () => {
  const client = forkClient();
  const server = await serverOf(client);
  process.kill(server, 'SIGSTOP');
  const asked = { timeoutMs: 1 };
  const open = client.open(script('cat', asked));
  await Promise.all([
    expect(client.run(script('exit 0', asked))).rejects.toThrow(/SIGKILL.*try again/),
    expect(client.pipe(script('exit 0', asked), script('cat', asked))).rejects.toThrow(/try again/),
    expect(open.next()).rejects.toThrow(/try again/),
  ]);
  expect(await serverOf(client)).not.toBe(server);
});
