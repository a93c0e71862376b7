/** What the page that people watch reads of an engine besides the operations: only the process of the engine has it. */
import type { ExecutionRow } from './executions/execution-rows.ts';
import type { TaskId } from './ids.ts';
import type { TaskRow } from './rows.ts';

export interface WorkspaceFile {
  /** From the top of the workspace, with `/` between. */
  readonly path: string;
  /** Where it lies on the engine's host; absent for what is kept of a workspace that is gone. */
  readonly place?: string;
  readonly bytes: number;
  /** Absent where it was too much to count. */
  readonly lines?: number;
  readonly modifiedAt?: string;
}

export interface WorkspaceListing {
  readonly files: readonly WorkspaceFile[];
  /** There are more files than one answer names. */
  readonly isCut: boolean;
}

export interface FileText {
  /** Without the secrets that the engine knows; absent where the file is no text in UTF-8. */
  readonly text?: string;
  readonly bytes: number;
  readonly modifiedAt: string;
}

/** A setting of the engine, and the variable it comes from. */
export interface Setting {
  readonly variable: string;
  readonly value: string | number | boolean;
}

export interface HostReads {
  /** Names the home: the same as long as there is it. */
  readonly project: string;
  /** Where its workflows are. `ui`: of the Temporal Web UI; null where Pawl knows none. */
  readonly temporal: { readonly namespace: string; readonly ui: string | null };
  /** Every task there is, those that were put away too. */
  rows(): Promise<readonly TaskRow[]>;
  executions(): Promise<readonly ExecutionRow[]>;
  /** The agents that this engine knows, each with what keeps it from running here. */
  agents(): Promise<readonly { readonly name: string; readonly problem?: string }[]>;
  settings(): readonly Setting[];
  /** Names of the variables of agents and forges, and whether they are set; never what they hold. */
  keys(): Readonly<Record<string, boolean>>;
  /** undefined where the task has no workspace now. */
  workspaceFiles(id: TaskId): Promise<WorkspaceListing | undefined>;
  /**
   * undefined where the task has no workspace now.
   * @throws PawlError `forbidden` for a path that leads out of it, also by a link; `not_found`; `invalid_input` for one that is too
   * large
   */
  workspaceFile(id: TaskId, path: string): Promise<FileText | undefined>;
}
