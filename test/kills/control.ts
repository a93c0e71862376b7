/** The folder by which a test and what blocks at a point (the git in front, an agent, a program) speak to each other. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendSignal } from '../../src/adapters/programs/processes.ts';
import { placesIn } from '../../src/config.ts';
import type { At } from './points.ts';

export function createControl(folder: string, home: string) {
  const { journal } = placesIn(home);
  const path = (name: string) => join(folder, name);
  const reached = (): number | undefined =>
    existsSync(path('reached')) ? Number(readFileSync(path('reached'), 'utf8')) : undefined;
  /** Whether the journal's entry of the task has such a line by now. */
  const isNoted = (task: string, pattern: string): boolean => {
    const names = readdirSync(journal).filter((name) => name.startsWith(`${task}.`));
    return names.some((name) => new RegExp(pattern, 'm').test(readFileSync(join(journal, name), 'utf8')));
  };
  return {
    folder,
    /** Forgets the last task; the first who comes to `at` in this one blocks. */
    arm(task: string, at: At): void {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      const { evidence, command } = 'evidence' in at ? at : { evidence: '', command: '' };
      // A draft first would be of no use: nothing of this task runs yet.
      writeFileSync(path('point'), `${[at.moment, task, evidence, command].join('\n')}\n`);
    },
    isReached: (task: string, at: At): boolean =>
      reached() !== undefined && (!('noted' in at) || isNoted(task, at.noted)),
    /** Ends the process group of the program that blocks. */
    killGroup(): void {
      const pid = reached();
      if (pid === undefined || !sendSignal(-pid, 'SIGKILL')) throw new Error('no program blocks');
    },
    /** What blocks goes on; a git of a process that was killed ends with it instead. */
    release(): void {
      writeFileSync(path('released'), '');
    },
    endGit(): void {
      const pid = reached();
      // Once released it has ended, and its pid may be another's.
      if (pid !== undefined && !existsSync(path('released'))) sendSignal(pid, 'SIGKILL');
    },
    /** How often each program, and each part of the agent's work, was begun. */
    runs(): Readonly<Record<string, number>> {
      const counts: Record<string, number> = { setup: 0, agent: 0, check: 0, 'part-1': 0, 'part-2': 0 };
      for (const line of readFileSync(path('runs'), 'utf8').trim().split('\n'))
        counts[line] = (counts[line] ?? 0) + 1;
      return counts;
    },
  };
}
