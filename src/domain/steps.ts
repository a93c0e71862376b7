/**
 * What goes into and comes out of each step of an agent-run task. Few steps, because each costs six history events;
 * small answers, because they stay in history: what is big is named by its digest in the artifact store.
 */

import type { BaseConfiguration, MovedConfiguration } from './base-configuration.ts';
import type { InConflict } from './conflicts.ts';
import type { Permission } from './failures.ts';
import type { TaskRun } from './ids.ts';
import type { Value } from './loops/value-types.ts';
import type { PriorityWord } from './priority.ts';
import type { Trunk } from './skill-task.ts';
import type { AgentChoice, CheckDefinition, Command, ForgeChoice, Policy } from './task-spec.ts';
import type { AttemptReason, Checkpoint, Evidence, PullRequest, Usage } from './task-state.ts';

/** Names the work: every step gets it, and every effect's key is made from it. */
export interface TaskRef extends TaskRun {
  readonly title: string;
  /** The user's repository: read, and moved only by the merge. */
  readonly repository: string;
  readonly base: string;
  /** Of a skill: from where its execution began. */
  readonly trunk?: Trunk;
  /** The folder in which its programs start, by its path from the top; absent for the top. */
  readonly dir?: string;
  /** Absent: the forge `local`. */
  readonly forge?: ForgeChoice;
}

/** What a run says of its start. */
export interface StartProof {
  /** Digest of what it was started with. */
  readonly spec: string;
  /** As the engine made it; by hand it may be anything, or nothing. */
  readonly seal?: unknown;
}

export interface PrepareInput {
  readonly task: TaskRef;
  readonly agent: AgentChoice;
  readonly checks?: readonly CheckDefinition[];
  readonly setup?: Command;
  readonly copy?: readonly string[];
  /** The run goes on from the work of the one before. */
  readonly goesOn?: true;
  /** The branch of the repository whose work the task has from the start. It goes on from that. */
  readonly from?: string;
  /** Absent where the step was scheduled before there were seals. */
  readonly start?: StartProof;
}
export interface Prepared extends BaseConfiguration {
  readonly baseCommit: string;
  readonly agent: AgentChoice;
  /** The user's working tree has changes; they are not part of the run. */
  readonly dirty: boolean;
  readonly setup?: { readonly durationMs: number };
  /** Where the work of an earlier run is now, in words. */
  readonly kept?: readonly string[];
  /** What a person should know before the agent works. */
  readonly notes?: readonly string[];
  /** The work of the run before, from which this one goes on. */
  readonly resumed?: ResumedWork;
}

export type ResumedWork =
  | { readonly kind: 'resumed'; readonly commit: string }
  | { readonly kind: 'unrelated'; readonly commit: string }
  | ({ readonly kind: 'conflict'; readonly commit: string } & InConflict);

export interface AttemptInput {
  readonly task: TaskRef;
  readonly description: string;
  readonly requirementArtifact?: string;
  readonly baseCommit: string;
  readonly agent: AgentChoice;
  readonly attempt: {
    readonly number: number;
    readonly token: string;
    readonly reason: AttemptReason;
    /** Where the attempt before had got to; absent for a fresh start. */
    readonly checkpoint?: Checkpoint;
    /** What went wrong before, for the agent to read: failing output, a person's reason, a hand-over. */
    readonly feedback?: string;
    /** The agent's own session to go on with; absent for a fresh one. */
    readonly session?: string;
    /** What a person has granted on this task, by `Permission.id`. */
    readonly granted?: readonly string[];
  };
  /** The change that there is already, where the run goes on from an earlier one's: an agent may find nothing to add. */
  readonly begunFrom?: string;
  /** It may find nothing to change, and then stays at its base. */
  readonly mayChangeNothing?: true;
  /** What it returns, by name, with the types as they are written in a loop. */
  readonly returns?: Readonly<Record<string, string>>;
  /** What its program is given in its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** It gets nothing that its user has set up for themselves. Absent: all of it. */
  readonly declaredOnly?: true;
  /** Present where there are checks: their space is made ready beside the agent. */
  readonly checked?: CheckSetup;
  /** Absent: normal. */
  readonly priority?: PriorityWord;
  /** Since when it counts as waiting for a free agent. Absent in attempts from before it was kept. */
  readonly waitsSinceMs?: number;
  readonly attemptSecondsMax: number;
  readonly stallSecondsMax: number;
  /** Absent in tasks that were started before there was one: as `ask`. */
  readonly permissions?: Policy['permissions'];
  readonly limits?: Pick<Policy, 'outputBytesMax' | 'costUsdMax' | 'turnsMax'>;
}
export interface AttemptResult {
  readonly commit: string;
  readonly summary: string;
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  /** Where it returns something. */
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly session?: string;
  readonly usage?: Usage;
}

