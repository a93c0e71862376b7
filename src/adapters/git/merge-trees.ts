/**
 * Merging two commits without anybody's working tree, as `git merge` does it in a clone that has the first of them checked
 * out: the attributes of that commit and the clone's own count, so built-in drivers (`union`, `binary`, …) do as well. Git
 * takes attributes from a working tree only, so it is given one with nothing else in it.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MergeDriver } from '../../domain/conflicts.ts';
import { PawlError } from '../../domain/failures.ts';
import { readWhole } from '../files/atomic-file.ts';
import { valuesOf } from './attribute-values.ts';
import { inMomentaryRepository } from './momentary-repository.ts';
import { objectId } from './objects.ts';
import { asLines, linesIn, textOf } from './path-bytes.ts';
import { GitError, type GitPlace, git } from './run-git.ts';

export interface MergePlace {
  /** Holds both commits, and gets what the merge makes. */
  readonly mirror: string;
  /** For what is gone when the merge is made. */
  readonly scratch: string;
  /** The text of the clone's `info/attributes`. */
  readonly attributes: string | undefined;
}

export interface MergedTrees {
  readonly clean: boolean;
  /** Where both changed the same lines it holds both, between markers that end with the names of the commits. */
  readonly tree: string;
  readonly conflicts: readonly Conflict[];
  /** Those that attributes name for files in conflict. */
  readonly drivers: readonly MergeDriver[];
}

/** One version of a path that could not be merged. */
export interface Conflict {
  readonly mode: string;
  readonly oid: string;
  /** 1: of the common past, 2: ours, 3: theirs. 0: of none, where the conflict is about the name of a folder. */
  readonly stage: string;
  /** Its bytes as latin1, because not every name is text. */
  readonly path: string;
}

/** Each path once. */
export const pathsOf = (conflicts: readonly Conflict[]): readonly string[] => [
  ...new Set(conflicts.map(({ path }) => textOf(path))),
];

/** Git takes no larger one either. */
const ATTRIBUTES_BYTES_MAX = 100 * 1024 * 1024;

/** What a person's clone says about its files and keeps to itself. @param commonDir of the clone */
export async function attributesOf(commonDir: string): Promise<string | undefined> {
  const path = join(commonDir, 'info', 'attributes');
  const kind = await stat(path).catch(() => undefined);
  return kind?.isFile() === true && kind.size < ATTRIBUTES_BYTES_MAX ? readWhole(path) : undefined;
}

/**
 * @param ours the commit whose attributes count
 * @throws PawlError `precondition` when git is too old, `conflict` when the commits have no common past
 */
export async function mergeTrees(place: MergePlace, ours: string, theirs: string): Promise<MergedTrees> {
  const commits = [objectId(ours), objectId(theirs)];
  const { mirror: of, scratch: folder, attributes = '' } = place;
  return inMomentaryRepository({ of, scratch: folder, attributes }, async (scratch) => {
    await writeAttributes(scratch, ours);
    const args = ['merge-tree', '--write-tree', '--messages', '-z'];
    try {
      const { stdout, exitCode } = await git(scratch, [...args, ...commits], { accept: [1] });
      // A list that ends with an empty line, then what git says about it.
      const [tree = '', ...lines] = stdout.toString('latin1').split('\0');
      const versions = lines.slice(0, lines.indexOf('')).map(parseConflict);
      const clean = exitCode === 0;
      const conflicts = clean || versions.length > 0 ? versions : saidIn(lines.slice(lines.indexOf('') + 1));
      const drivers = clean ? [] : await driversOf(scratch, conflicts);
      return { tree, clean, conflicts, drivers };
    } catch (error) {
      throw explained(error, commits);
    }
  });
}

/** Those that git has itself, and what only says whether a file is merged as text. */
const OF_GIT = ['text', 'binary', 'union', 'set'];

async function driversOf(place: GitPlace, conflicts: readonly Conflict[]): Promise<readonly MergeDriver[]> {
  const found = await valuesOf(place, 'merge', [], [...new Set(conflicts.map(({ path }) => path))]);
  return [...found].flatMap(([path, driver]) =>
    OF_GIT.includes(driver) ? [] : [{ path: textOf(path), driver }],
  );
}

function parseConflict(line: string): Conflict {
  const [, mode = '', oid = '', stage = '', path = ''] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line) ?? [];
  return { mode, oid, stage, path };
}

/** Paths of the messages: each is how many there are, those, a type and words. */
function saidIn(fields: readonly string[]): readonly Conflict[] {
  const found: Conflict[] = [];
  for (let at = 0; Number(fields[at]) > 0; at += Number(fields[at]) + 3) {
    const paths = fields.slice(at + 1, at + 1 + Number(fields[at]));
    if (fields[at + 1 + paths.length]?.startsWith('CONFLICT') === true)
      found.push(...paths.map((path) => ({ mode: '', oid: '', stage: '0', path })));
  }
  return found;
}

function explained(error: unknown, commits: readonly string[]): unknown {
  if (!(error instanceof GitError)) return error;
  if (error.stderr.includes('unrelated histories')) {
    const words = `${commits.join(' and ')} have no common past: choose another base`;
    return new PawlError('conflict', words, { cause: error });
  }
  if (!/usage:|unknown option/.test(error.stderr)) return error;
  return new PawlError('precondition', 'git is too old to merge: install git 2.38 or newer', {
    cause: error,
  });
}

/** A link of that name is none: git does not follow it either. */
const ATTRIBUTES_FILE = /^100\d{3} blob [0-9a-f]+\t(?:.*\/)?\.gitattributes$/s;

async function writeAttributes(place: GitPlace, commit: string): Promise<void> {
  const { stdout } = await git(place, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const files = linesIn(stdout).filter((entry) => ATTRIBUTES_FILE.test(entry));
  if (files.length === 0) return;
  await git(place, ['update-index', '-z', '--add', '--index-info'], { input: asLines(files) });
  await git(place, ['checkout-index', '--all', '--quiet']);
}
