/** What people do to a task that is under way: cancel, reject, retry; and what their own commits do to it meanwhile. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markedProcesses } from '../../src/adapters/programs/processes.ts';
import { statusOf } from '../../src/client/visibility.ts';
import { connect } from '../../src/client.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const approve = (id: string) => rig.api.approve({ id, by: 'ann' });
async function mergedAfterApproval(id: string) {
  await rig.until(id, atGate);
  await approve(id);
  return rig.until(id, closed);
}
const fileAt = (repository: string, path: string) => userGit(repository, 'show', `main:${path}`);

/** How it was before, too. */
const cancelled = (id: string, before: string) => ({ id, status: 'cancelled', before: { status: before } });

describe('a cancel', () => {
  it('ends the agent with all its processes, and keeps the work as a branch', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes-then-waits', 'half.txt') });
    const running = () => markedProcesses(`${hostIdOf(rig.home)}/${id}`);
    await rig.until(id, (state) => state.attempts[0]?.outcome === 'running');
    await expect.poll(() => running().length, { timeout: 30_000 }).toBe(2);
    const before = userGit(repository, 'rev-parse', 'main');
    expect(await rig.pawl(['cancel', id])).toMatchObject({ code: 0, out: `task ${id} is cancelled` });
    expect(running()).toEqual([]);
    expect(existsSync(join(rig.places.workspaces, id))).toBe(false);
    expect(userGit(repository, 'show', `pawl/${id}:half.txt`)).toBe('half of it');
    expect(userGit(repository, 'rev-parse', 'main')).toBe(before);
    const state = await rig.api.show({ id });
    expect(state).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'cancelled' }], failure: null });
    // Once more is the same, of a task that is cancelled already.
    expect(await rig.api.cancel({ id })).toEqual(cancelled(id, 'cancelled'));
  });

  it('of a task that waits for its approval keeps its branch and merges nothing', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new') });
    await rig.until(id, atGate);
    // How it was before is read from the server, to which the worker tells it a moment later.
    const kept = async () => statusOf(await rig.client.workflow.getHandle(id).describe());
    await expect.poll(kept, { timeout: 30_000 }).toBe('awaiting_gate');
    expect(await rig.api.cancel({ id })).toEqual(cancelled(id, 'awaiting_gate'));
    expect(userGit(repository, 'show', `pawl/${id}:new.txt`)).toBe('new');
    expect(userGit(repository, 'ls-tree', '--name-only', 'main')).not.toContain('new.txt');
  });
});

describe('a retry', () => {
  it('of a failed task runs it again under its id', async () => {
    const repository = newRepository();
    const sign = join(scratchFolder('sign'), 'now');
    const id = await rig.run({ repository, ...by('writes-when-there', sign, 'new.txt') });
    expect(await rig.until(id, closed)).toMatchObject({ status: 'failed', failure: { class: 'no_change' } });
    writeFileSync(sign, '');
    expect(await rig.pawl(['retry', id])).toMatchObject({
      code: 0,
      out: expect.stringContaining('runs again'),
    });
    expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed', attempts: [{ number: 1 }] });
    expect(fileAt(repository, 'new.txt')).toBe('written');
  });

  it('of a cancelled task does so too', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new') });
    await rig.until(id, atGate);
    await rig.api.cancel({ id });
    expect(await rig.api.retry({ id })).toEqual({ id, created: true });
    expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed' });
    expect(fileAt(repository, 'new.txt')).toBe('new');
  });
});

describe('a rejection', () => {
  it('goes to the agent with its reason, and its new work is asked about again', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('heeds', 'heard.txt'), checks: [check('0')] });
    await rig.until(id, atGate);
    const told = await rig.pawl(['reject', id, '--reason', 'say "please"; $(rm)']);
    expect(told).toMatchObject({ code: 0 });
    const again = await rig.until(id, (state) => atGate(state) && state.attempts.length === 2);
    expect(again.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
      'check passed',
      'approval rejected',
      'check passed',
      'approval open',
    ]);
    const done = await mergedAfterApproval(id);
    expect(done.attempts.map(({ reason }) => reason)).toEqual(['first', 'fix']);
    expect(done.pullRequest?.number).toBe(1);
    expect(fileAt(repository, 'heard.txt')).toContain('say "please"; $(rm)');
  });

  it('fails the task where the policy says so', async () => {
    const policy = { onReject: 'fail' } as const;
    const id = await rig.run({ repository: newRepository(), ...by('writes', 'new.txt', 'new'), policy });
    await rig.until(id, atGate);
    await rig.api.reject({ id, by: 'ann', reason: 'no' });
    expect(await rig.until(id, closed)).toMatchObject({
      status: 'failed',
      failure: { class: 'rejected', message: expect.stringContaining('no') },
    });
  });
});

