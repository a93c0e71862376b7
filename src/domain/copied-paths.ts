/** Files that git ignores and a task needs all the same, such as `.env`: named by their paths from the repository's top. Pure. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { folderFrom } from './task-folder.ts';

const CopiedPath = z
  .string()
  .max(4096)
  .refine((written) => (folderFrom(written) ?? '') !== '' && !written.endsWith('/'), {
    error: "expected a file by its path from the repository's top, such as .env, that stays inside it",
  });

export const CopiedPaths = z.array(CopiedPath).max(LIMITS.copiedFilesMax);

/** Each once, as it is meant. */
export const copiedPathsOf = (...written: readonly (readonly string[] | undefined)[]): readonly string[] => [
  ...new Set(written.flatMap((paths) => paths ?? []).map((path) => folderFrom(path) ?? path)),
];
