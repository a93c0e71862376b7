/**
 * Lets test processes, and every program that they start, keep what they have compiled, as `bin/pawl` does. Where vitest
 * measures coverage it forbids that to all of them; but what is measured are our sources, which it evaluates itself and
 * which are in no such cache, while packages and started programs are not measured. Loaded before each test file.
 */
import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../scripts/setup/cache.mjs';

const folder = join(cacheFolder(), 'compiled');
delete process.env.NODE_DISABLE_COMPILE_CACHE;
module.enableCompileCache(folder);
// For programs that do not say so themselves.
process.env.NODE_COMPILE_CACHE = folder;
