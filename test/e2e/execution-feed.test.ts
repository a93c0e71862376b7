/** Executions as readers are told of them: lists, the feed, and who follows one, over a real engine that is started again on the way. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeedEvent } from '../../src/domain/events.ts';
import type { ExecutionRow } from '../../src/domain/executions/execution-rows.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { commitFiles, newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { attach, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const REPRODUCED = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };

async function begin(id: string): Promise<string> {
  const inputs = { report: 'It fails' };
  await rig.api.startExecution({ id, loop: 'bugfix', project: newRepository(), inputs });
  return id;
}
const rowNow = async (id: string): Promise<ExecutionRow | undefined> =>
  (await rig.api.executions({})).executions.find((row) => row.id === id);

/** What the feed tells from now on, until an event satisfies `when`. */
async function toldUntil(when: (event: FeedEvent) => boolean): Promise<readonly FeedEvent[]> {
  const seen: FeedEvent[] = [];
  const leaving = new AbortController();
  for await (const { event } of rig.api.events(undefined, leaving.signal)) {
    seen.push(event);
    if (when(event)) break;
  }
  leaving.abort();
  return seen;
}

/** The states that a follower is told, until one satisfies `when`. */
async function followedUntil(
  id: string,
  when: (state: ExecutionState) => boolean,
): Promise<readonly ExecutionState[]> {
  const seen: ExecutionState[] = [];
  const leaving = new AbortController();
  for await (const state of rig.api.followExecution(id, leaving.signal)) {
    seen.push(state);
    if (when(state)) break;
  }
  leaving.abort();
  return seen;
}

it('the feed has them in its snapshot and tells each change, and a follower hears until the end', async () => {
  const before = await begin('x_before');
  const told = toldUntil((event) => event.type === 'execution' && event.row.status === 'aborted');
  const followed = followedUntil(before, () => false);
  await rig.api.completeSkill({ id: before, skill: 'bug-reproducer', outputs: REPRODUCED });
  await rig.api.decideGate({ id: before, gate: 'repro', decision: 'approve' });
  await rig.api.steerExecution({ id: before, steer: { act: 'abort', reason: 'enough' } });
  const [first, ...changes] = await told;
  expect(first).toMatchObject({ type: 'snapshot', executions: [{ id: before, status: 'active' }] });
  const rows = changes.flatMap((event) => (event.type === 'execution' ? event.row : []));
  expect(rows.map(({ gates = [] }) => gates)).toContainEqual(['repro']);
  expect(rows.at(-1)).toEqual(await rowNow(before));
  const states = await followed;
  expect(states.at(-1)).toEqual(await rig.api.execution({ id: before }));
  expect(states.at(-1)).toMatchObject({ status: 'aborted' });
});

it('one that was ended in the Temporal Web UI is told as ended to who shows, lists and follows', async () => {
  const id = await begin('x_ended');
  const told = toldUntil(
    (event) => event.type === 'execution' && event.row.id === id && event.row.status === 'aborted',
  );
  const followed = followedUntil(id, () => false);
  await expect.poll(() => rowNow(id)).toMatchObject({ status: 'active' });
  await rig.client.workflow.getHandle(id).terminate('by hand');
  expect((await followed).at(-1)).toMatchObject({ status: 'aborted' });
  await told;
  expect(await rig.api.execution({ id })).toMatchObject({ status: 'aborted' });
  expect(await rowNow(id)).toMatchObject({ status: 'aborted', closedAt: expect.any(String) });
});

it('an engine that is started again lists the same rows, and a follower goes on', {
  timeout: 60_000,
}, async () => {
  const id = await begin('x_again');
  await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs: REPRODUCED });
  // What stands in it is as it was when it began.
  const blocked = await begin('x_blocked');
  await rig.api.completeSkill({
    id: blocked,
    skill: 'bug-reproducer',
    outcome: 'failed',
    summary: 'no time',
  });
  const rows = await rig.api.executions({});
  const followed = followedUntil(id, ({ currentPhase }) => currentPhase === 'scaffold');
  expect(await rig.pawl(['down'])).toMatchObject({ code: 0 });
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  expect(await rig.api.executions({})).toEqual(rows);
  await rig.api.decideGate({ id, gate: 'repro', decision: 'approve' });
  expect((await followed).map(({ currentPhase }) => currentPhase)).toContain('scaffold');
  expect(await rig.api.executions({ status: ['active'] })).toMatchObject({ total: 1, executions: [{ id }] });
});

/** Cannot go on, and says so once the file is there. */
const asksOnce = (file: string) => `
  const { existsSync } = require('node:fs');
  setInterval(() => {
    if (!existsSync('${file}')) return;
    console.log('{"type":"result","summary":"needs a key for the database","status":"blocked"}');
    process.exit();
  }, 50);
`;
const LOOP = `
loop: ask
phases:
  - id: build
    skills: [{ id: build, agent: asker, brief: Build it }]
`;

it('says of a skill at work how its task stands, also to who follows', { timeout: 60_000 }, async () => {
  const repository = newRepository();
  const allowed = join(scratchFolder(), 'go');
  commitFiles(repository, {
    'pawl.yaml': `agents:\n  asker: { command: [node, -e, ${JSON.stringify(asksOnce(allowed))}] }\n`,
    '.pawl/loops/ask.yaml': LOOP,
  });
  const id = 'x_waits';
  await rig.api.startExecution({ id, loop: 'ask', project: repository, driver: 'engine' });
  const [skill] = (await followedUntil(id, (state) => skillOf(state)?.taskStatus === 'in_progress')).slice(
    -1,
  );
  const task = skill && skillOf(skill)?.task;
  expect(await rig.api.list({ id: [task ?? ''] })).toMatchObject({ tasks: [{ execution: id }] });
  const asked = followedUntil(id, (state) => skillOf(state)?.taskStatus === 'awaiting_gate');
  writeFileSync(allowed, '');
  const waiting = skillOf((await asked).at(-1) ?? expect.fail('nothing was told'));
  expect(waiting?.waitingFor).toContain(`pawl retry ${task}`);
  expect(skillOf(await rig.api.execution({ id }))).toEqual(waiting);
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'enough' } });
  expect(skillOf(await rig.api.execution({ id }))).not.toHaveProperty('taskStatus');
});

const skillOf = ({ phases }: ExecutionState) => phases[0]?.skills[0];
