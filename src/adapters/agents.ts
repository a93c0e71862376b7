/** The agents that Pawl knows. A further one is a file of its own and a row here. */
import type { Agent } from '../activities/ports.ts';
import { PawlError } from '../domain/failures.ts';
import type { AgentChoice } from '../domain/task.ts';
import { createAcpAgents } from './agent-acp.ts';
import { createClaudeAgent } from './agent-claude.ts';
import { createCodexAgent } from './agent-codex.ts';
import { createCommandAgent } from './agent-command.ts';
import type { Environment } from './environment.ts';

/** What `auto` tries, in this order. */
const AUTO = ['claude', 'codex', 'gemini', 'opencode'];

export interface Agents {
  readonly all: readonly Agent[];
  /** The name of the first of `AUTO` that can run here. @throws PawlError `precondition` saying what to do for each */
  readonly first: () => Promise<string>;
  /** The agent of that name; a name of the user's own with a program is an agent `command`. */
  readonly find: (choice: AgentChoice) => Agent | undefined;
}

export function createAgents(environment: Environment): Agents {
  const command = createCommandAgent({ environment });
  const all: readonly Agent[] = [
    createClaudeAgent({ environment }),
    createCodexAgent({ environment }),
    ...createAcpAgents({ environment }),
    command,
  ];
  return {
    all,
    async first() {
      const problems: string[] = [];
      for (const agent of all.filter(({ name }) => AUTO.includes(name))) {
        const problem = await agent.problem({ name: agent.name });
        if (problem === undefined) return agent.name;
        problems.push(problem);
      }
      throw new PawlError(
        'precondition',
        `no agent can run here: ${problems.join('; ')}; or give a program of yours with --agent-command`,
      );
    },
    find: (choice) =>
      all.find(({ name }) => name === choice.name) ?? (choice.command === undefined ? undefined : command),
  };
}
