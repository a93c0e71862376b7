/** A package of a monorepo: the folder in which a run was called, or that it names, is where its programs start. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFiles, newRepository, put, userGit } from '../adapters/scratch-repository.ts';
import { EDGES, type Edges, edgesOf, type Shell } from './edges.ts';
import { atGate, closed, type EngineRig, lastDocument, startRig } from './rig.ts';
import { engineSettings, leave, shellOfHome } from './shells.ts';

let rig: EngineRig;
let shell: Shell;
let edges: Edges;
let repository: string;
beforeAll(async () => {
  rig = await startRig(engineSettings());
  shell = await shellOfHome(rig);
  edges = edgesOf(rig, shell);
  repository = newRepository();
  symlinkSync('packages/api', join(repository, 'link'));
  commitFiles(repository, {
    'packages/api/here.txt': 'api\n',
    'packages/web/here.txt': 'web\n',
    // That of the top, wherever a run starts.
    'pawl.yaml': `
setup: sh -c 'pwd > set-up.txt'
checks: [{ name: here, run: [grep, api, here.txt] }]
agents: { works: { command: [sh, -c, 'cat here.txt > done.txt'] } }
`,
    'packages/api/pawl.yaml': 'checks: ["false"]\n',
  });
});
afterAll(async () => {
  await leave(shell);
  await rig.close();
});

const API = { dir: 'packages/api', status: 'awaiting_gate' };
const files = async (id: string) => {
  const { patch } = await rig.api.diff({ id });
  return [...patch.matchAll(/^diff --git a\/(\S+)/gm)].map(([, path]) => path);
};

async function done(id: string) {
  const state = await rig.until(id, atGate);
  expect(state).toMatchObject(API);
  expect(state.gates[0]).toMatchObject({ status: 'passed' });
  expect(await files(id)).toEqual(['packages/api/done.txt']);
  expect((await rig.api.list({ id: [state.id] })).tasks).toMatchObject([API]);
  await rig.api.cancel({ id: state.id });
}

describe('a folder', () => {
  it.each([
    ['is the one in which a run is called', 'packages/api', []],
    ['is the one that a run names', '.', ['--dir', 'packages/api']],
    ['that a run names wins', 'packages/web', ['--dir=./packages/api/']],
  ])('%s', async (_, folder, options) => {
    const args = ['run', 'Do it', '--agent', 'works', '--json', ...options];
    const told = await rig.pawl(args, { cwd: join(repository, folder) });
    expect(told).toMatchObject({ code: 3 });
    const { id } = Object(lastDocument(told.out).task);
    const shown = await rig.pawl(['show', id]);
    expect(shown.out).toContain('/packages/api · agent works');
    await done(id);
  });

  it('is none where a run names the top', async () => {
    const options = ['--dir', '.', '--check', 'test -f done.txt', '--setup', 'test -f a.txt'];
    const args = ['run', 'Do it', '--agent-command', "sh -c 'echo x > done.txt'", '--json', ...options];
    const told = await rig.pawl(args, { cwd: join(repository, 'packages/api') });
    const { id } = Object(lastDocument(told.out).task);
    const state = await rig.until(id, atGate);
    expect(state).not.toHaveProperty('dir');
    expect(await files(id)).toEqual(['done.txt']);
    await rig.api.cancel({ id });
  });

  it.each(EDGES)('is taken through %s', async (edge) => {
    const id = `by-${edge}`;
    const input = { id, requirement: 'Do it', repository, dir: 'packages/api', agent: { name: 'works' } };
    expect(await edges[edge]('run', input)).toHaveProperty('answer');
    await done(id);
  });

  it.each(EDGES)('that is not in the base is refused through %s, in words', async (edge) => {
    put(repository, { 'new/file.txt': 'not committed\n' });
    for (const [dir, words] of [
      ['nowhere', 'there is no folder "nowhere" on main'],
      ['new', 'there is no folder "new" on main'],
      ['a.txt', '"a.txt" is a file on main'],
      ['link', '"link" is a link on main'],
      ['link/x', 'there is no folder "link/x" on main'],
      [':(top)packages', 'there is no folder ":(top)packages" on main'],
    ] as const) {
      const input = { id: 'refused', requirement: 'Do it', repository, dir, agent: { name: 'works' } };
      expect(await edges[edge]('run', input)).toMatchObject({
        error: { code: 'precondition', message: expect.stringContaining(words) },
      });
    }
  });

  it('in which a run is called and that is not in the base is refused as well, with the way out', async () => {
    const cwd = join(repository, 'ignored', 'build');
    mkdirSync(cwd, { recursive: true });
    const told = await rig.pawl(['run', 'Do it', '--agent', 'works'], { cwd });
    expect(told).toMatchObject({
      code: 2,
      err: expect.stringContaining('no folder "ignored/build" on main'),
    });
    expect(told.err).toContain('(. is the top)');
  });
});

describe('a folder that an agent takes away', () => {
  const outside = () => join(rig.home, 'outside');
  it.each([
    [
      'and puts a link in its place',
      () => `cd ../..; rm -r packages/api; cp -r ${outside()} other; ln -s ../other packages/api`,
    ],
    ['altogether', () => 'cd ../..; rm -r packages/api'],
  ])('%s: checks do not start elsewhere, and the next attempt can mend it', async (_, takeAway) => {
    mkdirSync(outside(), { recursive: true });
    put(outside(), { 'here.txt': 'api\n' });
    const script = `if test -f here.txt; then ${takeAway()}; else rm -rf packages/api; mkdir -p packages/api; echo api > packages/api/here.txt; echo x > packages/api/new.txt; fi`;
    const id = await rig.run({
      repository: join(repository, 'packages', 'api'),
      // What set-up leaves there is put back with it.
      setup: ['true'],
      agent: { name: 'command', command: ['sh', '-c', script] },
    });
    const { attempts, gates } = await rig.until(id, atGate);
    expect(attempts.map(({ reason }) => reason)).toEqual(['first', 'fix']);
    expect(gates[0]?.evidence).toMatchObject([
      { passed: false, exitCode: 127, tail: expect.stringContaining('no folder "packages/api" any more') },
    ]);
    await rig.api.cancel({ id });
  });

  it('from the base meanwhile ends the task before its agent is paid', async () => {
    const id = await rig.run({
      repository,
      dir: 'packages/web',
      agent: { name: 'works' },
      setup: ['sleep', '3'],
      checks: [],
    });
    await rig.until(id, ({ status }) => status === 'awaiting_gate');
    await rig.api.cancel({ id });
    userGit(repository, 'rm', '-rq', 'packages/web');
    userGit(repository, 'commit', '-qm', 'no web');
    await rig.api.retry({ id });
    const { attempts, failure } = await rig.until(id, closed);
    expect(attempts).toEqual([]);
    expect(failure?.message).toContain('no folder "packages/web"');
  });
});
