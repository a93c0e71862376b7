/** The dependencies of the steps: a worker injects real adapters, tests inject fakes. */
import type { TaskRun } from '../domain/ids.ts';
import type { Marks } from '../domain/marks.ts';
import type { AttemptRef } from '../domain/scopes.ts';
import type { StartProof } from '../domain/steps.ts';
import type { AgentChoice, CheckDefinition, Command } from '../domain/task-spec.ts';
import type { Submodules } from '../domain/wanted-submodules.ts';
import type { Agent, Slots } from './ports/agent-port.ts';
import type { CheckSpaces } from './ports/check-spaces-port.ts';
import type { Disk } from './ports/disk-port.ts';
import type { Forge } from './ports/forge-port.ts';
import type { Journal, JournalHeader } from './ports/journal-port.ts';
import type { Matcher } from './ports/matcher-port.ts';
import type { StepObserver } from './ports/observer-port.ts';
import type { ProgramRunner } from './ports/programs-port.ts';
import type { Projects } from './ports/projects-port.ts';
import type { SessionSums } from './ports/session-sums-port.ts';
import type { ArtifactStore, AttemptLogs } from './ports/storage-port.ts';
import type { Variables } from './ports/variables-port.ts';
import type { Workspaces } from './ports/workspaces-port.ts';

export interface ActivityDeps {
  readonly workspaces: Workspaces;
  readonly checkSpaces: CheckSpaces;
  readonly projects: Projects;
  readonly matcher: Matcher;
  readonly forge: Forge;
  readonly programs: ProgramRunner;
  readonly artifacts: ArtifactStore;
  readonly logs: AttemptLogs;
  readonly journal: Journal;
  readonly sessionSums: SessionSums;
  readonly slots: Slots;
  readonly disk: Disk;
  readonly agents: (choice: AgentChoice) => Agent | undefined;
  /** Whether the engine of this home started the run of this id, with what it runs. */
  readonly isStartedHere: (id: string, start: StartProof | undefined) => boolean;
  /** By which the engine knows the agent of an attempt while it runs. */
  readonly tokenFor: (attempt: AttemptRef) => string;
  /** Where the engine is reached; undefined where none runs. */
  readonly engineUrl: () => Promise<string | undefined>;
  /** A folder with the program `pawl` alone, for agents that may call the engine. */
  readonly ownCommandFolder: () => string;
  /** Parses a `pawl.yaml`. @throws PawlError with line and path of every problem */
  readonly parseConfiguration: (text: string) => Configuration;
  readonly matching: (paths: readonly string[], globs: readonly string[]) => string[];
  /**
   * A file with the settings of the base in it, as `settings-keys.ts` names them; undefined where they are the same.
   * @param now undefined: the change has it no more; @param base undefined: the base has none
   */
  readonly restoreSettings: (
    path: string,
    now: string | undefined,
    base: string | undefined,
  ) => string | undefined;
  /** What a person should look at in a diff: check definitions, tests, lock files. */
  readonly flaggedGlobs: readonly string[];
  /** A private folder of one attempt. */
  readonly scratchFor: (task: TaskRun, attempt: number) => string;
  /** Removes those of all attempts of a task, and `sessionSums` of it. Idempotent. */
  readonly removeScratch: (task: string) => Promise<void>;
  readonly marks: Marks;
  /** Ends every process that carries the mark or one below it. */
  readonly endMarked: (mark: string) => Promise<unknown>;
  readonly variables: Variables;
  readonly owner: JournalHeader['owner'];
  readonly observer: StepObserver;
}

/** A `pawl.yaml` with its defaults filled in. */
export interface Configuration {
  readonly setup?: Command | undefined;
  readonly copy?: readonly string[];
  readonly submodules?: Submodules;
  readonly checks: readonly CheckDefinition[];
  readonly protect: readonly string[];
  readonly approvals?: 'carry' | 'strict';
  readonly agents: Readonly<Record<string, Omit<AgentChoice, 'name'>>>;
}
