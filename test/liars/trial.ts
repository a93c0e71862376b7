/** One row on an engine: its repository is made, its agent is let loose with `--yes`, and what became of it is told. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { isRunning, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { remarkWords } from '../../src/domain/remarks.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import type { EngineRig } from '../e2e/rig.ts';
import { faultIn } from './oracle.ts';
import { linesOfTable, type Outcome } from './readme.ts';
import { checksOf, kindOf, makeRepository } from './repositories.ts';
import { type Liar, PRELUDE, type Row } from './row.ts';

const DAEMON = join(import.meta.dirname, 'daemon.mjs');
let count = 0;
let named = 0;

interface Ended {
  readonly state: TaskState;
  readonly repository: string;
  /** The base's commit when the task began. */
  readonly from: string;
  /** What whoever decides was told to look at. */
  readonly flags: readonly string[];
}

/** So many at once, because the machine has others to serve. */
const lanes = Array.from({ length: 2 }, () => Promise.resolve());

async function inLane<T>(act: () => Promise<T>): Promise<T> {
  const at = count++ % lanes.length;
  const acted = lanes[at]?.then(act) ?? act();
  lanes[at] = acted.then(
    () => undefined,
    () => undefined,
  );
  return acted;
}

/** Approves as `--yes` does: changes, and nothing else. @param mayDecide false: somebody else does */
const play = (rig: EngineRig, row: Row, mayDecide = true): Promise<Ended> =>
  inLane(() => playNow(rig, row, mayDecide));

async function playNow(rig: EngineRig, row: Liar | Row, mayDecide: boolean): Promise<Ended> {
  named += 1;
  const id = TaskId.parse(`liar-${named}`);
  const kind = row.repository ?? 'plain';
  const { setup } = kindOf(kind);
  const repository = makeRepository(kind);
  const from = userGit(repository, 'rev-parse', 'main');
  const outside = scratchFolder('outside');
  const places = {
    REPOSITORY: repository,
    OUTSIDE: outside,
    PAWL_HOME: rig.home,
    DAEMON,
    NODE: process.execPath,
    TASK: id,
  };
  const lines = Object.entries(places).map(([name, value]) => `${name}='${value}'`);
  await rig.api.run({
    id,
    requirement: 'Fix add()',
    repository,
    agent: { name: 'command', command: ['sh', '-c', [...lines, PRELUDE, row.agent].join('\n')] },
    checks: checksOf(kind),
    ...(setup !== undefined && { setup: [...setup] }),
    policy: { attemptsMax: 1, fixAttemptsMax: 0, ...row.policy },
  });
  if ('killsEngine' in row) await revived(rig);
  try {
    return { ...(await follow(rig, id, mayDecide)), repository, from };
  } finally {
    await endDaemon(outside);
  }
}

/** Once the engine is gone it is started again. */
async function revived({ home, pawl, api }: EngineRig): Promise<void> {
  while ((await liveEndpoints(home)) !== undefined) await sleep(20);
  expect(await pawl(['up', '-d'])).toMatchObject({ code: 0 });
  // The client looks for the next one where it has found the last one gone.
  await api.count({}).catch(() => undefined);
}

async function follow(rig: EngineRig, id: TaskId, mayDecide: boolean) {
  let flags: readonly string[] = [];
  let decided: string | undefined;
  for await (const state of rig.api.follow(id)) {
    if (isClosed(state.status)) return { state, flags };
    const gate = state.gates.find(({ status }) => status === 'open');
    if (gate === undefined || gate.id === decided) continue;
    decided = gate.id;
    const { flagged = [], remarks = [] } = state.pullRequest ?? {};
    flags = [...flagged, ...remarks.map(remarkWords)];
    if (gate.gate !== 'approval' || gate.permission !== undefined) await rig.api.cancel({ id });
    // What is stale by now is shown anew.
    else if (mayDecide) await rig.api.approve({ id, digest: gate.digest }).catch(() => undefined);
  }
  throw new Error('the engine stopped telling');
}

/** A daemon of the row's, which nothing of Pawl's finds. */
async function endDaemon(outside: string): Promise<void> {
  writeFileSync(join(outside, 'stop'), '');
  const file = join(outside, 'pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  const startedAt = startTimeOf(pid);
  while (startedAt !== undefined && isRunning({ pid, startedAt })) await sleep(20);
}

const isMerged = ({ state }: Ended): boolean => state.mergedCommit !== null;

const faultOf = ({ state, repository, from }: Ended, row: Row): string | undefined => {
  const to = state.mergedCommit ?? '';
  if (state.takeCommand === undefined) expect(userGit(repository, 'rev-parse', 'main')).toBe(to);
  return faultIn({ repository, kind: row.repository ?? 'plain', from, to, brings: row.brings ?? [] });
};

/** What README says of the liar's line has to come true. */
export async function expectOf(rig: EngineRig, liar: Liar): Promise<void> {
  const outcome = linesOfTable().get(liar.line);
  if (outcome === undefined) throw new Error(`README has no line ${liar.line}`);
  await EXPECTED[outcome](rig, liar);
}

const EXPECTED: { readonly [O in Outcome]: (rig: EngineRig, liar: Liar) => Promise<void> } = {
  async caught(rig, liar) {
    const ended = await play(rig, liar);
    if (liar.harmless === true) return expectRight(ended, liar);
    const found = isMerged(ended) ? `merged: ${faultOf(ended, liar) ?? 'and right'}` : failureOf(ended);
    expect(found).toBe(liar.failure ?? 'check_failed');
    expect(userGit(ended.repository, 'rev-parse', 'main')).toBe(ended.from);
  },
  /** A flag holds nobody who approves without a look. */
  async flagged(rig, liar) {
    const ended = await play(rig, liar);
    expect(isMerged(ended) ? 'merged' : failureOf(ended)).toBe('merged');
    expect(ended.flags.join('\n')).toContain(liar.flag ?? 'what it is');
  },
  /** What is named has to be so: once it is held, README may say it. */
  sandbox: expectMergedWrong,
  nobody: expectMergedWrong,
};

const failureOf = ({ state }: Ended): string | undefined => state.failure?.class ?? state.status;

async function expectMergedWrong(rig: EngineRig, liar: Liar): Promise<void> {
  const ended = await play(rig, liar, liar.decidesItself !== true);
  expect(isMerged(ended) ? 'merged' : failureOf(ended)).toBe('merged');
  expect(faultOf(ended, liar)).toBeDefined();
}

/** An honest agent is not held up. */
export async function expectRight(ended: Ended, row: Row): Promise<void> {
  expect(isMerged(ended) ? 'merged' : JSON.stringify(ended.state.failure)).toBe('merged');
  expect(faultOf(ended, row)).toBeUndefined();
}

export const expectHonest = async (rig: EngineRig, row: Row): Promise<void> =>
  expectRight(await play(rig, row), row);
