/** `pawl` as a program for agents that may call the engine, in a folder of the home in which there is nothing else. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from 'shell-quote';
import { placesIn } from '../config.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'pawl');

/**
 * Answers the folder. The program runs on the Node of this engine, by its full path: the PATH of an agent may have an older one
 * or none. Written anew each time, because another engine of the home may be of another version. Atomic.
 */
export function ownCommandFolder(home: string): string {
  const { ownCommand: folder } = placesIn(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${randomUUID()}`);
  try {
    writeFileSync(draft, `#!/bin/sh\nexec ${quote([process.execPath, LAUNCHER])} "$@"\n`, { mode: 0o700 });
    renameSync(draft, join(folder, 'pawl'));
  } finally {
    rmSync(draft, { force: true });
  }
  return folder;
}
