/** `show`: one task, and what it left behind. */
import { z } from 'zod';
import { clip, tail } from '../../../domain/limits.ts';
import { briefOf, Status, textOf } from '../brief.ts';
import { tool } from '../tool.ts';
import { waitFor } from '../waiting.ts';
import { ById } from './words.ts';

const PARTS = ['all', 'diff', 'log'] as const;
/** A model reads all of it; files and the HTTP API have the rest. */
const PART_CHARS_MAX = 30_000;

export const showTool = tool({
  name: 'show',
  title: 'Show a task',
  description:
    'Shows a task: status, what it waits for, pull request, failure. `include`: all of its state, its diff, the end of its log.',
  input: z.strictObject({
    ...ById,
    include: z.array(z.enum(PARTS)).max(PARTS.length).default([]),
    wait: z.boolean().default(false).describe('until it ends or needs a person'),
  }),
  output: Status,
  hints: { readOnly: true, destructive: false, idempotent: true },
  forAttempts: true,
  async call(engine, { id, include, wait }, context) {
    const state = wait ? await waitFor(engine, id, context) : await engine.show({ id });
    const diff = include.includes('diff') ? (await engine.diff({ id })).patch : undefined;
    const log = include.includes('log') ? await lastLog() : undefined;
    const structured = {
      ...briefOf(state),
      ...(include.includes('all') && state),
      ...(diff !== undefined && { diff: clip(diff, PART_CHARS_MAX) }),
      ...(log !== undefined && { log: tail(log, PART_CHARS_MAX) }),
    };
    const parts = [structured.diff, structured.log].filter((part) => part !== undefined);
    const whole = include.includes('all') ? [JSON.stringify(state)] : [];
    return { structured, text: [textOf(state), ...whole, ...parts].join('\n\n') };

    async function lastLog(): Promise<string> {
      const { lines } = await engine.logs({ id });
      return lines.map(({ text }) => text).join('\n');
    }
  },
  begin: async (_engine, { id, wait }) => (wait ? id : undefined),
});
