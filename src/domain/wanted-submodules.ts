/** Submodules that the engine checks out, as `pawl.yaml` names them. Pure. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { folderFrom } from './task-folder.ts';

const EXPECTED = `expected true, or a list of at most ${LIMITS.submodulesMax} paths of submodules, from the repository's top`;

const Path = z
  .string()
  .max(4096)
  .transform((written) => folderFrom(written) ?? '')
  .refine((path) => path !== '', { error: EXPECTED });

/** true: all; each with the submodules that it has itself. */
export const Submodules = z.union(
  [z.boolean(), z.array(Path).max(LIMITS.submodulesMax, { error: EXPECTED })],
  {
    error: EXPECTED,
  },
);
export type Submodules = z.output<typeof Submodules>;

export const isWanted = (wanted: Submodules, path: string): boolean =>
  typeof wanted === 'boolean' ? wanted : wanted.includes(path);
