/** Where the MCP suites are: one folder of the per-user cache for each content of the lock file. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../setup/cache.mjs';

const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'));
const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);

export const SUITES_NAME = `mcp-suites-${digest}`;

/**
 * @param {string} name `conformance` or `mcp-inspector`
 * @returns {string} the full path of a suite's program, once it is installed
 */
export const suiteProgram = (name) => join(cacheFolder(), SUITES_NAME, 'node_modules', '.bin', name);