describe('a base branch', () => {
  it('that moved into a conflict is given to the agent', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('heeds', 'same.txt') });
    await rig.until(id, atGate);
    commitFiles(repository, { 'same.txt': 'theirs' });
    await approve(id);
    const again = await rig.until(id, (state) => atGate(state) && state.attempts.length === 2);
    expect(again.attempts[1]).toMatchObject({ reason: 'conflict', outcome: 'done' });
    expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed' });
    expect(fileAt(repository, 'same.txt')).toMatch(/^conflict: main has moved and conflicts .* same\.txt/);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
  });

  it('that moved into a conflict which the agent leaves ends with a person, and no marker is committed', async () => {
    const repository = newRepository({ 'f.txt': 'a\nb\nc\n' });
    const lazy =
      'if grep -q "<<<<<<<" f.txt; then echo "I am done" > note.txt; else sed -i "s/^b/by the agent/" f.txt; fi';
    const id = await rig.run({ repository, agent: { name: 'command', command: ['sh', '-c', lazy] } });
    await rig.until(id, atGate);
    commitFiles(repository, { 'f.txt': 'a\nby a person\nc\n' });
    await approve(id);
    const asked = await rig.until(id, (state) => atGate(state) && state.attempts.length === 3);
    expect(asked.attempts.slice(1)).toMatchObject([
      { reason: 'conflict', failure: { class: 'conflict', message: expect.stringContaining('f.txt') } },
      { reason: 'conflict', failure: { class: 'conflict', message: expect.stringContaining('f.txt') } },
    ]);
    const question = expect.stringContaining('conflicts with main in f.txt');
    expect(asked.gates.at(-1)).toMatchObject({ gate: 'escalation', status: 'open', question });
    await rig.api.reject({ id, gate: 'escalation', by: 'ann', reason: 'enough' });
    expect(await rig.until(id, closed)).toMatchObject({ status: 'failed' });
    expect(fileAt(repository, 'f.txt')).toBe('a\nby a person\nc');
    expect(userGit(repository, 'log', '--all', '--oneline', '-S<<<<<<<')).toBe('');
    expect(userGit(repository, 'show', `pawl/${id}:note.txt`)).toBe('I am done');
  });

  it('that was rewritten gets the own change alone, and whoever decides is told', async () => {
    const repository = newRepository();
    const dropped = commitFiles(repository, { 'dropped.txt': 'dropped' });
    const id = await rig.run({ repository, ...by('writes', 'mine.txt', 'mine') });
    await rig.until(id, atGate);
    userGit(repository, 'reset', '-q', '--hard', 'HEAD~1');
    commitFiles(repository, { 'new.txt': 'new' });
    await approve(id);
    const again = await rig.until(id, (state) => atGate(state) && state.gates.length === 4);
    expect(again.pullRequest).toMatchObject({ baseRewritten: true, files: 1 });
    const words = "main was rewritten since the task began: only the task's own change was carried over";
    expect((await rig.pawl(['show', id])).out).toContain(words);
    expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed' });
    expect(fileAt(repository, 'mine.txt')).toBe('mine');
    expect(existsSync(join(repository, 'dropped.txt'))).toBe(false);
    expect(userGit(repository, 'rev-list', 'main').split('\n')).not.toContain(dropped);
  });

  it('that is checked out and dirty stays, and the command to take the merge works', async () => {
    const repository = newRepository();
    put(repository, { 'a.txt': 'not committed\n' });
    const before = userGit(repository, 'rev-parse', 'main');
    const id = await rig.run({ repository, ...by('writes', 'b.txt', 'b') });
    const done = await mergedAfterApproval(id);
    expect(done).toMatchObject({ status: 'completed', dirty: true, takeCommand: expect.any(String) });
    expect(userGit(repository, 'rev-parse', 'main')).toBe(before);
    expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('not committed\n');
    expect((await rig.pawl(['show', id])).out).toContain(done.takeCommand);
    // As a person types it, in a shell of theirs.
    execFileSync('sh', ['-c', done.takeCommand ?? ''], { cwd: repository, stdio: 'ignore' });
    expect(userGit(repository, 'rev-parse', 'main')).toBe(done.mergedCommit);
    expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('not committed\n');
    expect(fileAt(repository, 'b.txt')).toBe('b');
  });

  it('that is not checked out moves, and what is checked out does not', async () => {
    const repository = newRepository();
    userGit(repository, 'checkout', '-q', '-b', 'mine');
    const id = await rig.run({ repository, base: 'main', ...by('writes', 'b.txt', 'b') });
    const done = await mergedAfterApproval(id);
    expect(done.mergedCommit).toBe(userGit(repository, 'rev-parse', 'main'));
    expect(userGit(repository, 'status', '--porcelain', '--branch')).toBe('## mine');
    expect(existsSync(join(repository, 'b.txt'))).toBe(false);
  });

  it('of a bare repository moves', async () => {
    const folder = scratchFolder('bare');
    userGit(folder, 'clone', '-q', '--bare', newRepository(), 'bare.git');
    const repository = join(folder, 'bare.git');
    const id = await rig.run({ repository, base: 'main', ...by('writes', 'b.txt', 'b') });
    const done = await mergedAfterApproval(id);
    expect(done.mergedCommit).toBe(userGit(repository, 'rev-parse', 'main'));
    expect(fileAt(repository, 'b.txt')).toBe('b');
  });
});

it('a script that closes its connection ends what it follows', async () => {
  await rig.api.create({ id: 'followed', title: 'Stays open' });
  const pawl = await connect({ PAWL_HOME: rig.home });
  const seen: string[] = [];
  for await (const { status } of pawl.follow('followed')) {
    seen.push(status);
    // Not awaited: the follower is in the middle of its next look by then.
    setImmediate(() => void pawl.close());
  }
  expect(seen).toEqual(['pending']);
  expect(await rig.api.cancel({ id: 'followed' })).toEqual(cancelled('followed', 'pending'));
});
