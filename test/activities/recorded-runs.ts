/**
 * Runs of one task's agent as its program printed them, by the adapter and the watcher of attempts, with what is kept
 * between attempts in real files.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWatcher } from '../../src/activities/attempt-watcher.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { Agent, AgentRequest } from '../../src/activities/ports/agent-port.ts';
import type { JournalFacts } from '../../src/activities/ports/journal-port.ts';
import type { Running } from '../../src/activities/running.ts';
import { createSessionSums } from '../../src/adapters/files/session-sums.ts';
import { createMask } from '../../src/domain/mask.ts';
import type { AttemptInput } from '../../src/domain/steps.ts';
import type { Usage } from '../../src/domain/task-state.ts';
import { newFolder } from '../conformance/folders.ts';

/** What one attempt's program prints, and the session that the attempt is to go on with. */
export interface RecordedRun {
  readonly prints: readonly object[];
  readonly resumes?: string;
  /** After the last line, as a kill does. */
  readonly dies?: true;
}

/** @returns tells of one run after the other what the attempt is said to have used itself, and what its journal has of it */
export function createRecordedTask(agent: Agent) {
  const sessionSums = createSessionSums(newFolder());
  const folder = newFolder();
  let number = 0;
  return async ({ prints, resumes, dies }: RecordedRun) => {
    number += 1;
    const program = join(folder, `run-${number}.mjs`);
    const lines = prints.map((line) => `${JSON.stringify(line)}\n`).join('');
    const end = dies === true ? "process.kill(process.pid, 'SIGKILL')" : '';
    writeFileSync(program, `process.stdout.write(${JSON.stringify(lines)}, () => { ${end} });`);
    const attempt: AttemptInput['attempt'] = {
      number,
      token: `t-${number}`,
      reason: number === 1 ? 'first' : 'resume',
      ...(resumes === undefined ? {} : { session: resumes }),
    };
    const noted: (Usage | undefined)[] = [];
    const watcher = createWatcher(
      {
        sessionSums,
        workspaces: { snapshot: async () => ({ tree: 'f00', changedFiles: [] }) },
        disk: { freeBytes: async () => Number.MAX_SAFE_INTEGER },
      } as unknown as ActivityDeps, // no more is asked of them
      { task: { id: 'some-task' }, attempt, attemptSecondsMax: 60, stallSecondsMax: 60 } as AttemptInput,
      {
        entry: { note: async ({ usage }: JournalFacts) => void (usage && noted.push(usage)) },
        carry: () => undefined,
        hush: () => undefined,
      } as unknown as Running,
      { path: '', write: () => undefined, close: async () => undefined },
    );
    const request: AgentRequest = {
      choice: { name: agent.name, command: [process.execPath, program] },
      task: { id: 'some-task', title: 'Some task', requirement: 'Do it' },
      attempt,
      mark: `some-home/some-task/attempt-${number}`,
      workspace: folder,
      scratch: join(folder, 'scratch'),
      environment: process.env,
      mask: createMask([]),
      permissions: 'ask',
      limits: {},
    };
    try {
      await agent.run(request, watcher.observe, new AbortController().signal).catch(() => undefined);
      await watcher.settled();
      return { usage: watcher.heard().usage, noted: noted.at(-1) };
    } finally {
      watcher.stop();
    }
  };
}
