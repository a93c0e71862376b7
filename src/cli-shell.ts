/** `pawl shell`: a task's workspace in the person's own shell, while no agent works there. */
import { spawn } from 'node:child_process';
import { taskVariables } from './activities/task-variables.ts';
import { takeInHand } from './adapters/git/handed-over.ts';
import { type Config, placesIn } from './config.ts';
import { PawlError } from './domain/failures.ts';
import { isClosed, type TaskState } from './domain/task-state.ts';
import { userName } from './user-name.ts';

/**
 * Settles when the shell has ended. @param look how the task is by now
 * @throws PawlError `conflict` where the workspace is nobody's to work in now, `not_found` where there is none
 */
export async function openShell(config: Config, look: () => Promise<TaskState>): Promise<void> {
  const { id, title, repository, base, baseCommit } = await waiting(look);
  if (repository === undefined || base === undefined || baseCommit === undefined)
    throw new PawlError('conflict', `task ${id} has no workspace: you work on it where you like`);
  const task = { id, title, repository, base };
  const inHand = await takeInHand(placesIn(config.home), task, userName());
  try {
    // What has it in hand is seen by every step that begins from now on; one that had begun is seen here.
    await waiting(look);
  } catch (error) {
    await inHand.withdraw();
    throw error;
  }
  try {
    await shellIn(inHand.workspace, { ...process.env, ...taskVariables(task, baseCommit) });
  } finally {
    inHand.release();
  }
}

async function waiting(look: () => Promise<TaskState>): Promise<TaskState> {
  const state = await look();
  const { id, status, gates } = state;
  if (status === 'awaiting_gate' && gates.some((gate) => gate.status === 'open')) return state;
  if (isClosed(status))
    throw new PawlError(
      'conflict',
      `task is ${status}: its workspace is gone, \`pawl show ${id}\` names what was kept`,
    );
  throw new PawlError(
    'conflict',
    `task ${id} is ${status}, and nobody shares a workspace with an agent or a check: give the agent an instruction (pawl tell ${id} "…"), or wait for a gate`,
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
