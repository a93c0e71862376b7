/**
 * Files that were copied into a workspace by name. They are there for set-up, agent and checks, as they were, and in no tree,
 * commit or kept work of the engine's, whatever an agent adds by force or stops ignoring.
 */
import { createHash } from 'node:crypto';
import { PawlError } from '../../domain/failures.ts';
import { type CopiedFile, keepCopied, readCopied } from '../files/copied-files.ts';
import { writeInside } from '../files/without-links.ts';
import type { Copy } from '../repository/copies.ts';
import { withStaged } from './ignored-work.ts';
import { withLeftOut } from './left-out.ts';
import { placeOf } from './mirror.ts';
import { asLines, bytesOf, linesIn } from './path-bytes.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';
import { ignoredOf, stageAll } from './stage.ts';
import { entriesOf } from './tree-entries.ts';

/**
 * Puts the files into the workspace and keeps them. Before set-up. Running it twice changes nothing.
 * @throws PawlError `precondition` for one that git does not ignore there: an agent's own `git add` would take it
 */
export async function bringCopies(space: Space, copies: readonly Copy[], baseCommit: string): Promise<void> {
  const files = copies.length === 0 ? [] : await known(space, copies, baseCommit);
  await keepCopied(space.copied, files);
  await putCopied(space);
}

async function known(
  space: Space,
  copies: readonly Copy[],
  baseCommit: string,
): Promise<readonly CopiedFile[]> {
  const ignored = await withScratchIndex(space, (place) =>
    ignoredOf(
      place,
      copies.map(({ path }) => bytesOf(path)),
    ),
  );
  const unignored = copies.find(({ path }) => !ignored.has(bytesOf(path)));
  if (unignored !== undefined)
    throw new PawlError(
      'precondition',
      `copy: ${JSON.stringify(unignored.path)} is not copied: git does not ignore it on ${space.owner.base ?? 'the base commit'}; name it in .gitignore there`,
    );
  // What the base has under another name (an example, say) is no secret.
  const inBase = new Set(
    [...(await entriesOf(placeOf(space.mirror), baseCommit)).values()].map((entry) => entry.split(' ')[1]),
  );
  return copies.map(({ path, content }) => {
    const oid = blobOf(content);
    return { path, content, ...(inBase.has(oid) || content.length === 0 ? {} : { oid }) };
  });
}

const blobOf = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/** As they were when they were brought. Running it twice changes nothing. */
export async function putCopied(space: Space): Promise<void> {
  for (const { path, content } of await readCopied(space.copied))
    await writeInside(space.worktree, path, content);
}

/**
 * `stageAll`, with what a sparse checkout left out, what the agent has staged itself, and without what was copied: neither under
 * its own name nor, as it is, under another.
 */
export async function stageWork(
  space: Space,
  place: GitPlace,
  parent: string,
  tolerant: boolean,
): Promise<string> {
  const whole = await withLeftOut(space, place, await stageAll(space, place, parent, tolerant), parent);
  const tree = await withStaged(space, place, whole, parent, tolerant);
  const copied = await readCopied(space.copied);
  if (copied.length === 0) return tree;
  const is = matcherOf(copied);
  // `<mode> <object> <stage>`, a tab, the path.
  const { stdout } = await git(place, ['ls-files', '--stage', '-z']);
  const found = linesIn(stdout).flatMap((line) => {
    const [, oid = '', path = ''] = /^\d+ ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? [];
    return is(oid, path) ? [path] : [];
  });
  if (found.length === 0) return tree;
  await git(place, ['update-index', '--force-remove', '-z', '--stdin'], { input: asLines(found) });
  return gitLine(place, ['write-tree']);
}

export const hasCopied = async (space: Space): Promise<boolean> =>
  (await readCopied(space.copied)).length > 0;

/** Whether a commit of the agent's, or one that it stands on past the engine's own, has something of what was copied. */
export async function holdsCopied(space: Space, oid: string): Promise<boolean> {
  const copied = await readCopied(space.copied);
  if (copied.length === 0) return false;
  const is = matcherOf(copied);
  const { stdout } = await git(placeOf(space.mirror), [
    'rev-list',
    '--objects',
    oid,
    '--not',
    space.refs.tip,
  ]);
  return stdout
    .toString('latin1')
    .split('\n')
    .some((line) => is(line.slice(0, 40), line.slice(41)));
}

/** By object and path, as latin1. */
function matcherOf(copied: readonly CopiedFile[]): (oid: string, path: string) => boolean {
  const paths = new Set(copied.map(({ path }) => bytesOf(path)));
  const oids = new Set(copied.flatMap(({ oid }) => oid ?? []));
  return (oid, path) => oids.has(oid) || paths.has(path);
}
