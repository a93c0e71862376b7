/** A repository whose base has a submodule as somebody wrote it, and a task that wants it. */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Submodules } from '../../../src/domain/wanted-submodules.ts';
import { newRepository, newWorld, put, userGit } from '../scratch-repository.ts';

export interface Written {
  /** Of `.gitmodules`. */
  readonly text: string;
  readonly oid?: string;
  readonly path?: string;
  readonly origin?: string;
}

export const LIBRARY = newRepository({ 'lib.txt': 'lib\n' });
export const COMMIT = userGit(LIBRARY, 'rev-parse', 'HEAD');
export const module = (name: string, url: string, path = 'sub') =>
  `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n`;

/** A base with it, and what is said of that. */
export async function asked(
  { text, oid = COMMIT, path: at = 'sub', origin }: Written,
  wanted: Submodules = true,
) {
  const world = newWorld();
  const { repository, workspaces, task, places } = world;
  if (origin !== undefined) userGit(repository, 'remote', 'add', 'origin', origin);
  put(repository, { '.gitmodules': text });
  userGit(repository, 'add', '.gitmodules');
  userGit(repository, 'update-index', '--add', '--cacheinfo', `160000,${oid},${at}`);
  userGit(repository, 'commit', '-qm', 'a submodule');
  const { path, baseCommit: base } = await workspaces.prepare(task);
  const [problem, ...others] = await workspaces.submodules(task, { base, commit: base, wanted });
  expect(others).toEqual([]);
  const checks = join(places.checks, `${task.id}-check`);
  return { ...world, path, base, problem, checks };
}