/** How the space is set up in which checks run. */
export interface CheckSetup {
  /** null: not at all. Absent: by a `Prepared` that did not say; then as the base's configuration says. */
  readonly setup?: Command | null;
}

export interface CheckInput extends CheckSetup {
  readonly task: TaskRef;
  readonly attempt: number;
  readonly baseCommit: string;
  readonly commit: string;
  readonly checks: readonly CheckDefinition[];
  readonly protect: readonly string[];
  /** What it was given by name is masked here too. Absent in tasks that were started before there was this. */
  readonly agent?: AgentChoice;
}
export interface CheckReport {
  readonly commit: string;
  readonly evidence: readonly Evidence[];
  /** Why nothing that a check says would be about the commit alone: then none has run. */
  readonly problem?: string;
}

export interface PublishInput extends Rewritten {
  readonly task: TaskRef;
  readonly attempt: number;
  readonly baseCommit: string;
  readonly commit: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}
export interface Published {
  readonly pullRequest: PullRequest;
  /** Digest of diff and evidence: what an approval is bound to. */
  readonly digest: string;
  /** Digest of what the change does, on whatever base. Absent where the step was done before there was this. */
  readonly change?: string;
}

export interface MergeInput {
  readonly task: TaskRef;
  readonly attempt: number;
  readonly pullRequest: number;
  /** The approved commit; anything else is not merged. */
  readonly commit: string;
  /** The base commit that the checks and the approval were about. */
  readonly baseCommit: string;
  /** The approval may be carried over to another base: then nobody is asked in between, and it pays to wait for a turn. */
  readonly carries?: true;
}
export type Merged =
  /** With a command where the merge commit waits for the user to take it, and why it does: a part of a sentence. */
  | ({
      readonly kind: 'merged';
      readonly commit: string;
      readonly takeCommand?: string;
      readonly takeReason?: string;
      /** In words, where the base got something else than what was checked. */
      readonly unchecked?: string;
      /** In words, where people have brought the change into the base by commits of their own. */
      readonly byHand?: string;
    } & CleanedUp)
  /** The base had moved and was merged into the branch: a new commit, which is checked, and approved or carried over. */
  | ({ readonly kind: 'base_moved'; readonly commit: string; readonly baseCommit: string } & Moved)
  | WorkedOn
  /** The forge would take it later: required checks run, or a review is missing. */
  | { readonly kind: 'pending'; readonly why: string }
  /** The base had moved and cannot be merged into the branch without a decision about these files. */
  | ({
      readonly kind: 'conflict';
      readonly baseCommit: string;
    } & InConflict &
      Moved);

interface Moved extends Rewritten {
  /** Present where `pawl.yaml` of the base is another one. */
  readonly configuration?: MovedConfiguration;
}

/** Present where the base has lost the commit that the task stood on: only the task's own change was carried over to it. */
interface Rewritten {
  readonly baseRewritten?: true;
}

/** People have put something on the task's branch that is not in what would be offered or merged: nothing was done. */
export interface WorkedOn {
  readonly kind: 'worked_on';
}

export interface CleanUpInput {
  readonly task: TaskRef;
  /** Present once there was a workspace. Work beyond it is kept as the task's branch in the user's repository. */
  readonly baseCommit?: string;
  /** Nothing of it is kept. */
  readonly discards?: true;
}

/** What came of a workspace that is gone. */
export interface CleanedUp {
  /** Where work that was not merged is now, in words: the task's own, and what its agent left besides. */
  readonly kept?: readonly string[];
}

/** Details of a failed attempt, carried by its ApplicationFailure. */
export interface AttemptFailureDetails {
  readonly checkpoint?: Checkpoint;
  readonly output?: string;
  readonly retryAfterMs?: number;
  readonly httpStatus?: number;
  readonly permission?: Permission;
  readonly session?: string;
  readonly usage?: Usage;
  /** Another attempt would end the same way. */
  readonly final?: true;
  /** It still waited for its turn: nothing had been done, so it was no attempt. */
  readonly neverBegun?: true;
}
