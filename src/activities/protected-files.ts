/**
 * What judges a change is taken from the base commit for the second pass of its checks: what the agent changed of it is put
 * back, what it added is taken away. Of files that hold dependencies as well, the settings alone.
 */
import { LIMITS } from '../domain/limits.ts';
import { isNamedAsDependency } from '../domain/local-dependencies.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import { splitProtect } from '../domain/protect.ts';
import { type ChangedPaths, type Judging, judgedBy, needsBase } from '../domain/protection.ts';
import { nameOf, upwards } from '../domain/runs-through/lookup.ts';
import { settingsWords } from '../domain/settings-keys.ts';
import type { CheckSetup } from '../domain/steps.ts';
import type { CheckDefinition } from '../domain/task-spec.ts';
import type { ActivityDeps } from './deps.ts';
import type { Overlay } from './ports/check-spaces-port.ts';
import type { Commits } from './ports/commits-port.ts';
import { runsThrough } from './runs-through.ts';

export type ProtectionDeps = Pick<ActivityDeps, 'matching' | 'restoreSettings'> & {
  readonly commits: Commits;
};

/** A commit, what is run on it, and what of it is as in the base. */
export interface Judged extends CheckSetup {
  readonly owner: OwnerRef;
  readonly baseCommit: string;
  readonly commit: string;
  readonly checks: readonly CheckDefinition[];
  readonly protect: readonly string[];
}

/** What the second pass runs on, and in words what of it is not as the agent left it. */
export interface BaseOverlay {
  readonly overlay: Overlay;
  readonly words: readonly string[];
}

/** undefined where the agent changed nothing that is protected. */
export async function baseOverlay(deps: ProtectionDeps, input: Judged): Promise<BaseOverlay | undefined> {
  const { baseCommit, protect } = input;
  if (protect.length === 0) return undefined;
  const { restored, removed, settings } = await judgingFiles(deps, input);
  const texts = await settingsOf(deps, input, settings);
  const paths = [...restored, ...removed];
  if (paths.length + texts.size === 0) return undefined;
  const words = [
    ...restored,
    ...removed.map((path) => `no ${path}`),
    ...[...texts.keys()].map(settingsWords),
  ];
  return { overlay: { commit: baseCommit, paths, texts }, words: words.slice(0, LIMITS.filesNamedMax) };
}

async function judgingFiles(deps: ProtectionDeps, input: Judged): Promise<Judging> {
  const { commits, matching } = deps;
  const { owner, baseCommit, commit, checks, setup, protect } = input;
  const { files } = await commits.changes(owner, baseCommit, commit);
  // What set-up runs can plant what a check finds.
  const commands = [...checks.map(({ run }) => run), ...(setup ? [setup] : [])];
  const through = await runsThrough(deps, {
    owner,
    baseCommit,
    commands,
    changed: files.map(({ path }) => path),
  });
  const pathsWith = (isAdded: boolean): string[] =>
    files.filter(({ status }) => (status === 'added') === isAdded).map(({ path }) => path);
  const change: ChangedPaths = { known: pathsWith(false), added: pathsWith(true), folder: owner.dir ?? '' };
  const rules = { protect, through: through.protected, matching };
  const base = needsBase(change, rules) ? await commits.files(owner, baseCommit) : [];
  const judging = judgedBy(change, rules, base);
  const impostors = await impostorsAmong(deps, input, change);
  const isImpostor = new Set(impostors);
  return {
    ...judging,
    removed: [...new Set([...judging.removed, ...impostors])],
    settings: judging.settings.filter((path) => !isImpostor.has(path)),
  };
}

/** New packages of a workspace that would be installed in place of what the base depends on. */
async function impostorsAmong(
  { commits, matching }: ProtectionDeps,
  { owner, baseCommit, commit, protect }: Judged,
  { added, folder }: ChangedPaths,
): Promise<string[]> {
  const excepted = new Set(matching(added, splitProtect(protect).exceptions));
  const packages = added.filter((path) => nameOf(path) === 'package.json' && !excepted.has(path));
  if (packages.length === 0) return [];
  const manifests = upwards(folder).map((one) => (one === '' ? 'package.json' : `${one}/package.json`));
  const base = [...(await commits.textsAt(owner, baseCommit, manifests)).values()];
  const now = await commits.textsAt(owner, commit, packages);
  return packages.filter((path) => isNamedAsDependency(now.get(path) ?? '', base));
}

/** Those of which the change has other settings, with the text that has the base's. */
async function settingsOf(
  { commits, restoreSettings }: ProtectionDeps,
  { owner, baseCommit, commit }: Judged,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const base = await commits.textsAt(owner, baseCommit, paths);
  const now = await commits.textsAt(owner, commit, paths);
  const texts = paths.map((path) => [path, restoreSettings(path, now.get(path), base.get(path))] as const);
  return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
