/** What agents of the engine go by in an execution: guides and `pawl.yaml` as they were when it began. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { commitFiles, newRepository, put, userGit } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** Writes down what it was told. */
const SCRIBE = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const { task } = JSON.parse(readFileSync(process.env.PAWL_TASK_FILE, 'utf8'));
  writeFileSync(task.requirement.match(/part (\\w+)/)[1] + '.txt', task.requirement);
`;
const guide = (name: string, text: string) =>
  `---\nname: ${name}\ndescription: How it is done.\n---\n${text}\n`;
const LOOP = `
loop: guided
phases:
  - id: p
    skills: [{ id: first, agent: scribe, brief: Do part first., guides: [own, ours] }]
    gates: [{ id: go, kind: approval }]
  - id: q
    skills: [{ id: second, agent: scribe, brief: Do part second., guides: [own, ours] }]
`;

it('the program of an agent is the one that pawl.yaml named then, whatever a skill has written there', {
  timeout: 60_000,
}, async () => {
  const project = newRepository();
  const taking =
    "require('fs').writeFileSync('pawl.yaml', 'agents: { scribe: { command: [touch, taken.txt] } }\\nsetup: touch set-up.txt\\n')";
  commitFiles(project, {
    'pawl.yaml': `agents:\n  scribe: { command: [node, -e, ${JSON.stringify(SCRIBE)}] }\n`,
    '.pawl/loops/taken.yaml': `
loop: taken
phases:
  - id: p
    skills:
      - { id: take, run: [node, -e, ${JSON.stringify(taking)}] }
      - { id: second, agent: scribe, brief: Do part second. }
`,
  });
  const id = 'x_taken-1';
  await rig.api.startExecution({ id, loop: 'taken', project, driver: 'engine' });
  await vi.waitFor(
    async () => expect((await rig.api.execution({ id })).status).toMatch(/completed|blocked|failed/),
    { timeout: 30_000 },
  );
  const files = userGit(project, 'ls-tree', '--name-only', `pawl/${id}`).split('\n');
  expect(files).toContain('second.txt');
  expect(files).not.toContain('taken.txt');
  expect(files).not.toContain('set-up.txt');
  expect(userGit(project, 'show', `pawl/${id}:pawl.yaml`)).toContain('taken.txt');
});

it('guides say the same to each skill, whatever becomes of their files meanwhile', {
  timeout: 60_000,
}, async () => {
  const project = newRepository();
  commitFiles(project, {
    'pawl.yaml': `agents:\n  scribe: { command: [node, -e, ${JSON.stringify(SCRIBE)}] }\n`,
    '.pawl/loops/guided.yaml': LOOP,
    '.pawl/skills/ours/SKILL.md': guide('ours', 'Our way: é and {{ not a reference }}.'),
    '.pawl/skills/ours/more.md': 'more',
  });
  put(rig.places.skills, { 'own/SKILL.md': guide('own', 'My own way.') });
  const id = 'x_guided-1';
  await rig.api.startExecution({ id, loop: 'guided', project, driver: 'engine' });
  const until = (when: (state: ExecutionState) => boolean) =>
    vi.waitFor(async () => expect(when(await rig.api.execution({ id }))).toBe(true), { timeout: 20_000 });
  await until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
  writeFileSync(join(rig.places.skills, 'own/SKILL.md'), guide('own', 'Another way.'));
  await rig.api.decideGate({ id, gate: 'go', decision: 'approve' });
  await until(({ status }) => status === 'completed');
  const told = (name: string) => userGit(project, 'show', `pawl/${id}:${name}.txt`);
  for (const name of ['first', 'second']) {
    expect(told(name)).toContain('My own way.');
    expect(told(name)).toContain('Our way: é and {{ not a reference }}.');
    expect(told(name)).toContain('its other files are in .pawl/skills/ours');
    expect(told(name)).not.toContain('Another way.');
  }
});
