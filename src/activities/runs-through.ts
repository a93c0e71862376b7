/**
 * The files that the commands of checks run through, as the base commit has them: a script that a command names, the target of
 * an npm script, a makefile, and what those name further. Looked up by the texts of the base alone, so nothing that a change
 * brings decides what is looked up.
 */
import { TESTS } from '../domain/check-definitions.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import { lookupsOf } from '../domain/runs-through/commands.ts';
import { followed } from '../domain/runs-through/follow.ts';
import { folderOf, type Lookup } from '../domain/runs-through/lookup.ts';
import { settingsLookups } from '../domain/runs-through/settings-text.ts';
import { standingOf } from '../domain/runs-through/standing.ts';
import type { Command } from '../domain/task-spec.ts';
import type { ActivityDeps } from './deps.ts';
import type { Commits } from './ports/commits-port.ts';

/** From a command to a script, to one that it starts, and so on. */
const DEPTH_MAX = 5;
const FILES_MAX = 200;
/** What is longer is no script that somebody wrote. */
const TEXT_CHARS_MAX = 256 * 1024;
/** Names under which files are looked for at one go. */
const PATHS_MAX = 2_000;

export interface RunsThrough {
  /** What the checks take from the base: files of it, and others that would be found before them. */
  readonly protected: ReadonlySet<string>;
  /** What a check starts that may be the product itself, or is not in the base. */
  readonly shown: ReadonlySet<string>;
}

export interface ChecksOfChange {
  readonly owner: OwnerRef;
  readonly baseCommit: string;
  readonly commands: readonly Command[];
  /** Paths of the files that the change touches. */
  readonly changed: readonly string[];
}

export async function runsThrough(
  { commits, matching }: Pick<ActivityDeps, 'matching'> & { readonly commits: Commits },
  { owner, baseCommit, commands, changed }: ChecksOfChange,
): Promise<RunsThrough> {
  const found = { protected: new Set<string>(), shown: new Set<string>() };
  const touched = new Set(changed);
  const place = { cwd: owner.dir ?? '', changed: [...new Set(changed.map(folderOf))] };
  const texts = new Map<string, string | undefined>();
  const done = new Set<string>();
  let lookups =
    commands.length === 0
      ? []
      : [...commands.flatMap((command) => lookupsOf(command, place)), ...settingsLookups(place)];
  for (let depth = 0; depth < DEPTH_MAX && lookups.length > 0 && done.size < FILES_MAX; depth += 1) {
    const telling = lookups.filter(
      ({ paths, reads }) => reads.kind !== 'nothing' || paths.some((one) => touched.has(one)),
    );
    await read(telling.flatMap(({ paths }) => paths));
    lookups = telling.flatMap((lookup) => {
      const path = meant(lookup);
      const text = path === undefined ? undefined : texts.get(path);
      if (path === undefined || text === undefined) return [];
      const key = JSON.stringify([path, lookup.reads]);
      if (done.has(key) || done.size >= FILES_MAX) return [];
      done.add(key);
      const isTest = matching([path], TESTS).length > 0;
      const start = text.slice(0, TEXT_CHARS_MAX);
      return followed({ path, text: start, reads: lookup.reads }, { isTest, changed: place.changed });
    });
  }
  return found;

  async function read(paths: readonly string[]): Promise<void> {
    const unread = [...new Set(paths)].filter((path) => !texts.has(path)).slice(0, PATHS_MAX);
    if (unread.length === 0) return;
    const known = await commits.textsAt(owner, baseCommit, unread);
    for (const path of unread) texts.set(path, known.get(path));
  }

  /** Notes what a lookup comes to; answers the file to go on with. */
  function meant(lookup: Lookup): string | undefined {
    const at = lookup.paths.findIndex((path) => texts.get(path) !== undefined);
    const path = lookup.paths[at];
    if (path === undefined) {
      for (const one of lookup.paths) noteMissing(lookup, one);
      return undefined;
    }
    const standing = standingOf(lookup, path);
    if (standing === 'left') return undefined;
    if (standing === 'shown') {
      found.shown.add(path);
      return undefined;
    }
    for (const one of lookup.paths.slice(0, at + 1)) found.protected.add(one);
    return path;
  }

  /** What a command names may be the change's to bring; a module that is not there is an installed one. */
  function noteMissing(lookup: Lookup, path: string): void {
    if (lookup.how === 'mention') return;
    const standing = lookup.how === 'run' ? 'shown' : standingOf(lookup, path);
    if (standing !== 'left') found[standing].add(path);
  }
}
