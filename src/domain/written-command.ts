/** A command as `pawl.yaml` and loops write it: one string, split without a shell, or a list of words. Pure. */
import { z } from 'zod';
import { splitCommand } from './command-line.ts';
import { LIMITS } from './limits.ts';
import { Command } from './task-spec.ts';

export const WrittenCommand = z
  .unknown()
  .meta({
    anyOf: [
      { type: 'string', maxLength: LIMITS.commandCharsMax },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
    ],
  })
  .transform((written, context): Command => {
    if (typeof written === 'string' && written.length <= LIMITS.commandCharsMax) {
      const split = splitCommand(written);
      if (split.ok) return split.command;
      context.issues.push({ code: 'custom', message: split.problem, input: written });
      return z.NEVER;
    }
    const words = Command.safeParse(written);
    if (words.success && words.data.join(' ').length <= LIMITS.commandCharsMax) return words.data;
    const message = `expected a command of at most ${LIMITS.commandCharsMax} characters: one string, or a list of words such as [npm, test]`;
    context.issues.push({ code: 'custom', message, input: written });
    return z.NEVER;
  });
