/** `pawl shell`: a task's workspace in the person's own shell, while no agent works there. */
import { spawn } from 'node:child_process';
import { ownerVariables } from './activities/owner-variables.ts';
import { takeInHand } from './adapters/git/handed-over.ts';
import { type Config, placesIn } from './config.ts';
import { PawlError } from './domain/failures.ts';
import { HAND_TEXT } from './domain/places.ts';
import { isClosed, type TaskState } from './domain/task-state.ts';
import type { TaskInHand } from './edge/cli/world.ts';
import { userName } from './user-name.ts';

/** Ending a stubborn agent takes 10 s, and a worker that is started anew some more. */
const PAUSED_WITHIN_MS = 60_000;

/**
 * Settles when the shell has ended.
 * @throws PawlError `conflict` where the workspace is nobody's to work in now, `not_found` where there is none, `unavailable` where
 * the agent does not stop: then it has been told all the same, and works on
 */
export async function openShell(config: Config, asked: TaskInHand): Promise<'agent' | 'decision'> {
  const state = await asked.look();
  const isPaused = expectUsable(state) === 'agent';
  const { id, title, repository, base, baseCommit } = state;
  if (repository === undefined || base === undefined || baseCommit === undefined)
    throw new PawlError('conflict', `task ${id} has no workspace: you work on it where you like`);
  const task = { id, title, repository, base };
  const inHand = await takeInHand(placesIn(config.home), task, userName());
  try {
    // What has it in hand is seen by every step that begins from now on; one that had begun is seen here.
    if (isPaused) await pauseAgent(asked, id);
    else expectUsable(await asked.look(), 'at a gate');
  } catch (error) {
    await inHand.withdraw();
    throw error;
  }
  try {
    await shellIn(inHand.workspace, { ...process.env, ...ownerVariables(task, baseCommit) });
  } finally {
    inHand.release();
  }
  return isPaused ? 'agent' : 'decision';
}

/** @returns what takes up what is done there */
function expectUsable(state: TaskState, only?: 'at a gate'): 'agent' | 'decision' {
  const { id, status, gates, attempts, step } = state;
  if (status === 'awaiting_gate' && gates.some((gate) => gate.status === 'open')) return 'decision';
  if (isClosed(status))
    throw new PawlError(
      'conflict',
      `task is ${status}: its workspace is gone, \`pawl show ${id}\` names what was kept`,
    );
  if (only === undefined && step === 'attempt' && attempts.at(-1)?.outcome === 'running') return 'agent';
  throw new PawlError(
    'conflict',
    `task ${id} is ${status}${step === undefined ? '' : ` at its step ${step}`}, and nobody shares a workspace with a step: wait for a gate, or for the agent`,
  );
}

/** The attempt is cut short, as by an instruction; the next one begins once the person has left. */
async function pauseAgent(asked: TaskInHand, id: string): Promise<void> {
  asked.notice(`pausing the agent of task ${id} …`);
  await asked.tell(
    'I work in the workspace myself (pawl shell). Look at what has changed there, then go on.',
  );
  const inTime = AbortSignal.timeout(PAUSED_WITHIN_MS);
  for await (const state of await asked.states(inTime)) {
    if (state.waitingFor === HAND_TEXT) return;
    if (isClosed(state.status)) expectUsable(state);
  }
  throw new PawlError(
    'unavailable',
    `the agent of task ${id} has not stopped within ${PAUSED_WITHIN_MS / 1_000} s: \`pawl show ${id}\` tells what it does, try again`,
  );
}

const shellIn = (cwd: string, env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const shell = env.SHELL || '/bin/sh';
    const child = spawn(shell, [], { cwd, env, stdio: 'inherit' });
    child.once('error', (cause) =>
      reject(
        new PawlError('precondition', `${shell} cannot be started: set SHELL to one that can`, { cause }),
      ),
    );
    child.once('exit', () => resolve());
  });
