/** The agents that Pawl knows. A further one is a file of its own and a row here. */
import type { Agent } from '../activities/ports.ts';
import type { AgentChoice } from '../domain/task.ts';
import { createCommandAgent } from './agent-command.ts';
import type { Environment } from './environment.ts';

export interface Agents {
  readonly all: readonly Agent[];
  /** The agent of that name; a name of the user's own with a program is an agent `command`. */
  readonly find: (choice: AgentChoice) => Agent | undefined;
}

export function createAgents(environment: Environment): Agents {
  const command = createCommandAgent({ environment });
  const all: readonly Agent[] = [command];
  return {
    all,
    find: (choice) =>
      all.find(({ name }) => name === choice.name) ?? (choice.command === undefined ? undefined : command),
  };
}
