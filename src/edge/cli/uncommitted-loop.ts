/** A loop that stands otherwise in the working tree than in the commit from which it is read. */
import type { OutputOf } from '../../domain/operations.ts';
import type { Cli } from './cli.ts';
import { safeLine } from './telling.ts';

/** Whoever has changed a file expects to see it. */
export function noteUncommitted({ telling }: Pick<Cli, 'telling'>, { uncommitted }: OutputOf<'loop'>): void {
  if (uncommitted !== undefined)
    telling.notice(
      `${safeLine(uncommitted)}, or what is part of it, stands otherwise in the working tree: that counts once it is committed`,
    );
}
