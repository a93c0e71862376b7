/** A run whose pull request is on GitHub, from the command line to the merge, with people who have something to say. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { type FakeGitHub, startFakeGitHub } from '../fixtures/github/server.ts';
import { agent, atGate, by, closed, type EngineRig, quoted, startRig } from './rig.ts';

let rig: EngineRig;
let github: FakeGitHub;
let repository: string;
beforeAll(async () => {
  repository = newRepository();
  github = await startFakeGitHub({ from: repository });
  userGit(repository, 'remote', 'add', 'origin', github.url);
  rig = await startRig({ GITHUB_API_URL: github.api, GH_TOKEN: github.token, PAWL_GITHUB_POLL_SECONDS: '1' });
});
afterAll(async () => {
  await rig.close();
  await github.close();
});

const run = (id: string, ...more: readonly string[]) =>
  rig.pawl([
    ...['run', 'Do the work', '--id', id, '--repo', repository, '--json'],
    ...['--agent-command', quoted(agent('heeds', `${id}.txt`)), ...more],
  ]);

it('a review wakes the agent, reopens checks and approval, and the merge is on GitHub', async () => {
  expect((await run('reviewed')).code).toBe(3);
  const [pull] = github.pulls();
  expect(github.pulls()).toHaveLength(1);
  github.comment(pull?.number ?? 0, 'say please');
  const state = await rig.until('reviewed', (now) => atGate(now) && now.attempts.length === 2);
  expect(state.attempts[1]).toMatchObject({ reason: 'review', outcome: 'done' });
  expect(state.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
    'check unverified',
    'approval stale',
    'check unverified',
    'approval open',
  ]);
  expect(github.pulls()).toHaveLength(1);
  await rig.api.approve({ id: 'reviewed', by: 'ann' });
  const done = await rig.until('reviewed', closed);
  expect(done).toMatchObject({ status: 'completed', pullRequest: { number: pull?.number } });
  expect(github.tipOf('main')).toBe(done.mergedCommit);
  expect(userGit(github.repository, 'show', 'main:reviewed.txt')).toMatch(/^review: [\s\S]*say please/);
  expect(github.tipOf('pawl/reviewed')).toBeUndefined();
});

it('a person who merges or closes it ends the task', async () => {
  expect((await run('merged-there')).code).toBe(3);
  github.mergeByHuman(github.pulls().at(-1)?.number ?? 0);
  expect(await rig.until('merged-there', closed)).toMatchObject({ status: 'completed' });
  expect((await run('brought-there')).code).toBe(3);
  const { number = 0 } = github.pulls().at(-1) ?? {};
  const squash = ['commit-tree', 'pawl/brought-there^{tree}', '-p', 'main', '-m', 'Do the work (#1)'];
  const brought = userGit(github.repository, ...squash);
  userGit(github.repository, 'update-ref', 'refs/heads/main', brought);
  github.closeByHuman(number);
  const done = await rig.until('brought-there', closed);
  expect(done).toMatchObject({ status: 'completed', mergedCommit: brought });
  expect(done.notes.join()).toContain(
    `pull request #${number} is closed; its branch pawl/brought-there stays`,
  );
  expect((await run('closed-there')).code).toBe(3);
  github.closeByHuman(github.pulls().at(-1)?.number ?? 0);
  expect(await rig.until('closed-there', closed)).toMatchObject({
    status: 'failed',
    failure: { class: 'rejected' },
  });
});

it('an approved change that GitHub lets nobody watch any more asks a person, and a retry watches on', async () => {
  expect((await run('unwatched')).code).toBe(3);
  const number = github.pulls().at(-1)?.number ?? 0;
  github.block(number, 'At least 1 approving review is required');
  await rig.api.approve({ id: 'unwatched', by: 'ann' });
  await rig.until('unwatched', ({ status }) => status === 'blocked');
  const revoked = { status: 401, message: 'Bad credentials' };
  github.fault = () => revoked;
  const asked = await rig.until('unwatched', atGate);
  expect(asked.gates.at(-1)).toMatchObject({
    gate: 'escalation',
    status: 'open',
    next: expect.stringContaining('pawl retry unwatched watches the pull request again'),
    question: expect.stringMatching(
      /1 approving review is required.*does not accept the token.*set a valid one/,
    ),
  });
  // Asked again while the token is as it was, it says so again.
  expect((await rig.pawl(['retry', 'unwatched'])).code).toBe(0);
  await rig.until('unwatched', (now) => atGate(now) && now.gates.length === asked.gates.length + 1);
  github.fault = () => undefined;
  expect((await rig.pawl(['retry', 'unwatched'])).code).toBe(0);
  await rig.until('unwatched', ({ status }) => status === 'blocked');
  github.block(number, undefined);
  const done = await rig.until('unwatched', closed);
  expect(done).toMatchObject({ status: 'completed', attempts: [{ number: 1 }] });
  expect(github.tipOf('main')).toBe(done.mergedCommit);
});

it('a missing token is found out before anything starts', async () => {
  const args = ['run', 'Do the work', '--repo', repository, '--forge', 'github', '--agent-command', 'true'];
  // The engine's own environment counts: what this shell has is nothing to it.
  const without = await startRig({ GITHUB_API_URL: github.api, GH_TOKEN: '', GITHUB_TOKEN: '' });
  const told = await without.pawl(args, { env: { GH_TOKEN: github.token } });
  expect(told).toMatchObject({ code: 2, err: expect.stringContaining('no GitHub token is set') });
  expect(told.err).toContain('the engine does not have GH_TOKEN although this shell does');
  expect(told.err).not.toContain(github.token);
  // Read by each operation and step: the engine need not be started anew.
  writeFileSync(join(without.home, '.env'), `GH_TOKEN=${github.token}\n`, { mode: 0o600 });
  const id = await without.run({ repository, forge: 'github', ...by('writes', 'from-file.txt', 'text') });
  const state = await without.until(id, atGate);
  expect(state.pullRequest?.url).toContain(github.url.replace(/\.git$/, ''));
  await without.api.cancel({ id });
  await without.until(id, closed);
  await without.close();
});

it('keeps its token to itself', async () => {
  const history = JSON.stringify(await rig.client.workflow.getHandle('reviewed').fetchHistory());
  expect(history).not.toContain(github.token);
  expect((await rig.pawl(['show', 'reviewed', '--json'])).out).not.toContain(github.token);
});
