/** Loops through every edge of a real engine: the same answer to a script, over HTTP and on the command line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf } from '../../src/domain/operations.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { type EngineRig, lastDocument, startRig } from './rig.ts';

const LOOP = `loop: release
title: Release
phases:
  - id: only
    skills:
      - { id: notes, agent: auto, brief: Write the notes, guides: [write-notes] }
    gates:
      - { id: tested, kind: check, checks: [test] }
`;
const SKILL = '---\nname: write-notes\ndescription: How notes are written\n---\n';
const FILES = {
  '.pawl/loops/release.yaml': LOOP,
  '.pawl/skills/write-notes/SKILL.md': SKILL,
  'pawl.yaml': 'checks:\n  - { name: test, run: "true" }\n',
};

let rig: EngineRig;
let repository: string;
beforeAll(async () => {
  rig = await startRig();
  repository = newRepository(FILES);
  mkdirSync(join(rig.home, 'loops'));
  writeFileSync(
    join(rig.home, 'loops', 'release.yaml'),
    LOOP.replace(', guides: [write-notes]', '').replace('[test]', 'all'),
  );
});
afterAll(() => rig.close());

async function overHttp(method: string, path: string, body?: unknown, token = tokenOf(rig.home)) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${rig.endpoints.api}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
const onCommandLine = async (...args: readonly string[]) => {
  const { out, code } = await rig.pawl(['loops', ...args, '--json']);
  return { code, document: lastDocument(out) };
};

describe('the same answer through every edge', () => {
  it('list', async () => {
    const there = await rig.api.loops({ repository });
    expect(
      there.loops.map(({ loop, source, shadows, faults }) => [loop, source, shadows.length, faults]),
    ).toEqual([
      ['bugfix', 'built-in', 0, []],
      ['engineering', 'built-in', 0, []],
      ['feature', 'built-in', 0, []],
      ['release', 'repository', 1, []],
      ['review', 'built-in', 0, []],
    ]);
    expect(await overHttp('GET', `/api/loops?repository=${encodeURIComponent(repository)}`)).toEqual({
      status: 200,
      body: there,
    });
    expect(await onCommandLine('list', '--repo', repository)).toEqual({ code: 0, document: there });
    const without = await rig.api.loops({});
    expect(without.loops.find(({ loop }) => loop === 'release')).toMatchObject({ source: 'home' });
  });

  it('show', async () => {
    const there = await rig.api.loop({ loop: 'release', repository });
    expect(there).toMatchObject({
      source: 'repository',
      file: '.pawl/loops/release.yaml',
      guides: [{ name: 'write-notes', folder: '.pawl/skills/write-notes' }],
      plan: { loop: 'release', title: 'Release', agentRunsMost: 1 },
    });
    expect(await overHttp('GET', `/api/loops/release?repository=${encodeURIComponent(repository)}`)).toEqual({
      status: 200,
      body: there,
    });
    expect(await onCommandLine('show', 'release', '--repo', repository)).toEqual({
      code: 0,
      document: there,
    });
    const drawn = await rig.pawl(['loops', 'show', 'engineering']);
    expect(drawn).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^engineering {2}Engineering, from a wish[\s\S]*\nscaffold/),
    });
  });

  it('check', async () => {
    const faulty = LOOP.replace('agent: auto', 'agnet: auto').replace('[test]', '[tests]');
    const asked: InputOf<'checkLoop'> = { text: faulty, file: 'x.yaml' };
    const there = await rig.api.checkLoop(asked);
    expect(there).toMatchObject({
      valid: false,
      loop: 'release',
      faults: [6, 6].map((line) => ({ file: 'x.yaml', line })),
    });
    expect(await overHttp('POST', '/api/loops/check', asked)).toEqual({ status: 200, body: there });
    const folder = newRepository({ 'x.yaml': faulty });
    const onShell = await onCommandLine('check', join(folder, 'x.yaml'));
    expect(onShell).toMatchObject({
      code: 1,
      document: {
        valid: false,
        faults: [
          ...there.faults.map(({ line, path }) => ({ line, path })),
          // Beside a repository it is known which checks there are.
          { line: 8, message: expect.stringContaining('there is no check tests') },
        ],
      },
    });
    const good = join(repository, '.pawl/loops/release.yaml');
    expect(await onCommandLine('check', good, '--repo', repository)).toMatchObject({
      code: 0,
      document: { valid: true, loop: 'release' },
    });
  });

  it('of files that nobody has committed, with the checks of pawl.yaml beside them', async () => {
    const unborn = newRepository({ 'readme.md': 'x' });
    const files = {
      'a.yaml': 'loop: a\nphases:\n  - include: b\n',
      'b.yaml': LOOP.replace('loop: release', 'loop: b').replace(', guides: [write-notes]', ''),
    };
    for (const [name, text] of Object.entries(files)) put(unborn, { [`.pawl/loops/${name}`]: text });
    const file = join(unborn, '.pawl/loops/a.yaml');
    expect(await onCommandLine('check', file)).toMatchObject({
      code: 1,
      document: { faults: [{ message: expect.stringContaining('there is no check test') }] },
    });
    put(unborn, { 'pawl.yaml': FILES['pawl.yaml'] });
    expect(await onCommandLine('check', file)).toMatchObject({ code: 0, document: { valid: true } });
    expect(await onCommandLine('check', file, '--base', 'main')).toMatchObject({ code: 1 });
    const bare = scratchFolder('bare');
    userGit(bare, 'clone', '-q', '--bare', unborn, '.');
    const asked = { text: files['a.yaml'], repository: bare, uncommitted: true };
    await expect(rig.api.checkLoop(asked)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('has no working tree'),
    });
    await expect(rig.api.checkLoop({ ...asked, base: 'main' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('what pawl.yaml does not have is a fault where the repository is named', async () => {
    const text = LOOP.replace('[test]', '[tests]');
    expect((await rig.api.checkLoop({ text, repository })).faults).toMatchObject([
      {
        line: 8,
        path: 'phases[0].gates[0].checks',
        message: expect.stringContaining('there is no check tests: expected one of test'),
      },
    ]);
  });
});

describe('what cannot be answered', () => {
  it('a loop that is not there names those that are', async () => {
    const refused = {
      code: 'not_found',
      message: expect.stringContaining('expected one of bugfix, engineering, feature'),
    };
    await expect(rig.api.loop({ loop: 'gone' })).rejects.toMatchObject(refused);
    expect(await overHttp('GET', '/api/loops/gone')).toMatchObject({ status: 404, body: { error: refused } });
    expect(await onCommandLine('show', 'gone')).toMatchObject({ code: 2, document: { error: refused } });
  });

  it('a loop that nobody has committed yet', async () => {
    const unborn = newRepository({ 'readme.md': 'x' });
    put(unborn, { '.pawl/loops/mine.yaml': LOOP.replace('loop: release', 'loop: fresh') });
    const refused = {
      code: 'not_found',
      message:
        'there is no loop fresh in the base commit, and .pawl/loops/mine.yaml is one in the working tree: commit it, because loops are read from the base branch',
    };
    await expect(rig.api.loop({ loop: 'fresh', repository: unborn })).rejects.toMatchObject(refused);
    const start = { id: 'x_fresh', loop: 'fresh', project: unborn, inputs: {} };
    await expect(rig.api.startExecution(start)).rejects.toMatchObject(refused);
  });

  it('one that stands otherwise in the working tree is shown as committed, and that is said', async () => {
    const edited = newRepository(FILES);
    const asked = { loop: 'release', repository: edited };
    expect(await rig.api.loop(asked)).not.toHaveProperty('uncommitted');
    put(edited, { '.pawl/loops/release.yaml': LOOP.replace('title: Release', 'title: Other') });
    expect(await rig.api.loop(asked)).toMatchObject({
      plan: { title: 'Release' },
      uncommitted: '.pawl/loops/release.yaml',
    });
    const { err } = await rig.pawl(['loops', 'show', 'release', '--repo', edited]);
    expect(err).toContain(
      '.pawl/loops/release.yaml, or what is part of it, stands otherwise in the working tree: that counts once it is committed',
    );
    expect(await rig.api.loop({ ...asked, base: 'main' })).not.toHaveProperty('uncommitted');
  });

  it('one with faults tells all of them, and no other is shown in its place', async () => {
    const broken = newRepository({ '.pawl/loops/feature.yaml': 'loop: feature\nphases: []\nmore: 1\n' });
    await expect(rig.api.loop({ loop: 'feature', repository: broken })).rejects.toMatchObject({
      code: 'invalid_input',
      message:
        '.pawl/loops/feature.yaml:2 phases: expected at least one phase; .pawl/loops/feature.yaml:3 more: is not a known key',
      details: [{ line: 2 }, { line: 3 }],
    });
  });

  it.each([
    [{ base: 'main' }, 'invalid_input'],
    [{ repository: '/not/there' }, 'precondition'],
    [{ repository: 'relative' }, 'invalid_input'],
  ])('%j', async (where, code) => {
    await expect(rig.api.loops(where)).rejects.toMatchObject({ code });
  });

  it('whoever may only operate reads a repository after somebody who decides has run there', async () => {
    const { token } = await rig.api.createToken({ name: 'ci', scope: 'operate' });
    const path = `/api/loops?repository=${encodeURIComponent(repository)}`;
    expect(await overHttp('GET', path, undefined, token)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
    expect(await overHttp('GET', '/api/loops', undefined, token)).toMatchObject({ status: 200 });
    const { token: looks } = await rig.api.createToken({ name: 'looks', scope: 'read' });
    expect(await overHttp('GET', '/api/loops', undefined, looks)).toMatchObject({ status: 403 });
  });
});

it('a loop that is begun is found once it is committed', async () => {
  const own = newRepository();
  expect(await rig.pawl(['loops', 'new', 'mine', '--from', 'feature', '--repo', own])).toMatchObject({
    code: 0,
  });
  await expect(rig.api.loop({ loop: 'mine', repository: own })).rejects.toMatchObject({ code: 'not_found' });
  commitFiles(own, {});
  expect(await rig.api.loop({ loop: 'mine', repository: own })).toMatchObject({
    source: 'repository',
    plan: { loop: 'mine' },
  });
});
