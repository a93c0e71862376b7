/** A `git` in front of the real one that counts, and kills the process that started it with all that runs for it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { scratchFolder } from '../scratch-repository.ts';

const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

export type Moment = 'before' | 'during' | 'after';

/** A `git` that ends its process group at the `at`th call. Answers its folder and how often it was called. */
export function killingGit(at: number, moment: Moment) {
  const folder = scratchFolder('bin');
  const calls = join(folder, 'calls');
  const kill = 'kill -9 0';
  const run = `"${REAL_GIT}" "$@"`;
  const atKill = { before: kill, during: `${run} <&0 & ${kill}`, after: `${run}; ${kill}` }[moment];
  const lines = [
    '#!/bin/sh',
    `printf . >> "${calls}"`,
    `if [ $(wc -c < "${calls}") -eq ${at} ]; then ${atKill}; fi`,
  ];
  writeFileSync(join(folder, 'git'), [...lines, `exec ${run}`, ''].join('\n'));
  chmodSync(join(folder, 'git'), 0o755);
  return { folder, count: () => (existsSync(calls) ? readFileSync(calls).length : 0) };
}

/** Runs a program of `fixtures` with another git in front; answers how it ended. */
export const runWith = (program: string, input: unknown, gitFolder: string) =>
  execa('node', [join(import.meta.dirname, 'fixtures', program)], {
    input: JSON.stringify(input),
    env: { PATH: `${gitFolder}:${process.env.PATH}` },
    // A process group of its own, which is what the kill ends.
    detached: true,
    reject: false,
  });
