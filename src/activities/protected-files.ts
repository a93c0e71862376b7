/**
 * What judges a change is taken from the base commit for the second pass of its checks: what the agent changed of it is put
 * back, what it added is taken away.
 */
import { LIMITS } from '../domain/limits.ts';
import { withScriptsOf } from '../domain/package-scripts.ts';
import { CHECK_DEFINITIONS, TESTS } from '../domain/protect.ts';
import type { CheckInput } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import type { Overlay } from './ports/check-spaces-port.ts';

type ProtectionDeps = Pick<ActivityDeps, 'workspaces' | 'matching'>;

/** What the second pass runs on, and in words what of it is not as the agent left it. */
export interface BaseOverlay {
  readonly overlay: Overlay;
  readonly words: readonly string[];
}

/** undefined where the agent changed nothing that is protected. */
export async function baseOverlay(deps: ProtectionDeps, input: CheckInput): Promise<BaseOverlay | undefined> {
  const { workspaces, matching } = deps;
  const { task, baseCommit, commit, protect } = input;
  if (protect.length === 0) return undefined;
  const changed = (await workspaces.changes(task, baseCommit, commit)).files;
  const known = changed.filter(({ status }) => status !== 'added').map(({ path }) => path);
  const added = changed.filter(({ status }) => status === 'added').map(({ path }) => path);
  const gone = await notInBase(deps, input, matching(added, protect));
  const paths = [...matching(known, protect), ...gone];
  const removed = new Set(gone);
  const words = paths.map((path) => (removed.has(path) ? `no ${path}` : path));
  const texts = new Map<string, string>();
  for (const path of known.filter((one) => one === 'package.json' || one.endsWith('/package.json'))) {
    const base = await workspaces.fileAt(task, baseCommit, path);
    const now = await workspaces.fileAt(task, commit, path);
    const merged = base === undefined ? undefined : withScriptsOf(now ?? base, base);
    if (merged === undefined) continue;
    texts.set(path, merged);
    words.push(`the scripts of ${path}`);
  }
  if (paths.length + texts.size === 0) return undefined;
  return { overlay: { commit: baseCommit, paths, texts }, words: words.slice(0, LIMITS.filesNamedMax) };
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
