/** What the activities need from git: the workspace of a task and its commits. */

import type { TakenUp } from '../../domain/by-hand.ts';
import type { InConflict } from '../../domain/conflicts.ts';
import { PawlError } from '../../domain/failures.ts';
import type { Remark } from '../../domain/remarks.ts';
import type { TaskRef } from '../../domain/steps.ts';
import type { Changes, Commits } from './commits-port.ts';

/** Conflicts of a base that was merged into the task's branch, or of the agent's own, are not solved: nothing was committed. */
export class UnsolvedConflict extends PawlError {
  readonly files: readonly string[];
  /** Whether it is one that the agent has made itself. */
  readonly ofAgent: boolean;
  constructor(files: readonly string[], ofAgent = false) {
    super('conflict', `the conflicts are not solved${files.length === 0 ? '' : ` in ${files.join(', ')}`}`);
    this.name = 'UnsolvedConflict';
    this.files = files;
    this.ofAgent = ofAgent;
  }
}

/** A file has a filter that only a person's own git may run, and its content is nothing to be kept without it: nothing was committed. */
export class UnfilteredContent extends PawlError {
  constructor(message: string) {
    super('precondition', message);
    this.name = 'UnfilteredContent';
  }
}

/**
 * The engine's own git: a private bare mirror per repository, and per task a repository of its own on it, whose working tree
 * is the workspace. It runs no hook, filter, fsmonitor or other program that a repository names.
 */
export interface Workspaces extends Commits<TaskRef> {
  /**
   * Fetches the base and makes (or finds) the worktree at it. Running it twice changes nothing.
   * @param goesOn whether the latest work of an earlier run is kept for `goOn`, instead of as a branch
   * @param from a branch of the repository that is that work where there is none of the task's own
   */
  prepare(
    task: TaskRef,
    goesOn?: boolean,
    from?: string,
  ): Promise<{
    readonly baseCommit: string;
    readonly path: string;
    readonly dirty: boolean;
    /** What an earlier run had as the task's branch, under a name of its own now. */
    readonly kept: readonly Kept[];
    /** Set-up has ended, and there is work on top of the base already. */
    readonly begun: boolean;
    /** What a person should know of files that are not there as in a clone. */
    readonly notes: readonly string[];
  }>;
  /**
   * Copies files that git ignores from the user's checkout into the workspace, in place of those that were copied before. None of
   * them gets into a commit. Running it twice changes nothing.
   * @throws PawlError `precondition` naming one that cannot be copied
   */
  copy(task: TaskRef, baseCommit: string, paths: readonly string[]): Promise<void>;
  /**
   * After set-up: the latest work of an earlier run becomes the task's change, in the worktree too. Running it twice changes
   * nothing. @returns undefined where there is none
   */
  goOn(task: TaskRef): Promise<Resumed | undefined>;
  /**
   * Set-up has ended: what differs from the base now, and is not ignored, is neither the agent's work nor in a commit, unless
   * the agent changes it further. Running it twice changes nothing.
   */
  noteSetup(task: TaskRef): Promise<void>;
  /** What an earlier run of the task has left, because it could not be cleaned up. */
  leftOver(task: TaskRef): Promise<{ readonly task: TaskRef; readonly baseCommit: string } | undefined>;
  pathOf(task: TaskRef): string;
  /** Where programs of the task start in it: its folder, by no link; undefined where that is not there any more. */
  startOf(task: TaskRef): Promise<string | undefined>;
  /** Tree id of everything not ignored, without touching the worktree's own index. */
  snapshot(task: TaskRef): Promise<{ readonly tree: string; readonly changedFiles: readonly string[] }>;
  /** Puts the worktree (tracked and not ignored files) into the state of a commit or tree. */
  restore(task: TaskRef, treeish: string): Promise<void>;
  /**
   * Commits everything not ignored on the task's branch with the effect's key as a trailer. When the tip has that
   * key already it is returned as it is; undefined when there is nothing to commit.
   * @throws UnsolvedConflict, UnfilteredContent
   */
  commit(task: TaskRef, message: string, key: string): Promise<string | undefined>;
  /**
   * Commits, for people, what nobody goes on with. Where conflicts are not solved it is no merge, and their files are as
   * they were on the branch.
   */
  commitUnfinished(task: TaskRef, message: string, key: string): Promise<void>;
  /** Tip of the task's branch. */
  head(task: TaskRef): Promise<string>;
  diff(task: TaskRef, from: string, to: string): Promise<Diff>;
  /** Whether there is a worktree of the task now. */
  exists(task: TaskRef): Promise<boolean>;
  /**
   * Fetches a newer base commit and merges it into the task's branch and worktree. Never leaves a half-made merge; on
   * a conflict the worktree holds the conflict markers for an agent to solve, nothing is committed, and the next
   * `commit` without any of those markers becomes the merge: its second parent is `base`. A merge of the base that an earlier
   * try has made and nobody was told of is replaced; a head that holds the base already stays as it is. Where the base was
   * rewritten, so that it has lost `from`, only what the head changed since then is merged, as a commit on `base` alone.
   * @param from the base commit that is part of the head
   */
  mergeBase(task: TaskRef, head: string, from: string, base: string): Promise<JoinedBase>;
  /** How the base as it is now has all of the change, and where it is; undefined where it does not. Nothing else is done. */
  heldNow(task: TaskRef, head: string, from: string): Promise<(Held & { readonly base: string }) | undefined>;
  /**
   * What a person has changed in the worktree becomes the task's change; else what people have put on its branch, where it was
   * delivered, and then in the worktree too. But for a person's changes all of that is committed. Running it twice changes nothing.
   * @param work base commit, last commit of the task, the one that was put on the branch last, and the key of this effect
   */
  takeUp(
    task: TaskRef,
    work: { readonly base: string; readonly head: string; readonly shown: string; readonly key: string },
  ): Promise<TakenUp>;
  /** Whether a person is in the worktree, or has been and what they did is not taken up yet. */
  hands(task: TaskRef): Promise<'working' | 'left' | undefined>;
  /** In words, what the agent left besides its change: branches of its own, stashes. Not all of it need be new. */
  left(task: TaskRef): Promise<readonly string[]>;
  /**
   * Keeps that reachable in the user's repository, as branches beside the task's. Running it twice changes nothing.
   * @param work the task's own commit where it was not merged, for which the next run has to make room; `aside` where its
   * branch is somebody else's now, so that it gets one beside it
   */
  keep(task: TaskRef, work?: { readonly commit: string; readonly aside: boolean }): Promise<readonly Kept[]>;
  /** Removes the worktree and the mirror's branch. Running it twice changes nothing. */
  remove(task: TaskRef): Promise<void>;
}

