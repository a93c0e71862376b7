/** Where the programs are that a user types. */
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
export const LAUNCHER = join(ROOT, 'bin', 'pawl');
