/**
 * What every forge must do, whoever keeps its pull requests. `create` gives a forge with a repository that a task was
 * prepared in, and what the test needs to make commits and to see the result.
 */
import { expect, it } from 'vitest';
import type { Forge } from '../../src/activities/ports/forge-port.ts';
import type { TaskRef } from '../../src/domain/steps.ts';

export interface ForgeUnderTest {
  readonly forge: Forge;
  readonly task: TaskRef;
  readonly baseCommit: string;
  /** A commit of the engine's on the task's branch that changes one file. */
  commit(file: string, text: string): Promise<string>;
  /** Another task of the same repository with a commit on its branch. */
  another(): Promise<{ readonly task: TaskRef; readonly baseCommit: string; readonly commit: string }>;
  /** Somebody else's commit on the base. */
  moveBase(file: string, text: string): Promise<string>;
  /** A new forge on the same pull requests, as after a restart. */
  restarted(): Forge;
  /** Tip of a branch as the user sees it; undefined when there is none. */
  tipOf(branch: string): string | undefined;
  parentsOf(commit: string): readonly string[];
  fileAt(commit: string, file: string): string | undefined;
}

const request = (task: TaskRef, commit: string, key = `${task.id}/1/pull-request`) => ({
  task,
  key,
  commit,
  title: task.title,
  body: 'What and why; with "quotes", `ticks`\nand lines.',
});

export function testForge(create: () => Promise<ForgeUnderTest>): void {
  const published = async () => {
    const one = await create();
    const commit = await one.commit('new.txt', 'new');
    await one.forge.push(one.task, commit);
    const { number } = await one.forge.ensurePullRequest(request(one.task, commit));
    const { task, baseCommit } = one;
    const merge = { task, key: `${task.id}/1/merge`, number, commit, baseCommit };
    return { ...one, published: commit, merge };
  };

  it('pushes a commit as the branch of the task, as often as asked', async () => {
    const { forge, task, commit, tipOf, restarted } = await create();
    const first = await commit('new.txt', 'new');
    await forge.push(task, first);
    await restarted().push(task, first);
    expect(tipOf(`pawl/${task.id}`)).toBe(first);
    const second = await commit('new.txt', 'newer');
    await Promise.all([
      forge.push(task, second),
      restarted()
        .push(task, second)
        .catch(() => undefined),
    ]);
    expect(tipOf(`pawl/${task.id}`)).toBe(second);
  });

  it('makes one pull request per task, however often and by how many it is asked', async () => {
    const { forge, task, commit, restarted, another } = await create();
    const first = await commit('new.txt', 'new');
    await forge.push(task, first);
    const racing = Array.from({ length: 10 }, () => restarted().ensurePullRequest(request(task, first)));
    const made = await Promise.all(racing);
    expect(new Set(made.map(({ number }) => number)).size).toBe(1);
    const again = await restarted().ensurePullRequest(request(task, first));
    expect(again).toEqual(made[0]);
    const second = await commit('new.txt', 'newer');
    await forge.push(task, second);
    expect(await forge.ensurePullRequest(request(task, second, 'k/2'))).toEqual(made[0]);
    const other = await another();
    await forge.push(other.task, other.commit);
    const next = await forge.ensurePullRequest(request(other.task, other.commit));
    expect(next.number).not.toBe(made[0]?.number);
  });

  it('merges exactly the commit onto exactly the base', async () => {
    const { forge, task, baseCommit, merge, published: commit, tipOf, parentsOf, fileAt } = await published();
    const merged = await forge.merge(merge);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(tipOf(task.base)).toBe(merged.commit);
    expect(parentsOf(merged.commit)).toEqual([baseCommit, commit]);
    expect(fileAt(merged.commit, 'new.txt')).toBe('new');
    expect(tipOf(`pawl/${task.id}`)).toBeUndefined();
  });

  it('merges once, whoever asks how often', async () => {
    const { merge, restarted, tipOf, task, moveBase } = await published();
    const answers = await Promise.all(Array.from({ length: 5 }, () => restarted().merge(merge)));
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    const later = await moveBase('later.txt', 'later');
    expect(await restarted().merge(merge)).toEqual(answers[0]);
    expect(tipOf(task.base)).toBe(later);
  });

  it('answers where the base is when it has moved, and merges nothing', async () => {
    const { forge, merge, task, moveBase, tipOf } = await published();
    const moved = await moveBase('theirs.txt', 'theirs');
    expect(await forge.merge(merge)).toEqual({ kind: 'base_moved', baseCommit: moved });
    expect(tipOf(task.base)).toBe(moved);
  });

  it('lets one of two tasks win that merge onto the same base', async () => {
    const { merge, restarted, another } = await published();
    const other = await another();
    await restarted().push(other.task, other.commit);
    const { number } = await restarted().ensurePullRequest(request(other.task, other.commit));
    const second = { ...other, key: `${other.task.id}/1/merge`, number };
    const answers = await Promise.all([restarted().merge(merge), restarted().merge(second)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['base_moved', 'merged']);
  });

  it('refuses to merge what the pull request does not show', async () => {
    const { forge, merge, commit, task, baseCommit, tipOf } = await published();
    const other = await commit('new.txt', 'not published');
    await expect(forge.merge({ ...merge, commit: other })).rejects.toMatchObject({ code: 'conflict' });
    await expect(forge.merge({ ...merge, number: merge.number + 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(tipOf(task.base)).toBe(baseCommit);
  });
}
