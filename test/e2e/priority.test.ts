/** How urgent a task is: said through any edge, told wherever the task is shown, and who gets the next free agent. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExecutionId } from '../../src/domain/ids.ts';
import { LoopId } from '../../src/domain/loops/loop-words.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { EDGES, edgesOf } from './edges.ts';
import { agent, atGate, attach, by, closed, type EngineRig, lastDocument, startRig } from './rig.ts';
import { engineSettings, leave, shellOfHome } from './shells.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig({ ...engineSettings(), PAWL_AGENTS_PER_HOST: '1' });
});
afterAll(() => rig.close());

const place = (n: number) => `a free agent: place ${n} in the queue`;
const waitsAt = (id: string, n: number) => rig.until(id, ({ waitingFor }) => waitingFor === place(n));
const cancelAll = async (ids: readonly string[]) => {
  for (const id of ids) {
    await rig.api.cancel({ id });
    await rig.until(id, closed);
  }
};
const begunIn = (notes: string) =>
  readFileSync(notes, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('begin'))
    .map((line) => line.slice('begin '.length));

it('of two that wait for one place the later and more urgent goes first, and all that are shown say so', async () => {
  const repository = newRepository();
  const folder = scratchFolder('notes');
  const [notes, sign] = [join(folder, 'notes'), join(folder, 'go on')];
  const work = { repository, ...by('takes-turns', notes, sign) };
  const first = await rig.run({ id: 'works', ...work, priority: 'low' });
  await expect.poll(() => begunIn(notes).length, { timeout: 30_000 }).toBe(1);
  const usual = await rig.run({ id: 'usual', ...work });
  await waitsAt(usual, 1);
  const urgent = await rig.run({ id: 'urgent', ...work, priority: 'high' });
  await waitsAt(urgent, 1);
  await waitsAt(usual, 2);
  // What works already keeps its place, however little urgent it is.
  expect((await rig.api.show({ id: first })).waitingFor).toBeUndefined();
  const { tasks } = lastDocument((await rig.pawl(['list', '--json'])).out) as { tasks: { id: string }[] };
  expect(tasks.find(({ id }) => id === 'urgent')).toMatchObject({ priority: 'high', waitsFor: place(1) });
  expect(tasks.find(({ id }) => id === 'usual')).not.toHaveProperty('priority');
  const listed = (await rig.pawl(['list'])).out;
  expect(listed).toMatch(/^urgent +in_progress +\S+ \S+ {2}high {2}Do the work$/m);
  expect(listed).toMatch(/^usual +in_progress +\S+ \S+ {8}Do the work$/m);
  expect((await rig.pawl(['show', 'urgent'])).out).toContain('high priority · task urgent');
  writeFileSync(sign, '');
  for (const id of [first, usual, urgent]) await rig.until(id, atGate);
  expect(begunIn(notes)).toEqual(['works', 'urgent', 'usual']);
  await cancelAll([first, usual, urgent]);
});

it('said through any edge it is the same, and normal is as if nothing was said', async () => {
  const helper = { command: agent('writes', 'a.txt', 'a') };
  const repository = newRepository({
    'pawl.yaml': `agent: helper\nagents: ${JSON.stringify({ helper })}\nchecks: []\n`,
  });
  const shell = await shellOfHome(rig);
  const edges = edgesOf(rig, shell);
  const ids: string[] = [];
  for (const edge of EDGES) {
    const id = `from-${edge}`;
    const call = { id, requirement: 'Do it', repository };
    expect(await edges[edge]('run', { ...call, priority: 'critical' })).toHaveProperty('answer');
    expect((await rig.until(id, atGate)).priority).toBe('critical');
    expect(await edges[edge]('show', { id })).toMatchObject({ answer: { priority: 'critical' } });
    expect(await edges[edge]('run', { ...call, id: `no-${edge}`, priority: 'urgent' })).toMatchObject({
      error: { code: 'invalid_input', message: expect.stringContaining('priority') },
    });
    expect(await edges[edge]('run', call)).toMatchObject({ error: { code: 'conflict' } });
    ids.push(id);
  }
  const call = { id: 'as-usual', requirement: 'Do it', repository };
  expect(await rig.api.run({ ...call, priority: 'normal' })).toMatchObject({ created: true });
  expect(await rig.api.run(call)).toMatchObject({ created: false });
  expect(await rig.until('as-usual', atGate)).not.toHaveProperty('priority');
  await cancelAll([...ids, 'as-usual']);
  await leave(shell);
});

it('tasks of an execution are as urgent as it is, which lists say too', async () => {
  const helper = { command: agent('waits') };
  const skill = '{ id: work, agent: helper, brief: Work. }';
  const repository = newRepository({
    'pawl.yaml': `agents: ${JSON.stringify({ helper })}\nchecks: []\n`,
    '.pawl/loops/little.yaml': `loop: little\nphases:\n  - { id: only, skills: [${skill}] }\n`,
  });
  const call = { id: 'x_little-1', loop: 'little', project: repository, driver: 'engine' } as const;
  const id = ExecutionId.parse(call.id);
  const { code, err } = await rig.pawl([
    ...['execution', 'start', call.loop, '--project', repository, '--id', id, '--driver', 'engine'],
    ...['--priority', 'high'],
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(rig.api.startExecution({ ...call, id })).rejects.toMatchObject({ code: 'conflict' });
  const rows = async () => (await rig.api.list({ repository })).tasks;
  await expect
    .poll(rows, { timeout: 30_000 })
    .toMatchObject([{ execution: id, priority: 'high', status: 'in_progress' }]);
  expect(await rig.api.execution({ id })).toMatchObject({ priority: 'high' });
  expect((await rig.api.executions({ loop: LoopId.parse('little') })).executions).toMatchObject([
    { id, priority: 'high' },
  ]);
  expect((await rig.pawl(['execution', 'list'])).out).toContain(', high priority  ');
  expect((await rig.pawl(['execution', 'show', id])).out).toMatch(/^ {2}priority high$/m);
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'seen' } });
  for (const row of await rows()) await rig.until(row.id, closed);
});

it.each<[string, () => Promise<unknown>]>([
  ['stopped', () => rig.pawl(['down'])],
  ['killed', async () => process.kill(rig.endpoints.pid, 'SIGKILL')],
])(
  'after an engine that was %s they stand in the same order, by priority and then by arrival',
  async (how, end) => {
    const repository = newRepository();
    const named = [['first'], ['second'], ['third'], ['pressing', 'critical']] as const;
    const ids: string[] = [];
    for (const [name, priority] of named) {
      const id = await rig.run({
        ...{ id: `${name}-${how}`, repository, ...by('waits') },
        ...(priority !== undefined && { priority }),
      });
      ids.push(id);
      await rig.until(id, ({ attempts, waitingFor }) =>
        ids.length === 1 ? attempts.length === 1 : waitingFor !== undefined,
      );
    }
    const [first = '', second = '', third = '', pressing = ''] = ids;
    await waitsAt(third, 3);
    await rig.leave();
    await end();
    expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    rig = await attach(rig);
    for (const [at, id] of [first, second, third].entries()) await waitsAt(id, at + 1);
    expect((await rig.api.show({ id: pressing })).waitingFor).toBeUndefined();
    // What waited has tried nothing.
    const states = await Promise.all(ids.map((id) => rig.api.show({ id })));
    expect(states.map(({ attempts }) => attempts.map(({ reason }) => reason))).toEqual([
      ['first', 'resume'],
      ...[second, third, pressing].map(() => ['first']),
    ]);
    await cancelAll([third, second, first, pressing]);
  },
  180_000,
);
