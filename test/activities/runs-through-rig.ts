/** Bases as tables of texts, and what a check with a command runs through in them. */
import { runsThrough } from '../../src/activities/runs-through.ts';
import { matching } from '../../src/adapters/files/globs.ts';
import { splitCommand } from '../../src/domain/command-line.ts';
import { newTask } from '../adapters/scratch-repository.ts';

export type Files = Readonly<Record<string, string>>;

/** Of a base with these files, of which all that a check could look for is changed. */
export async function through(
  command: string,
  base: Files,
  { dir = '', added = [] }: { dir?: string; added?: readonly string[] } = {},
) {
  const split = splitCommand(command);
  if (!split.ok) throw new Error(split.problem);
  let reads = 0;
  const workspaces = {
    textsAt: async (_task: unknown, _commit: string, paths: readonly string[]) => {
      reads += 1;
      return new Map(
        paths.flatMap((path) => (base[path] === undefined ? [] : [[path, base[path]] as const])),
      );
    },
  };
  const task = { ...newTask('/repository'), ...(dir === '' ? {} : { dir }) };
  const changed = [...Object.keys(base), ...added];
  const found = await runsThrough(
    { commits: workspaces as never, matching },
    { owner: task, baseCommit: 'b', commands: [split.command], changed },
  );
  const among = (paths: ReadonlySet<string>) => changed.filter((path) => paths.has(path)).sort();
  return { protected: among(found.protected), shown: among(found.shown), reads };
}
