/** Where the agents for the tests are: one folder of the per-user cache for each content of the lock file. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../setup/cache.mjs';

const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'));
const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);

export const AGENTS_NAME = `agents-${digest}`;

/** @returns {string} the folder that holds the agents' programs once they are installed */
export const agentsBin = () => join(cacheFolder(), AGENTS_NAME, 'node_modules', '.bin');
/** @returns {string} the cache folder, for what must not stand under the system's temporary folder */
export const agentsCache = () => cacheFolder();
