/** A `git` in front of the real one that counts, and kills the process that started it with all that runs for it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { scratchFolder } from '../scratch-repository.ts';

const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

export type Moment = 'before' | 'during' | 'after';
/** Its process group, only who started it, or only itself. */
export type Victim = 'group' | 'parent' | 'itself';
const KILLS: Readonly<Record<Victim, string>> = {
  group: 'kill -9 0',
  parent: '{ kill -9 $PPID; exit 1; }',
  itself: 'kill -9 $$',
};

/** A `git` that kills at the `at`th call. Answers its folder and how often it was called. */
export function killingGit(at: number, moment: Moment, victim: Victim = 'group') {
  const folder = scratchFolder('bin');
  const calls = join(folder, 'calls');
  putKillingGit(folder, `printf . >> "${calls}"; [ $(wc -c < "${calls}") -eq ${at} ]`, moment, victim);
  return { folder, count: () => (existsSync(calls) ? readFileSync(calls).length : 0) };
}

/**
 * Writes such a `git`. Of one that stays, each transaction of refs is a call.
 * @param isNow of a shell, asked once at each call, with the call's arguments
 */
export function putKillingGit(folder: string, isNow: string, moment: Moment, victim: Victim = 'group'): void {
  const kill = KILLS[victim];
  const armed = join(folder, 'armed');
  const run = `"${REAL_GIT}" "$@"`;
  const pass = 'printf "%s\\n" "$line"';
  const atCall = { before: kill, during: `${run} <&0 & ${kill}`, after: `${run}; ${kill}` }[moment];
  const atCommit = { before: kill, during: `${pass}; ${kill}`, after: `: > "${armed}"` }[moment];
  // It ends with the real one, which does not wait for the end of its input where it refuses.
  const script = `#!/bin/sh
is_now() { ${isNow}; }
if [ "$*" = 'update-ref --stdin' ]; then
  mkfifo "$0.$$"
  exec 3<&0
  while IFS= read -r line; do
    if [ "$line" = commit ] && is_now "$@"; then ${atCommit}; fi
    ${pass}
  done <&3 > "$0.$$" &
  ${run} < "$0.$$" | while IFS= read -r line; do
    if [ "$line" = 'commit: ok' ] && [ -e "${armed}" ]; then ${kill}; fi
    ${pass}
  done
  kill $! 2>/dev/null
  exit
fi
if is_now "$@"; then ${atCall}; fi
exec ${run}
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
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
