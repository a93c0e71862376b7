/** A run as a person types it. */
import { checkNameOf, splitCommand } from '../../domain/command-line.ts';
import { idWords } from '../../domain/id-words.ts';
import type { TaskId } from '../../domain/ids.ts';
import { unusualIn } from '../../domain/priority.ts';
import { calls } from '../client/ask.ts';

export interface Typed {
  readonly requirement: string;
  readonly repository: string;
  /** Empty: the one that the repository names, or the first that can work. */
  readonly agent: string;
  /** A command a line; empty: those of the repository. */
  readonly checks: string;
  /** Empty: normal. */
  readonly priority: string;
}

/**
 * @param key makes the run one and the same, however often it is sent: its id ends with a part of it
 * @throws Problem in the engine's words; Error for a check that is no command
 */
export async function start(key: string, typed: Typed): Promise<TaskId> {
  const { requirement, repository, agent, priority } = typed;
  const checks = checksFrom(typed.checks);
  const title = requirement.trim().split('\n')[0] ?? '';
  const { id } = await calls.run(
    {
      // Its schema is the engine's to apply.
      id: idWords(title, key.slice(-4)) as TaskId,
      requirement,
      repository,
      ...(agent !== '' && { agent: { name: agent } }),
      ...(checks.length > 0 && { checks }),
      ...unusualIn(priority),
    },
    key,
  );
  return id;
}

/** @throws Error naming what no shell would be there to do */
export function checksFrom(text: string): { name: string; run: string[] }[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const split = splitCommand(line);
      if (!split.ok) throw new Error(`checks: ${split.problem}`);
      return { name: checkNameOf(split.command), run: [...split.command] };
    });
}
