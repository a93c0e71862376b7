/** A review comment on GitHub wakes the same session of the real Claude Code, as a user runs it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentsCache } from '../../scripts/agents/place.mjs';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, closed, type EngineRig, quoted, startRig } from '../e2e/rig.ts';
import { type FakeGitHub, startFakeGitHub } from '../fixtures/github/server.ts';
import type { Play, Provider } from './play.ts';
import { provideAnthropic } from './providers.ts';
import { agentProgram } from './rig.ts';

const REMARK = 'say please, in lower case';

let rig: EngineRig;
let github: FakeGitHub;
let provider: Provider;
let repository: string;
let home: string;

const heeds: Play = ({ afterTool, body }) => {
  if (afterTool) return { text: 'the file is written' };
  return { run: `printf ${body.includes(REMARK) ? 'please' : 'now'} > out.txt` };
};

beforeAll(async () => {
  const parent = join(agentsCache(), 'test-homes');
  mkdirSync(parent, { recursive: true });
  home = mkdtempSync(join(parent, 'woken-'));
  repository = newRepository();
  github = await startFakeGitHub({ from: repository });
  userGit(repository, 'remote', 'add', 'origin', github.url);
  provider = await provideAnthropic(heeds);
  rig = await startRig({
    ...provider.environment,
    HOME: home,
    GITHUB_API_URL: github.api,
    GH_TOKEN: github.token,
    PAWL_GITHUB_POLL_SECONDS: '1',
  });
});
afterAll(async () => {
  await rig.close();
  await provider.close();
  await github.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

it('a comment leads to a new commit by the same session, and checks and approval are asked again', async () => {
  const told = await rig.pawl([
    ...[
      'run',
      'Write out.txt',
      '--id',
      'woken',
      '--repo',
      repository,
      '--json',
      '--check',
      'test -s out.txt',
    ],
    ...['--agent', 'claude', '--agent-command', quoted([agentProgram('claude')])],
    ...['--model', 'claude-sonnet-4-5', '--permissions', 'allow'],
  ]);
  expect(told).toMatchObject({ code: 3 });
  const [pull] = github.pulls();
  const first = github.tipOf('pawl/woken');
  expect(userGit(github.repository, 'show', 'pawl/woken:out.txt')).toBe('now');

  github.comment(pull?.number ?? 0, REMARK);
  const state = await rig.until('woken', (now) => atGate(now) && now.attempts.length === 2);
  const [before, after] = state.attempts;
  expect(after).toMatchObject({ reason: 'review', outcome: 'done', session: before?.session });
  expect(before?.session).toMatch(/\S/);
  // It was woken with all that was said before, not started with a new task.
  expect(provider.asked.at(-1)?.body).toContain('the file is written');
  expect(github.tipOf('pawl/woken')).not.toBe(first);
  expect(userGit(github.repository, 'show', 'pawl/woken:out.txt')).toBe('please');
  expect(github.pulls()).toHaveLength(1);
  expect(state.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
    'check passed',
    'approval stale',
    'check passed',
    'approval open',
  ]);

  await rig.api.approve({ id: 'woken', by: 'ann' });
  expect(await rig.until('woken', closed)).toMatchObject({ status: 'completed' });
  expect(userGit(github.repository, 'show', 'main:out.txt')).toBe('please');
});
