/** The submodules of a commit, as its tree and its `.gitmodules` have them. What an agent may have written is looked at. */
import { bytesOf, textOf } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { GitError, type GitPlace, git } from './run-git.ts';
import { diffTrees } from './tree-diff.ts';
import { entriesOf } from './tree-entries.ts';

export interface Submodule {
  readonly path: string;
  readonly oid: string;
  /** Undefined where `.gitmodules` does not name it. */
  readonly name?: string;
  readonly url?: string;
  /** Why nobody should make it, as a part of a sentence. */
  readonly problem?: string;
}

/** @param treeish a commit or tree of the place @throws GitError for a `.gitmodules` that git cannot read */
export async function submodulesAt(place: GitPlace, treeish: string): Promise<readonly Submodule[]> {
  const entries = await entriesOf(place, treeish);
  const links = [...entries].filter(([, entry]) => entry.startsWith(GITLINK));
  if (links.length === 0) return [];
  const [mode, blob] = entries.get('.gitmodules')?.split(' ') ?? [];
  const named = blob === undefined || mode === LINK || mode === GITLINK ? [] : await namedIn(place, blob);
  const byPath = new Map(named.map((one) => [bytesOf(one.path), one]));
  return links.map(([path, entry]) => {
    const { name, url } = byPath.get(path) ?? {};
    const problem = problemOf(path, name, named);
    return {
      path: textOf(path),
      oid: entry.slice(GITLINK.length + 1),
      ...(name === undefined ? {} : { name }),
      ...(url === undefined ? {} : { url }),
      ...(problem === undefined ? {} : { problem }),
    };
  });
}

/** The same; none where git cannot read them. */
export async function readableSubmodulesAt(place: GitPlace, treeish: string): Promise<readonly Submodule[]> {
  try {
    return await submodulesAt(place, treeish);
  } catch (error) {
    if (error instanceof GitError) return [];
    throw error;
  }
}

/** Paths of submodules that a change brings or moves. */
export const movedSubmodules = async (
  place: GitPlace,
  from: string,
  to: string,
): Promise<readonly string[]> =>
  (await diffTrees(place, from, to))
    .filter(({ after }) => after.mode === GITLINK)
    .map(({ path }) => textOf(path));

interface Named {
  readonly name: string;
  readonly path: string;
  readonly url?: string;
}

/** Paths, as latin1, of the submodules that such a file names; none where git cannot read it. */
export async function pathsNamedIn(place: GitPlace, text: Buffer): Promise<ReadonlySet<string>> {
  try {
    return new Set((await namedBy(place, ['--file', '-'], text)).map(({ path }) => bytesOf(path)));
  } catch (error) {
    if (error instanceof GitError) return new Set();
    throw error;
  }
}

const namedIn = (place: GitPlace, blob: string) => namedBy(place, ['--blob', blob]);

async function namedBy(
  place: GitPlace,
  source: readonly string[],
  input?: Buffer,
): Promise<readonly Named[]> {
  // Without the option git reads, of a blob or its input, what an `include` names anywhere on the machine.
  const args = ['config', '--no-includes', ...source, '-z', '--get-regexp', '^submodule\\..*\\.(path|url)$'];
  const { exitCode, stdout, stderr } = await git(place, args, { accept: [1], ...(input ? { input } : {}) });
  if (exitCode !== 0 && stderr !== '') throw new GitError(args, 'could not read .gitmodules', stderr);
  const found = new Map<string, { path?: string; url?: string }>();
  for (const entry of stdout.toString('utf8').split('\0').filter(Boolean)) {
    const end = entry.indexOf('\n');
    const key = end < 0 ? entry : entry.slice(0, end);
    const [, name = '', variable] = /^submodule\.(.*)\.(path|url)$/s.exec(key) ?? [];
    const known = found.get(name) ?? {};
    found.set(name, { ...known, [variable === 'url' ? 'url' : 'path']: end < 0 ? '' : entry.slice(end + 1) });
  }
  return [...found].flatMap(([name, { path, url }]) =>
    path === undefined ? [] : [{ name, path, ...(url === undefined ? {} : { url }) }],
  );
}

/** A name is a folder of git's below another one, so it may neither lead out of that nor into that of another. */
function problemOf(path: string, name: string | undefined, named: readonly Named[]): string | undefined {
  if (bytesOf(textOf(path)) !== path) return 'its path is no text';
  if (name === undefined) return '.gitmodules does not name it';
  const parts = name.split(/[/\\]/);
  const isOut = parts.some((part) => part === '' || /^\.+$/.test(part) || part.toLowerCase() === '.git');
  if (isOut || /\p{Cc}/u.test(name)) return `its name ${JSON.stringify(name)} is no path within a folder`;
  const others = named.filter((one) => one.name !== name).map((one) => one.name.toLowerCase());
  const own = name.toLowerCase();
  const inTheWay = others.find(
    (one) => one === own || own.startsWith(`${one}/`) || one.startsWith(`${own}/`),
  );
  return inTheWay === undefined ? undefined : `its name ${JSON.stringify(name)} is in the way of another`;
}
