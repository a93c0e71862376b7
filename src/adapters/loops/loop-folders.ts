/** Where loops and guides lie: in a commit of a repository, and in folders of this host. No link is followed. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../domain/limits.ts';
import type { LoopSource } from '../../domain/loops/found-loop.ts';
import { namesIn } from '../files/folder-names.ts';
import { folderInside, kindOf } from '../files/without-links.ts';
import { type FileAtCommit, filesBelowAt } from '../git/folder-at-commit.ts';
import { contentsOf } from '../git/read-objects.ts';

/** What stands in a folder, or why it is not read. */
export interface FolderFile {
  /** As it is named in faults. */
  readonly file: string;
  readonly content: Uint8Array | { readonly problem: string };
}

export interface GuideFolder {
  readonly folder: string;
  /** By path within the folder; a problem is about all of it. */
  readonly files: ReadonlyMap<string, Uint8Array> | { readonly problem: string };
}

export interface LoopFolder {
  readonly source: LoopSource;
  /** Files that may be loops, by name. */
  loops(): Promise<readonly FolderFile[]>;
  /** undefined where this source has no such folder. */
  guide(name: string): Promise<GuideFolder | undefined>;
}

const LOOPS = '.pawl/loops';
/** Pawl's own before those that other programs read. */
const GUIDES = ['.pawl/skills', '.agents/skills', '.claude/skills'];

const isLoopFile = (name: string): boolean => /^[^/]+\.(?:ya?ml|json)$/.test(name);
/** Four bytes are the longest character. */
const LOOP_BYTES_MAX = 4 * LIMITS.loopCharsMax;

/** Of a base commit: what is in the working tree and not committed does not count. */
export function repositoryFolder(repository: string, commit: string): LoopFolder {
  const place = { cwd: repository };
  const listed = filesBelowAt(place, commit, [LOOPS, ...GUIDES]);
  const under = async (folder: string) =>
    (await listed)
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .map((file) => ({ file, name: file.path.slice(folder.length + 1) }));
  return {
    source: 'repository',
    async loops() {
      const found = (await under(LOOPS))
        .filter(({ name }) => isLoopFile(name))
        .slice(0, LIMITS.loopsPerSourceMax);
      const problems = found.map(({ file }) => problemWith(file));
      const contents = await contentsOf(
        place,
        'blob',
        found.flatMap(({ file }, index) => (problems[index] === undefined ? [file.oid] : [])),
      );
      let next = 0;
      return found.map(({ file }, index) => {
        const problem = problems[index];
        return {
          file: file.path,
          content: problem === undefined ? (contents[next++] ?? NO_BYTES) : { problem },
        };
      });
    },
    async guide(name) {
      for (const parent of GUIDES) {
        const folder = `${parent}/${name}`;
        const found = await under(folder);
        if (found.length === 0) continue;
        const problem = guideProblem(
          found.map(({ file, name: path }) => ({ path, bytes: file.bytes, kind: file.kind })),
        );
        if (problem !== undefined) return { folder, files: { problem } };
        const contents = await contentsOf(
          place,
          'blob',
          found.map(({ file }) => file.oid),
        );
        return {
          folder,
          files: new Map(found.map(({ name: path }, index) => [path, contents[index] ?? NO_BYTES])),
        };
      }
      return undefined;
    },
  };
}

/** Of a working tree as it stands, committed or not. Nothing that is only behind a link is read. */
export function treeFolder(top: string): LoopFolder {
  const source = 'repository';
  const inside = async (path: string): Promise<LoopFolder | undefined> => {
    const folder = await folderInside(top, path);
    const called = (name: string): string => `${path}/${name}`;
    return folder === undefined ? undefined : hostFolder({ source, loops: folder, skills: folder, called });
  };
  return {
    source,
    loops: async () => (await inside(LOOPS))?.loops() ?? [],
    async guide(name) {
      for (const parent of GUIDES) {
        const found = await (await inside(parent))?.guide(name);
        if (found !== undefined) return { ...found, folder: `${parent}/${name}` };
      }
      return undefined;
    },
  };
}

const NO_BYTES = new Uint8Array();

function problemWith({ kind, bytes }: Pick<FileAtCommit, 'kind' | 'bytes'>): string | undefined {
  if (kind !== 'file') return `expected a file, got a ${kind}: what is behind one is not read`;
  return bytes > LOOP_BYTES_MAX
    ? `expected at most ${LIMITS.loopCharsMax} characters, got ${bytes} bytes`
    : undefined;
}

function guideProblem(
  files: readonly (Pick<FileAtCommit, 'kind' | 'bytes'> & { readonly path: string })[],
): string | undefined {
  const odd = files.find(({ kind }) => kind !== 'file');
  if (odd !== undefined)
    return `expected files, got a ${odd.kind} (${odd.path}): what is behind one is not read`;
  if (files.length > LIMITS.guideFilesMax)
    return `expected at most ${LIMITS.guideFilesMax} files, got ${files.length}`;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return bytes > LIMITS.guideBytesMax
    ? `expected at most ${LIMITS.guideBytesMax} bytes in all, got ${bytes}`
    : undefined;
}

interface Folders {
  readonly source: LoopSource;
  readonly loops: string;
  readonly skills: string;
  /** In place of the path, which says nothing where Pawl itself brings them. */
  readonly called?: (name: string) => string;
}

/** Of this host; a folder that is not there has nothing. */
export function hostFolder({ source, loops, skills, called }: Folders): LoopFolder {
  return {
    source,
    async loops() {
      const names = (await namesIn(loops)).filter(isLoopFile).sort().slice(0, LIMITS.loopsPerSourceMax);
      return Promise.all(
        names.map(async (name) => {
          const path = join(loops, name);
          const problem = problemWith(kindAndSize(await lstat(path)));
          const file = called?.(name) ?? path;
          return { file, content: problem === undefined ? await readFile(path) : { problem } };
        }),
      );
    },
    async guide(name) {
      const folder = join(skills, name);
      if ((await kindOf(folder))?.isDirectory() !== true) return undefined;
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = await Promise.all(
        entries
          .filter((entry) => !entry.isDirectory())
          .slice(0, LIMITS.guideFilesMax + 1)
          .map(async (entry) => {
            const at = join(entry.parentPath, entry.name);
            return { at, path: at.slice(folder.length + 1), ...kindAndSize(await lstat(at)) };
          }),
      );
      const problem = guideProblem(files);
      if (problem !== undefined) return { folder, files: { problem } };
      const contents = files.map(async ({ at, path }) => [path, await readFile(at)] as const);
      return { folder, files: new Map(await Promise.all(contents)) };
    },
  };
}

const kindAndSize = (stats: Awaited<ReturnType<typeof lstat>>): Pick<FileAtCommit, 'kind' | 'bytes'> => ({
  kind: stats.isFile() ? 'file' : 'link',
  bytes: Number(stats.size),
});
