/** Homes for the bench: temporary, with settings of their own, so that no engine or profile of the user's is touched. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder, removed when `work` has settled. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-bench-')));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment of an engine with this home, on any free port and with its own Temporal. */
export function environmentIn(home: string): NodeJS.ProcessEnv {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE, PAWL_HOST, PAWL_TOKEN, ...kept } = process.env;
  return { ...kept, PAWL_HOME: home, PAWL_PORT: '0' };
}
