/**
 * The sample repository: the package in `examples/sample` as a git repository of one commit, which is the same
 * everywhere. Made beside its place and moved there in one step, so that a half-made one is never seen.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lock } from '../files/file-lock.ts';
import { git } from '../git/run-git.ts';

/** The same everywhere, and so is its commit. */
const DATE = '2026-01-01T00:00:00Z';
const DATES = { GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_DATE: DATE };

/**
 * Makes the repository at `to` from the package at `from`; one that is there is left alone, whatever became of it.
 * Idempotent; of several at once one makes it.
 * @throws PawlError `precondition` when git cannot be run
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
    await cp(from, draft, {
      recursive: true,
      filter: (path) => !['node_modules', '.git'].includes(basename(path)),
    });
    await git({ cwd: draft }, ['init', '--quiet', '--template=', '--initial-branch=main']);
    await git({ cwd: draft }, ['add', '--all']);
    const message = 'A price list that reads prices as people type them';
    await git({ cwd: draft, env: DATES }, ['commit', '--quiet', `--message=${message}`]);
    await rename(draft, to);
  } finally {
    held.release();
  }
}

/** Whether the `main` branch at `repository` holds the commit. False for one that the repository does not know. */
export async function holdsCommit(repository: string, commit: string): Promise<boolean> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return false;
  const args = ['merge-base', '--is-ancestor', commit, 'refs/heads/main'];
  // 1: it does not; 128: it does not even know the commit, or has no such branch any more.
  return (await git({ cwd: repository }, args, { accept: [1, 128] })).exitCode === 0;
}
