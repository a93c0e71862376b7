/**
 * The folder of a repository that a task is about, of a monorepo a package: its agent, set-up and checks start there. Pure; by
 * its path from the top, with `/`.
 */
import { z } from 'zod';

/** The path without what says nothing (`./`, a slash at its end); '' is the top itself, undefined what leads elsewhere. */
export function folderFrom(written: string): string | undefined {
  if (written === '' || written.startsWith('/') || written.includes('\0')) return undefined;
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  const isElsewhere = parts.includes('..') || parts[0]?.toLowerCase() === '.git';
  return isElsewhere ? undefined : parts.join('/');
}

export const TaskFolder = z
  .string()
  .max(4096)
  .refine((written) => folderFrom(written) !== undefined, {
    error:
      "expected a folder by its path from the repository's top, such as packages/api, that stays inside it",
  });
