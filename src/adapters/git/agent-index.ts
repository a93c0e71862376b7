/** The index that an agent keeps in its workspace: the engine never works with it, and asks it what only the agent's git knows. */
import { writeFile } from 'node:fs/promises';
import { bytesIn } from './distrusted-refs.ts';
import { entriesIn, type IndexEntry } from './index-entries.ts';
import { linesIn } from './path-bytes.ts';
import { git } from './run-git.ts';
import { gitDirOf, type Space, withScratchIndex } from './space.ts';

const INDEX_BYTES_MAX = 256 * 1024 * 1024;

/**
 * What `git ls-files -z` with these options says of it; undefined where there is none, or git cannot read it.
 * @param isAsked whether it may say something of an index like this
 */
export async function askAgentIndex(
  space: Space,
  options: readonly string[],
  isAsked: (index: Buffer) => boolean = () => true,
): Promise<readonly string[] | undefined> {
  const index = await bytesIn(gitDirOf(space), 'index', INDEX_BYTES_MAX);
  if (index === undefined) return undefined;
  if (!isAsked(index)) return [];
  return withScratchIndex(space, async (place) => {
    await writeFile(place.env?.GIT_INDEX_FILE ?? '', index);
    const { stdout, exitCode } = await git(place, ['ls-files', ...options, '-z'], { accept: [128] });
    return exitCode === 0 ? linesIn(stdout) : undefined;
  });
}

/** Its entries, read by code of ours; undefined where there is none, or it cannot be read so. */
export async function agentEntries(space: Space): Promise<readonly IndexEntry[] | undefined> {
  const index = await bytesIn(gitDirOf(space), 'index', INDEX_BYTES_MAX);
  return index === undefined ? undefined : entriesIn(index);
}
