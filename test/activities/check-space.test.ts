/** What checks see: the commit and what set-up made of it. Real git, real programs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/activities/check.ts';
import { openCheckSpace } from '../../src/activities/check-space.ts';
import type { AttemptLog } from '../../src/activities/ports/storage-port.ts';
import { readyBeside } from '../../src/activities/space-beside.ts';
import { PROTECTED } from '../../src/domain/protect.ts';
import type { AttemptInput } from '../../src/domain/steps.ts';
import { newWorld, put, scratchFolder, workOn } from '../adapters/scratch-repository.ts';
import { checkDeps } from './check-rig.ts';

/** Installs what the manifest says, and tells that it ran. */
const INSTALL = 'mkdir -p node_modules && cp package.json node_modules/installed && echo ran >> "$RUNS"';
const BASE = {
  'package.json': '{"dependencies":{"a":"1"}}\n',
  '.gitignore': 'node_modules/\nbuild/\n',
  'a.txt': 'a\n',
  'test/a.test.js': 'base\n',
};

function rig(base: Readonly<Record<string, string>> = BASE) {
  const world = newWorld(base);
  const runs = join(scratchFolder('runs'), 'runs');
  const deps = checkDeps(world);
  const setup = ['sh', '-c', INSTALL.replace('$RUNS', runs)];
  const { signal } = new AbortController();
  const shell = (name: string, script: string) => ({ name, run: ['sh', '-c', script] });
  return {
    ...world,
    deps,
    setup,
    at: join(world.places.checks, `${world.task.id}-check`),
    setUps: () => (existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').length - 1 : 0),
    work: (files: Readonly<Record<string, string>>) => workOn(world, world.task, files),
    check: async (
      work: { readonly baseCommit: string; readonly commit: string },
      script: string,
      how: { readonly setup?: string[] | null; readonly protect?: readonly string[] } = {},
    ) => {
      const { evidence, problem } = await runChecks(
        deps,
        {
          task: world.task,
          attempt: 1,
          ...{ baseCommit: work.baseCommit, commit: work.commit },
          checks: [shell('check', script)],
          protect: [...(how.protect ?? PROTECTED)],
          setup: how.setup === undefined ? setup : how.setup,
        },
        { signal },
      );
      return { problem, evidence: evidence.map(({ name, passed }) => `${name} ${passed}`), whole: evidence };
    },
    beside: async (baseCommit: string) => {
      const lines: string[] = [];
      const log = { write: ({ text }: { text: string }) => void lines.push(text) } as unknown as AttemptLog;
      const input = { task: world.task, baseCommit, agent: { name: 'none' }, checked: { setup } };
      await readyBeside(deps, input as unknown as AttemptInput, { signal }, log).ended();
      return lines;
    },
  };
}

describe('a check sees', () => {
  it('what set-up made, and nothing that the agent left beside its commit', async () => {
    const { work, check, workspaces, task } = rig();
    const made = await work({ 'a.txt': 'changed' });
    put(workspaces.pathOf(task), { 'node_modules/.bin/sh': '', 'build/x': 'x' });
    const script = 'test -f node_modules/installed && ! test -e node_modules/.bin && ! test -e build';
    expect(await check(made, script)).toMatchObject({ evidence: ['check true'] });
  });

  it('nothing that the checks of an attempt before have planted', async () => {
    const { work, check } = rig();
    const first = await work({ 'a.txt': 'one' });
    await check(
      first,
      'mkdir -p node_modules/.bin build && echo x > node_modules/.bin/x && echo y > build/y',
    );
    const second = await work({ 'a.txt': 'two' });
    expect(await check(second, '! test -e node_modules/.bin && ! test -e build')).toMatchObject({
      evidence: ['check true'],
    });
  });

  it('nothing that the first of two runs has planted for the second', async () => {
    const { work, check, setUps } = rig();
    const made = await work({ 'test/a.test.js': 'weaker' });
    // With the agent's test it plants what it finds with the base's.
    const script =
      'if grep -q weaker test/a.test.js; then echo x > node_modules/planted; echo y >> node_modules/installed; else test ! -e node_modules/planted && ! grep -q y node_modules/installed; fi';
    expect(await check(made, script)).toMatchObject({ evidence: ['check true', 'check true'] });
    expect(setUps()).toBe(2);
  });

  it('by name what is missing in it where it fails', async () => {
    const { work, check, workspaces, task } = rig();
    const made = await work({ 'a.txt': 'changed' });
    put(workspaces.pathOf(task), { 'node_modules/x': 'x' });
    const { whole } = await check(made, 'test -d node_modules', { setup: null });
    expect(whole[0]).toMatchObject({ passed: false, notInCommit: ['node_modules'] });
  });

  it('no change with a link that leads out of the repository', async () => {
    const { workspaces, check, task, deps } = rig();
    const { baseCommit, path } = await workspaces.prepare(task);
    await deps.programs.run(
      {
        command: ['ln', '-s', '/etc/hostname', 'out'],
        cwd: path,
        mark: deps.marks.ofStep(task.id, 'link'),
        timeoutMs: 10_000,
        mask: deps.variables.now({ variables: [], texts: [] }).mask,
      },
      new AbortController().signal,
    );
    const commit = (await workspaces.commit(task, 'link', 'k')) ?? '';
    const { problem, evidence } = await check({ baseCommit, commit }, 'true');
    expect(evidence).toEqual([]);
    expect(problem).toContain('out -> /etc/hostname');
  });
});

describe('set-up for checks', () => {
  it('runs beside the agent, and not again where the commit changes nothing that it reads', async () => {
    const { work, check, beside, setUps } = rig();
    const made = await work({ 'a.txt': 'changed' });
    expect(await beside(made.baseCommit)).toEqual([]);
    expect(setUps()).toBe(1);
    expect(await check(made, 'grep -q \'"a":"1"\' node_modules/installed')).toMatchObject({
      evidence: ['check true'],
    });
    expect(await beside(made.baseCommit)).toEqual([]);
    expect(setUps()).toBe(1);
  });

  it('runs again for another manifest, and once more for the second run where that has another one still', async () => {
    const { work, check, beside, setUps } = rig();
    const made = await work({ 'package.json': '{"dependencies":{"a":"2"}}\n' });
    await beside(made.baseCommit);
    const protect = ['package.json'];
    const script = 'cmp package.json node_modules/installed';
    expect(await check(made, script, { protect })).toMatchObject({ evidence: ['check true', 'check true'] });
    expect(setUps()).toBe(3);
  });

  it('runs again for each commit where it builds of the sources', async () => {
    const { work, check, beside } = rig();
    const setup = ['sh', '-c', 'mkdir -p build && cp a.txt build/a.txt'];
    const made = await work({ 'a.txt': 'changed' });
    await beside(made.baseCommit);
    expect(await check(made, 'cmp a.txt build/a.txt', { setup })).toMatchObject({ evidence: ['check true'] });
    const again = await work({ 'a.txt': 'changed again' });
    expect(await check(again, 'cmp a.txt build/a.txt', { setup })).toMatchObject({
      evidence: ['check true'],
    });
  });

  it('that fails on the base as well is nothing that an agent is paid for', async () => {
    const { work, check } = rig();
    const made = await work({ 'package.json': '{"dependencies":{"a":"2"}}\n' });
    const failing = check(made, 'true', { setup: ['sh', '-c', 'echo no network; exit 3'] });
    await expect(failing).rejects.toMatchObject({
      type: 'setup_failed',
      message: expect.stringContaining('on the base commit as well'),
    });
  });

  it('that fails is a failed check, which no program follows', async () => {
    const { work, check, setUps } = rig();
    const made = await work({ 'package.json': 'broken' });
    const setup = ['sh', '-c', 'grep -q dependencies package.json'];
    const { evidence, whole } = await check(made, 'true', { setup });
    expect(evidence).toEqual(['set-up false']);
    expect(whole[0]).toMatchObject({ exitCode: 1, command: setup });
    expect(setUps()).toBe(0);
  });

  it('is that of the base’s configuration where the step was not told', async () => {
    const base = { ...BASE, 'pawl.yaml': 'setup: touch node_modules_are_here\n' };
    const { deps, task, work } = rig(base);
    const { baseCommit, commit } = await work({ 'a.txt': 'changed' });
    const read = { ...deps, commits: deps.workspaces };
    await openCheckSpace(read, { owner: task, baseCommit, commit }, new AbortController().signal);
    const cwd = (await deps.checkSpaces.startOf(task)) ?? '';
    expect(existsSync(join(cwd, 'node_modules_are_here'))).toBe(true);
  });

  it('is cut off where the attempt is, and done again later', async () => {
    const { work, deps, task, check, setUps } = rig();
    const made = await work({ 'a.txt': 'changed' });
    const cut = new AbortController();
    const slow = {
      owner: task,
      commit: made.baseCommit,
      baseCommit: made.baseCommit,
      setup: ['sleep', '60'],
    };
    const opening = openCheckSpace({ ...deps, commits: deps.workspaces }, slow, cut.signal);
    cut.abort(new Error('cut off'));
    await expect(opening).rejects.toThrow('cut off');
    expect(await check(made, 'test -f node_modules/installed')).toMatchObject({ evidence: ['check true'] });
    expect(setUps()).toBe(1);
  });
});
