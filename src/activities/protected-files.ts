/**
 * What judges a change is taken from the base commit for the second pass of its checks: what the agent changed of it is put
 * back, what it added is taken away.
 */
import { LIMITS } from '../domain/limits.ts';
import { withScriptsOf } from '../domain/package-scripts.ts';
import { CHECK_DEFINITIONS, TESTS } from '../domain/protect.ts';
import type { CheckInput } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';

type ProtectionDeps = Pick<ActivityDeps, 'workspaces' | 'matching'>;

/** Puts what the agent changed of the protected files back to the base commit; answers what that was. */
export async function overlayBase(deps: ProtectionDeps, input: CheckInput): Promise<string[]> {
  const { workspaces, matching } = deps;
  const { task, baseCommit, commit, protect } = input;
  if (protect.length === 0) return [];
  const changed = (await workspaces.changes(task, baseCommit, commit)).files;
  const known = changed.filter(({ status }) => status !== 'added').map(({ path }) => path);
  const added = changed.filter(({ status }) => status === 'added').map(({ path }) => path);
  const gone = await notInBase(deps, input, matching(added, protect));
  const files = [...matching(known, protect), ...gone];
  const packages = known.filter((one) => one === 'package.json' || one.endsWith('/package.json'));
  if (files.length + packages.length === 0) return [];
  // The first pass ran what the agent wrote, which may have gone on changing things: a `pretest` that removes tests, say.
  await workspaces.restore(task, commit);
  if (files.length > 0) await workspaces.overlay(task, baseCommit, files);
  const removed = new Set(gone);
  const overlaid = files.map((path) => (removed.has(path) ? `no ${path}` : path));
  for (const path of packages) {
    const base = await workspaces.fileAt(task, baseCommit, path);
    const now = await workspaces.fileAt(task, commit, path);
    const merged = base === undefined ? undefined : withScriptsOf(now ?? base, base);
    if (merged === undefined) continue;
    await workspaces.write(task, path, merged);
    overlaid.push(`the scripts of ${path}`);
  }
  return overlaid.slice(0, LIMITS.filesNamedMax);
}

/**
 * Added files that may decide what a check says: a configuration that leaves tests out, a set-up file that ends every
 * test well. In a base without any test the first ones stay: there is none that they could hide, and many runners fail
 * where they find none.
 */
async function notInBase(
  { workspaces, matching }: ProtectionDeps,
  { task, baseCommit }: CheckInput,
  added: readonly string[],
): Promise<readonly string[]> {
  const definitions = new Set(matching(added, CHECK_DEFINITIONS));
  const tests = new Set(matching(added, TESTS).filter((path) => !definitions.has(path)));
  if (tests.size === 0) return added;
  const judged = matching(await workspaces.files(task, baseCommit), TESTS).length > 0;
  return judged ? added : added.filter((path) => !tests.has(path));
}