/** How the base has all of a change. */
export interface Held {
  /** The commit that brought it, where the base has gone on from it; absent where merging it would change nothing. */
  readonly since?: string;
}

/** What became of a newer base. `held`: it has all of the change already, so nothing was done. */
export type JoinedBase = MergedBase | ({ readonly kind: 'held' } & Held);

/** `rewritten`: the base has lost the commit that the task's work stood on. */
export type MergedBase = { readonly rewritten: boolean } & (
  | { readonly kind: 'merged'; readonly commit: string }
  | ({ readonly kind: 'conflict' } & InConflict)
);

/** What became of the work of an earlier run, and what of it is kept as a branch all the same. */
export type Resumed = { readonly commit: string; readonly kept: readonly Kept[] } & (
  | { readonly kind: 'resumed' }
  /** The worktree holds markers, as after each merge of a base. */
  | ({ readonly kind: 'conflict' } & InConflict)
  /** It has nothing in common with the base as it is now: the run begins without it. */
  | { readonly kind: 'unrelated' }
);

/** What was not merged, and where it is. */
export interface Kept {
  /** Of the user's repository. Absent for what is kept nowhere, because it holds a copied file, which may be a secret. */
  readonly branch?: string;
  /** In words. */
  readonly holds: string;
}

export interface Diff extends Changes {
  /** Applies as it is; its bytes are those of the files, so they need not be text. */
  readonly patch: Buffer;
  /** Digest of what it does to each file, wherever in it that is: that of the same change on another base is the same. */
  readonly change: string;
  readonly remarks: readonly Remark[];
}
