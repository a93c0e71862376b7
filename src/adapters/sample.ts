/**
 * The sample repository: the package in `examples/sample` as a git repository of one commit, which is the same
 * everywhere. Made beside its place and moved there in one step, so that a half-made one is never seen.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { PawlError } from '../domain/failures.ts';
import { lock } from './file-lock.ts';

/** Nothing of the user's own git settings may decide what the sample is, or run. */
const GIT_SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.autocrlf=false', 'commit.gpgSign=false'];
const AUTHOR = { name: 'Pawl sample', email: 'sample@localhost', date: '2026-01-01T00:00:00Z' };

/**
 * Makes the repository at `to` from the package at `from`; one that is there is left alone, whatever became of it.
 * Idempotent; of several at once one makes it.
 * @throws PawlError `unavailable` when git cannot be run
 */
export async function makeSample(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const held = await lock(join(dirname(to), `.${basename(to)}.lock`));
  try {
    if (existsSync(to)) return;
    const draft = join(dirname(to), `.${basename(to)}.draft`);
    // One that was killed half-way has left its draft.
    await rm(draft, { recursive: true, force: true });
    await cp(from, draft, { recursive: true, filter: (path) => !['node_modules', '.git'].includes(basename(path)) });
    await git(draft, 'init', '--quiet', '--template=', '--initial-branch=main');
    await git(draft, 'add', '--all');
    await git(draft, 'commit', '--quiet', '--message=A price list that reads prices as people type them');
    await rename(draft, to);
  } finally {
    held.release();
  }
}

/** Whether the `main` branch at `repository` holds the commit. False for one that the repository does not know. */
export async function holdsCommit(repository: string, commit: string): Promise<boolean> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return false;
  const { exitCode } = await runGit(repository, ['merge-base', '--is-ancestor', commit, 'refs/heads/main']);
  return exitCode === 0;
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runGit(cwd, args);
  if (exitCode === 0) return;
  throw new PawlError('unavailable', `the sample repository cannot be made: git ${args[0]} said ${JSON.stringify(stderr)}`);
}

async function runGit(cwd: string, args: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  const settings = GIT_SETTINGS.flatMap((setting) => ['-c', setting]);
  const result = await execa('git', [...settings, ...args], {
    cwd,
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: AUTHOR.name,
      GIT_AUTHOR_EMAIL: AUTHOR.email,
      GIT_AUTHOR_DATE: AUTHOR.date,
      GIT_COMMITTER_NAME: AUTHOR.name,
      GIT_COMMITTER_EMAIL: AUTHOR.email,
      GIT_COMMITTER_DATE: AUTHOR.date,
    },
  });
  if (result.exitCode !== undefined) return { exitCode: result.exitCode, stderr: result.stderr };
  throw new PawlError('unavailable', `git cannot be run: ${result.shortMessage ?? 'it was ended'}. Install git`);
}
