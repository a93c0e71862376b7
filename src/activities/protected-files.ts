/**
 * What judges a change is taken from the base commit for the second pass of its checks: what the agent changed of it is put
 * back, what it added is taken away. Of files that hold dependencies as well, the settings alone.
 */
import { LIMITS } from '../domain/limits.ts';
import { isNamedAsDependency } from '../domain/local-dependencies.ts';
import { splitProtect } from '../domain/protect.ts';
import { type ChangedPaths, type Judging, judgedBy, needsBase } from '../domain/protection.ts';
import { nameOf, upwards } from '../domain/runs-through/lookup.ts';
import { settingsWords } from '../domain/settings-keys.ts';
import type { CheckInput } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import type { Overlay } from './ports/check-spaces-port.ts';
import { runsThrough } from './runs-through.ts';

export type ProtectionDeps = Pick<ActivityDeps, 'workspaces' | 'matching' | 'restoreSettings'>;

/** What the second pass runs on, and in words what of it is not as the agent left it. */
export interface BaseOverlay {
  readonly overlay: Overlay;
  readonly words: readonly string[];
}

/** undefined where the agent changed nothing that is protected. */
export async function baseOverlay(deps: ProtectionDeps, input: CheckInput): Promise<BaseOverlay | undefined> {
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

async function judgingFiles(deps: ProtectionDeps, input: CheckInput): Promise<Judging> {
  const { workspaces, matching } = deps;
  const { task, baseCommit, commit, checks, setup, protect } = input;
  const { files } = await workspaces.changes(task, baseCommit, commit);
  // What set-up runs can plant what a check finds.
  const commands = [...checks.map(({ run }) => run), ...(setup ? [setup] : [])];
  const through = await runsThrough(deps, {
    task,
    baseCommit,
    commands,
    changed: files.map(({ path }) => path),
  });
  const pathsWith = (isAdded: boolean): string[] =>
    files.filter(({ status }) => (status === 'added') === isAdded).map(({ path }) => path);
  const change: ChangedPaths = { known: pathsWith(false), added: pathsWith(true), folder: task.dir ?? '' };
  const rules = { protect, through: through.protected, matching };
  const base = needsBase(change, rules) ? await workspaces.files(task, baseCommit) : [];
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
  { workspaces, matching }: ProtectionDeps,
  { task, baseCommit, commit, protect }: CheckInput,
  { added, folder }: ChangedPaths,
): Promise<string[]> {
  const excepted = new Set(matching(added, splitProtect(protect).exceptions));
  const packages = added.filter((path) => nameOf(path) === 'package.json' && !excepted.has(path));
  if (packages.length === 0) return [];
  const manifests = upwards(folder).map((one) => (one === '' ? 'package.json' : `${one}/package.json`));
  const base = [...(await workspaces.textsAt(task, baseCommit, manifests)).values()];
  const now = await workspaces.textsAt(task, commit, packages);
  return packages.filter((path) => isNamedAsDependency(now.get(path) ?? '', base));
}

/** Those of which the change has other settings, with the text that has the base's. */
async function settingsOf(
  { workspaces, restoreSettings }: ProtectionDeps,
  { task, baseCommit, commit }: CheckInput,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const base = await workspaces.textsAt(task, baseCommit, paths);
  const now = await workspaces.textsAt(task, commit, paths);
  const texts = paths.map((path) => [path, restoreSettings(path, now.get(path), base.get(path))] as const);
  return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}
