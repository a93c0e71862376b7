/** What a workflow needs to start a run that an agent works on: what a client needs, of the same code. */
import type { RunInput } from '../../domain/operation-schemas.ts';
import type { RunPin } from '../../domain/run-pin.ts';
import type { AgentRunSpec } from '../../domain/task-spec.ts';

/** Real path of a repository's top folder, and a branch of it. */
interface Where {
  readonly repository: string;
  readonly base: string;
}

/** What is other about a run that does a skill of an execution. */
export interface RunOfSkill {
  /** The commit whose `pawl.yaml` counts, if it is not the tip of the base. */
  readonly configuredAt?: string | undefined;
  /** It has no agent: what one would mend is left to people. */
  readonly isByPeople?: true | undefined;
}

export interface Runs {
  /**
   * Everything that can be wrong with the run is found. Idempotent: the same run on the same base gives the same spec.
   * @param mayRunOn asked before anything of the repository is read; whatever it throws is thrown
   * @throws PawlError `precondition` for a repository, base or agent that cannot be used
   */
  specOf(
    run: RunInput,
    mayRunOn: (where: Where) => Promise<void>,
    ofSkill: RunOfSkill,
  ): Promise<AgentRunSpec>;
  /** What is in the artifact store under a digest; undefined where it is not there any more. */
  textOf(digest: string): Promise<string | undefined>;
  /** Without it `prepareWorkspace` starts nothing. */
  sealOf(spec: AgentRunSpec): string;
  /** Whether the engine of this home started an execution with this pin. */
  isPinnedHere(pin: RunPin, seal: unknown): boolean;
  /** A title without what the agent is given by name, and without other secrets. */
  maskedTitle(title: string, variables: readonly string[]): string;
  /** The error without secrets in its words. */
  masked(error: unknown): unknown;
}
