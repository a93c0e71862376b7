/**
 * Which of the files that a change touches are as in the base when its checks run for the second time. Pure: how globs match
 * is given.
 */
import { CHECK_DEFINITIONS, REPLACEMENTS, TESTS } from './check-definitions.ts';
import { LOCK_FILES, PROTECTED, splitProtect } from './protect.ts';
import { folderOf, nameOf, upwards } from './runs-through/lookup.ts';
import { SETTINGS_FILES } from './settings-keys.ts';
import { isInPackages, isPlanted, isStandIn } from './stand-ins.ts';

export interface ChangedPaths {
  /** Of files that the base has. */
  readonly known: readonly string[];
  readonly added: readonly string[];
  /** In which the checks start. */
  readonly folder: string;
}
export interface ProtectionRules {
  /** Globs, and with `!` before them what is left out of all that is protected. */
  readonly protect: readonly string[];
  /** Files that the commands of the checks run through. */
  readonly through: ReadonlySet<string>;
  readonly matching: (paths: readonly string[], globs: readonly string[]) => string[];
}
export interface Judging {
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Of these the settings alone, if they differ. */
  readonly settings: readonly string[];
}

/** Whether what the base has decides about an added file. Most changes add none of which that is so. */
export const needsBase = ({ added }: ChangedPaths, { protect, matching }: ProtectionRules): boolean =>
  added.some(isInPackages) || matching(added, [...splitProtect(protect).globs, ...SETTINGS_FILES]).length > 0;

/** @param base all paths of the base commit, where `needsBase` */
export function judgedBy(change: ChangedPaths, rules: ProtectionRules, base: readonly string[]): Judging {
  const { through, matching } = rules;
  const { globs, exceptions } = splitProtect(rules.protect);
  const excepted = new Set(matching([...change.known, ...change.added], exceptions));
  const known = change.known.filter((path) => !excepted.has(path));
  const added = change.added.filter((path) => !excepted.has(path));
  const byName = new Set(matching([...known, ...added], globs));
  const inPart = new Set(matching([...known, ...added], SETTINGS_FILES).filter((path) => !byName.has(path)));
  // What has a name of such files is for the globs to protect or not, also where a command names it.
  const named = new Set(matching([...known, ...added], [...PROTECTED, ...LOCK_FILES]));
  const isRunThrough = (path: string) => through.has(path) && !named.has(path);
  const restored = known.filter(
    (path) => byName.has(path) || isInPackages(path) || (isRunThrough(path) && !inPart.has(path)),
  );
  const folders = new Set(base.flatMap((path) => upwards(folderOf(path))));
  const isInNewFolder = (path: string) => hasNewFolder(path, folders);
  const stays = staying({ added }, { matching, base, isInNewFolder });
  const fresh = new Set(added);
  const removed = added.filter(
    (path) =>
      (byName.has(path) && !stays(path)) ||
      isRunThrough(path) ||
      isStandIn(path, change.folder) ||
      isPlanted(path, folders),
  );
  const whole = new Set([...restored, ...removed]);
  const settings = [...known, ...added].filter(
    (path) => inPart.has(path) && !whole.has(path) && !(fresh.has(path) && isInNewFolder(path)),
  );
  return { restored, removed, settings };
}

/**
 * Added files may decide what a check says: a configuration that leaves tests out, a set-up file that ends every test well. In a
 * base without any test the first ones stay: there is none that they could hide, and many runners fail where they find none. The
 * configuration of a package that is new as a whole says nothing about the others.
 */
function staying(
  { added }: Pick<ChangedPaths, 'added'>,
  {
    matching,
    base,
    isInNewFolder,
  }: Pick<ProtectionRules, 'matching'> & {
    readonly base: readonly string[];
    readonly isInNewFolder: (path: string) => boolean;
  },
) {
  const definitions = new Set(matching(added, CHECK_DEFINITIONS));
  const replacements = new Set(matching(added, REPLACEMENTS));
  const tests = new Set(matching(added, TESTS).filter((path) => !definitions.has(path)));
  const isJudged = tests.size > 0 && matching(base, TESTS).length > 0;
  return (path: string): boolean =>
    tests.has(path) ? !isJudged : definitions.has(path) && !replacements.has(path) && isInNewFolder(path);
}

/** Folders that belong to the configuration of the one above them. */
const OF_A_TOOL = /^(?:\..*|gradle|xtask|node_modules)$/;

/** Whether it lies in a folder that the base has not, and that is none of a tool's own. */
const hasNewFolder = (path: string, folders: ReadonlySet<string>): boolean =>
  upwards(folderOf(path)).some(
    (folder) => folder !== '' && !OF_A_TOOL.test(nameOf(folder)) && !folders.has(folder),
  );
