/**
 * What Pawl and an agent of the kind `command` say to each other: one JSON document to it, JSON lines from it. What it
 * prints is a program's output, so whatever is no line of the protocol is log, never an error.
 */
import { z } from 'zod';
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';

const Items = z
  .array(z.string())
  .default([])
  .transform((items) =>
    items.slice(0, LIMITS.checkpointItemsMax).map((item) => clip(item, LIMITS.checkpointItemCharsMax)),
  );

const CommandLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), text: z.string() }),
  z.object({ type: z.literal('checkpoint'), completed: Items, next: Items }),
  z.object({
    type: z.literal('result'),
    summary: z.string(),
    status: z.enum(['done', 'blocked']),
    /** What is returned to the execution of which it does a skill. */
    outputs: z.record(z.string(), z.unknown()).optional(),
  }),
]);
export type CommandLine = z.infer<typeof CommandLine>;

/** A line of the protocol, or undefined when it is log. */
export function commandLineOf(line: string): CommandLine | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  const parsed = CommandLine.safeParse(jsonOf(line));
  return parsed.success ? parsed.data : undefined;
}

/** What the agent gets on stdin and in its task file. */
export const taskDocument = ({ task, attempt, workspace }: AgentRequest): string =>
  JSON.stringify({
    task: { id: task.id, title: task.title, requirement: task.requirement },
    attempt: {
      number: attempt.number,
      token: attempt.token,
      reason: attempt.reason,
      checkpoint: attempt.checkpoint,
      feedback: attempt.feedback,
    },
    workspace,
  });

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line that only looks like JSON is log
  }
}
