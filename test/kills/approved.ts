/** Tasks of one repository that wait approved for their merges, and what plain git says of what became of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { agent } from '../e2e/rig.ts';
import { until } from '../engine/engine-rig.ts';
import type { World } from './world.ts';

export interface Crowd {
  readonly repository: string;
  readonly seed: string;
  readonly ids: readonly string[];
  /** By whom a decision was asked for, in order. */
  readonly approved: string[];
  /** Trees that checks were run on, as git names what the check found: written by the check itself. */
  readonly checked: () => readonly string[];
}

/** Each task adds a file. They wait for their approvals when this settles. */
export async function openCrowd(world: World, name: string, count: number): Promise<Crowd> {
  const repository = newRepository();
  const notes = join(scratchFolder('notes'), 'checked');
  writeFileSync(notes, '');
  const ids = Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);
  for (const id of ids) {
    await world.pawl().run({
      id,
      requirement: `Add ${id}.txt`,
      repository,
      agent: { name: 'writes', command: agent('writes', `${id}.txt`, id) },
      checks: [{ name: 'notes its tree', run: ['sh', '-c', noteTree(notes)] }],
    });
  }
  for (const id of ids) await untilState(world, id, ({ status }) => status === 'awaiting_gate');
  const seed = userGit(repository, 'rev-parse', 'main');
  const checked = () => readFileSync(notes, 'utf8').split('\n').filter(Boolean);
  return { repository, seed, ids, approved: [], checked };
}

/** Takes long enough to be killed at, and for others to merge meanwhile. */
const noteTree = (notes: string): string =>
  `export GIT_INDEX_FILE="$(mktemp -u)"; git add --all && sleep 0.2 && git write-tree >> '${notes}'; rm -f "$GIT_INDEX_FILE"`;

/** Asks for it once; a resend of the same message is the same approval. */
export async function approve(world: World, crowd: Crowd, id: string): Promise<void> {
  crowd.approved.push(id);
  await until(async () => {
    const sent = world.pawl().approve({ id, messageId: 'yes' });
    return (await sent.catch(unlessUnavailable)) !== undefined;
  });
}

export const untilClosed = (world: World, id: string): Promise<TaskState> =>
  untilState(world, id, ({ status }) => isClosed(status));

async function untilState(world: World, id: string, when: (state: TaskState) => boolean): Promise<TaskState> {
  let state: TaskState | undefined;
  await until(async () => {
    state = await world.pawl().show({ id }).catch(unlessUnavailable);
    return state !== undefined && (when(state) || isClosed(state.status));
  });
  if (state === undefined || !when(state)) throw new Error(`${id} never got there: ${JSON.stringify(state)}`);
  return state;
}

function unlessUnavailable(error: unknown): undefined {
  // The client of an engine that was killed is closed under its calls.
  if (error instanceof Error && error.name === 'AbortError') return;
  if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
}

/** All are merged, one after the other, each as it was checked, and each was approved once. */
export function expectMergedInOrder(crowd: Crowd, states: readonly TaskState[]): void {
  const { repository, seed, ids, approved, checked } = crowd;
  for (const state of states) {
    expect(state).toMatchObject({ status: 'completed', failure: null, ignoredMessages: 0 });
    expect(state).not.toHaveProperty('takeCommand');
    expectOneApproval(state);
  }
  expect(approved.toSorted()).toEqual(ids.toSorted());
  const [lines, trees] = [
    userGit(repository, 'rev-list', '--first-parent', '--parents', `${seed}..main`),
    checked(),
  ];
  const merges = lines.split('\n').map((line) => line.split(' '));
  expect(merges.map(([merge]) => merge).toSorted()).toEqual(states.map((one) => one.mergedCommit).toSorted());
  for (const [at, [merge = '', before, commit = '', ...others]] of merges.entries()) {
    expect({ before, others }).toEqual({ before: merges[at + 1]?.[0] ?? seed, others: [] });
    const [merged, offered] = [merge, commit].map((one) => userGit(repository, 'rev-parse', `${one}^{tree}`));
    expect(merged).toBe(offered);
    expect(trees).toContain(merged);
    const evidence = states
      .find(({ mergedCommit }) => mergedCommit === merge)
      ?.gates.findLast(isPassed)?.evidence;
    expect(evidence?.map((one) => one.commit)).toEqual([commit]);
  }
  const files = userGit(repository, 'ls-tree', '-r', '--name-only', 'main').split('\n');
  expect(files).toEqual(expect.arrayContaining(ids.map((id) => `${id}.txt`)));
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
}

const isPassed = ({ gate, status }: TaskState['gates'][number]): boolean =>
  gate === 'check' && status === 'passed';

/** A person was asked once; every later one is carried over from that. */
function expectOneApproval({ gates }: TaskState): void {
  const approvals = gates.filter(({ gate }) => gate === 'approval');
  expect(approvals.map(({ carriedFrom }) => carriedFrom)).toEqual(
    approvals.map((_, at) => (at === 0 ? undefined : 'approval-1')),
  );
  expect(approvals.at(-1)).toMatchObject({ status: 'approved', by: expect.any(String) });
}
