/** The engine looks at a project itself before a report counts or a gate passes: real engine, real repository, real programs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { argumentsOf } from '../../src/adapters/programs/processes.ts';
import { commitFiles, newRepository, put } from '../adapters/scratch-repository.ts';
import { attach, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.close();
});

const LOOP = `
loop: documented
title: Write it down
phases:
  - id: write
    skills:
      - id: plan
        manual: true
        guarantees:
          - { id: plan-there, deliverable: 'docs/**', changed: true }
          - { id: risks, content: docs/plan.md, sections: [Risks] }
          - { id: length, quality: lines, run: [sh, -c, 'wc -l < docs/plan.md'], is: '>= 3' }
          - { id: clean, git: worktree_clean }
    gates:
      - { id: checks, kind: check, checks: all }
`;
const FILES = {
  'pawl.yaml':
    'setup: [sh, -c, mkdir -p node_modules]\nchecks:\n  - { name: set-up, run: [test, -d, node_modules] }\n',
  '.gitignore': 'node_modules/\n',
  '.pawl/loops/documented.yaml': LOOP,
  'a.txt': 'a\n',
};

it('refuses a report that the project does not bear out, and goes on with one that it does', async () => {
  const project = newRepository(FILES);
  const id = 'x_documented';
  await rig.api.startExecution({ id, loop: 'documented', project, inputs: {}, autonomy: 'full' });
  put(project, { 'docs/plan.md': '# Plan\n' });
  await rig.api.completeSkill({ id, skill: 'plan', summary: 'done, trust me' });
  const refused = await until(id, ({ blockedBy }) => blockedBy !== undefined);
  expect(refused).toMatchObject({ status: 'blocked' });
  expect(refused.blockedBy).toContain('expected at least 1 file added or changed in docs/**, found none');
  expect(refused.blockedBy).toContain('found docs/');
  commitFiles(project, { 'docs/plan.md': '# Plan\n\n## Risks\nnone\n' });
  await rig.api.completeSkill({ id, skill: 'plan', summary: 'written' });
  const ended = await until(id, ({ status }) => status === 'completed');
  expect(ended.phases[0]).toMatchObject({
    skills: [{ state: 'completed' }],
    gates: [{ status: 'approved', by: 'pawl' }],
  });
  const spaces = join(rig.home, 'checks');
  await vi.waitFor(() => expect(readdirSync(spaces)).toEqual([]), { timeout: 10_000 });
  expect(readdirSync(project).sort()).toEqual(['.git', '.gitignore', '.pawl', 'a.txt', 'docs', 'pawl.yaml']);
});

it('looks again where the engine was killed while it looked, and leaves no program of the first look', async () => {
  const marker = join(rig.home, 'hangs');
  const hang = `echo $$ >> "${marker}"; if test "$(wc -l < "${marker}")" -lt 2; then sleep 600; fi; echo 5`;
  const loop = LOOP.replace('wc -l < docs/plan.md', () => hang);
  const project = newRepository({ ...FILES, '.pawl/loops/documented.yaml': loop });
  const id = 'x_killed';
  await rig.api.startExecution({ id, loop: 'documented', project, inputs: {}, autonomy: 'full' });
  commitFiles(project, { 'docs/plan.md': '## Risks\n' });
  await rig.api.completeSkill({ id, skill: 'plan', summary: 'written' });
  await vi.waitFor(() => expect(existsSync(marker)).toBe(true), { timeout: 20_000 });
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await rig.leave();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  expect(await until(id, ({ status }) => status === 'completed')).toMatchObject({ status: 'completed' });
  const [first, second, ...more] = readFileSync(marker, 'utf8').trim().split('\n').map(Number);
  expect(more).toEqual([]);
  // Another process may have the number by now.
  for (const pid of [first, second]) expect(argumentsOf(pid ?? 0).join(' ')).not.toContain(marker);
});

type State = Awaited<ReturnType<EngineRig['api']['execution']>>;

async function until(id: string, is: (state: State) => boolean): Promise<State> {
  for (;;) {
    const state = await rig.api.execution({ id } as never);
    if (is(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
