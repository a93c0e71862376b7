/** The agents that Pawl knows. A further one is a file of its own and a row here. */
import type { Agent } from '../../activities/ports/agent-port.ts';
import { AUTO } from '../../domain/agent-names.ts';
import { CONFIGURATION_FILE } from '../../domain/configuration-name.ts';
import { PawlError } from '../../domain/failures.ts';
import { detailsOf, type Problem } from '../../domain/lacks.ts';
import type { RepositoryConfig } from '../../domain/repository-config.ts';
import type { AgentChoice } from '../../domain/task-spec.ts';
import type { Environment } from '../programs/environment.ts';
import { createAcpAgents } from './acp/agent.ts';
import { createClaudeAgent } from './claude/agent.ts';
import { createCodexAgent } from './codex/agent.ts';
import { createCommandAgent } from './command/agent.ts';

export interface Agents {
  readonly all: readonly Agent[];
  /**
   * The name of the first of `AUTO` that can run here.
   * @param named how the repository has agents started, by their names
   * @param orElse what else may be done where none can. Default: as a run may say it
   * @throws PawlError `precondition` saying what to do for each
   */
  readonly first: (named?: RepositoryConfig['agents'], orElse?: string) => Promise<string>;
  /** The agent of that name; a name of the user's own with a program is an agent `command`. */
  readonly find: (choice: AgentChoice) => Agent | undefined;
}

const FOR_A_RUN = `or give a program of yours with --agent-command, or name one with agent in ${CONFIGURATION_FILE}`;
/** It keeps to what it was started with, so that no file that came later is of use. */
export const FOR_AN_EXECUTION = `sign in to one of them too and retry the skill; or commit a ${CONFIGURATION_FILE} that names one with agent, abort this execution, and start again`;

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
    async first(named = {}, orElse = FOR_A_RUN) {
      const problems: Problem[] = [];
      for (const agent of all.filter(({ name }) => AUTO.some((one) => one === name))) {
        const problem = await agent.problem({ ...named[agent.name], name: agent.name });
        if (problem === undefined) return agent.name;
        problems.push(problem);
      }
      throw new PawlError(
        'precondition',
        `no agent can run here: ${problems.map(({ message }) => message).join('; ')}; ${orElse}`,
        { details: detailsOf(problems) },
      );
    },
    find: (choice) =>
      all.find(({ name }) => name === choice.name) ?? (choice.command === undefined ? undefined : command),
  };
}
