/** What else there is to be seen than `playScene` has: work under way, a wish, trouble, an execution in each of its states. */
import { newRepository } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, check, closed, type EngineRig } from '../e2e/rig.ts';
import { untilExecution } from '../e2e/until-execution.ts';
import { inline } from './scene.ts';

const WORKS = `
  for (let n = 1; n <= 12; n += 1) console.log('ok ' + n + ' of 64');
  setInterval(() => {}, 1000);`;
const WISH = 'curl -fsS https://example.org/data.json -o src/a-rather-long-name-of-a-file-to-be-fetched.json';

const DRIVEN = `
loop: measure
title: Measure it
inputs: { goal: { type: string, required: true } }
budget: { attempts: 1, usd: 2, wall: 1h }
phases:
  - id: build
    title: Build it
    skills:
      - { id: build, title: Write the measure, agent: builder, brief: 'Write {{ inputs.goal }}.', guarantees: [{ id: changed, deliverable: measure.js, changed: true }] }
      - { id: look, title: Look at it, run: [node, -e, 'process.exit(3)'], writes: none }
    gates: [{ id: reviewed, kind: approval, title: Is it right? }]
`;
const BUILDER = `require('node:fs').writeFileSync('measure.js', 'exports.measure = 1;\\n');`;
const BY_HAND = `
loop: write
title: Write the guide
phases:
  - id: write
    skills:
      - { id: guide, title: Write it, manual: true, guarantees: [{ id: written, deliverable: docs/guide.md, changed: true }] }
    gates: [{ id: read, kind: approval, title: Does it read well? }]
`;

/** The pages of it, by their addresses. */
export async function playMore(rig: EngineRig): Promise<readonly string[]> {
  const tasks = [...(await playTasks(rig)), '/tasks/nothing-is-here', '/executions/x_nothing-is-here'];
  return [...tasks, ...(await playExecutions(rig)), '/nothing/is/here'];
}

async function playTasks({ run, until, api }: EngineRig): Promise<readonly string[]> {
  const repository = newRepository({ 'a.txt': 'one\n', 'pawl.yaml': 'checks: []\n' });
  const checks = [check('process.exit(0)', 'npm test')];
  const working = await run({ repository, requirement: 'Export orders as CSV', ...inline(WORKS) });
  const wish = await run({
    ...{ repository, requirement: 'Fetch the data', checks },
    agent: { name: 'acp', command: agent('asks-permission', WISH) },
  });
  const stuck = await run({ repository, requirement: 'Connect the database', checks, ...by('blocked') });
  const broken = await run({
    ...{ repository, requirement: 'Round prices half up, as the invoice does' },
    ...by('writes', 'a.txt', 'two'),
    checks: [check('console.error("expected 11.06, got 11.05"); process.exit(1)', 'npm test')],
  });
  await api.create({ id: 'put-away', title: 'A report of last week' });
  await api.complete({ id: 'put-away', summary: 'Reported', detail: '# Report\n\nAll is well.\n' });
  await api.archive({ id: 'put-away' });
  await until(working, ({ attempts }) => attempts.length > 0);
  for (const id of [wish, stuck]) await until(id, atGate);
  await until(broken, closed);
  const asking = [wish, stuck].map((id) => `/tasks/${id}/decision`);
  return [...[working, wish, stuck, broken].map((id) => `/tasks/${id}`), ...asking];
}

async function playExecutions(rig: EngineRig): Promise<readonly string[]> {
  const { api } = rig;
  const project = newRepository({
    'pawl.yaml': `checks: []\nagents:\n  builder: { command: [node, -e, ${JSON.stringify(BUILDER)}] }\n`,
    '.pawl/loops/measure.yaml': DRIVEN,
    '.pawl/loops/write.yaml': BY_HAND,
  });
  const start = (id: string, loop: string, more = {}) => api.startExecution({ id, loop, project, ...more });
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  for (const id of ['x_asks', 'x_paused', 'x_aborted']) {
    await start(id, 'bugfix', { inputs: { report: 'It fails on Mondays' } });
    await api.completeSkill({ id, skill: 'bug-reproducer', outputs });
  }
  await api.updateExecution({ id: 'x_paused', status: 'paused' });
  await api.steerExecution({ id: 'x_aborted', steer: { act: 'abort', reason: 'It was a typing error' } });
  await start('x_refused', 'write');
  await api.completeSkill({ id: 'x_refused', skill: 'guide', summary: 'It is in the wiki' });
  await start('x_driven', 'measure', { inputs: { goal: 'a measure' }, driver: 'engine' });
  await start('x_done', 'write');
  await api.completeSkill({ id: 'x_done', skill: 'guide', summary: 'It is in the wiki' });
  for (const id of ['x_refused', 'x_driven', 'x_done'])
    await untilExecution(rig, id, ({ blockedBy }) => blockedBy !== undefined);
  await api.steerExecution({
    id: 'x_done',
    steer: {
      ...{ act: 'resolve', skill: 'guide', guarantee: 'written' },
      ...{ type: 'satisfied_alternatively', evidence: 'It is in the wiki' },
    },
  });
  await untilExecution(rig, 'x_done', ({ phases }) => phases[0]?.gates[0]?.status === 'open');
  await api.decideGate({ id: 'x_done', gate: 'read', decision: 'approve' });
  await untilExecution(rig, 'x_done', ({ endedAt }) => endedAt !== undefined);
  return ['x_asks', 'x_paused', 'x_aborted', 'x_refused', 'x_driven', 'x_done'].map(
    (id) => `/executions/${id}`,
  );
}
