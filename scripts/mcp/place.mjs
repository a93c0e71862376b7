/** Where the MCP suites are: one folder of the per-user cache for each content of the lock file. */
import { join } from 'node:path';
import { lockedBin, lockedName } from '../setup/locked-packages.mjs';

export const SUITES_NAME = lockedName('mcp-suites', import.meta.dirname);

/**
 * @param {string} name `conformance` or `mcp-inspector`
 * @returns {string} the full path of a suite's program, once it is installed
 */
export const suiteProgram = (name) => join(lockedBin(SUITES_NAME), name);
