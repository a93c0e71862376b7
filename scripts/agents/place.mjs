/** Where the agents for the tests are: one folder of the per-user cache for each content of the lock file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../setup/cache.mjs';
import { lockedBin, lockedName } from '../setup/locked-packages.mjs';

export const AGENTS_NAME = lockedName('agents', import.meta.dirname);

/**
 * Programs that their package's install script, which is not run, would put in place of a stub: they are taken from
 * the package of this platform.
 */
const PLATFORM = `${process.platform}-${process.arch}`;
const NATIVE = new Map([
  ['claude', join('..', '@anthropic-ai', `claude-code-${PLATFORM}`, 'claude')],
  ['opencode', join('..', `opencode-${PLATFORM}`, 'bin', 'opencode')],
]);

/** @returns {string} the folder of the agents' programs once they are installed, or the one that `AGENTS_BIN` names */
export const agentsBin = () => process.env.AGENTS_BIN || lockedBin(AGENTS_NAME);
/**
 * @param {string} name
 * @returns {string | undefined} the full path of an agent's program, where it is installed
 */
export function findAgent(name) {
  const path = join(agentsBin(), NATIVE.get(name) ?? name);
  return existsSync(path) ? path : undefined;
}
/** @returns {string} the cache folder, for what must not stand under the system's temporary folder */
export const agentsCache = () => cacheFolder();
