/** Prompts for the specialist roles. */
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { TaskId } from '../../domain/ids.ts';
import { ROLES, type Role } from '../specialists.ts';

const Arguments = z.object({ task_id: TaskId.optional().describe('the task to work on') });

export function servePrompts(mcp: McpServer): void {
  for (const [name, role] of Object.entries(ROLES)) {
    const config = { title: titleOf(name), description: `${role.is}.`, argsSchema: Arguments };
    mcp.registerPrompt(name, config, ({ task_id }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: promptOf(role, task_id) } }],
    }));
  }
}

const titleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

function promptOf({ is, works, done }: Role, id: TaskId | undefined): string {
  const task =
    id === undefined
      ? []
      : [
          `Your task is ${id} of Pawl; the resource pawl://tasks/${id} has all that is known of it. Report where you are with Pawl’s tools as you go, note what the next one needs to know, and close the task with a summary of what you did and how you saw that it works. Where you cannot go on, say so instead of closing it.`,
        ];
  return [`${is}.`, works, `You are done when ${done}.`, ...task].join('\n\n');
}
