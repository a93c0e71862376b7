/** `copy` and `--copy`: files that git ignores are there for set-up, agent and checks, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/client.ts';
import { commitFiles, newRepository, put, userGit } from '../adapters/scratch-repository.ts';
import { atGate, closed, type EngineRig, startRig } from './rig.ts';

const SECRETS = ['hunter2hunter2hunter2', 'second-secret-words'];
let rig: EngineRig;
let repository: string;
beforeAll(async () => {
  rig = await startRig();
  repository = newRepository();
  commitFiles(repository, {
    '.gitignore': '.env\n*.local\n',
    'pawl.yaml': `
copy: [.env]
setup: grep -q hunter2 .env
checks: [{ name: tells, run: [sh, -c, 'cat .env *.local; test -f work.txt'] }]
agents: { leaks: { command: [sh, -c, 'cat .env *.local; git add -f .env *.local; git -c user.name=a -c user.email=a@b commit -qm all; echo "note $(cat .env)" > .git/x; echo "$PAWL_TASK" > work.txt'] } }
`,
  });
  put(repository, { '.env': `KEY=${SECRETS[0]}\n`, 'my.local': `${SECRETS[1]}\n` });
});
afterAll(() => rig.close());

/** Every file of a folder, as text. */
const textOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

it('brings them along, and keeps them out of logs, evidence, history, change and merge', async () => {
  const args = ['run', 'Do it', '--repo', repository, '--agent', 'leaks', '--id', 'leaks'];
  const told = await rig.pawl([...args, '--copy', 'my.local', '--yes']);
  expect(told).toMatchObject({ code: 0 });
  const state = await rig.api.show({ id: 'leaks' });
  expect(state.notes[0]).toBe(`copied from ${repository}: .env, my.local`);
  expect(state.gates[0]?.evidence?.[0]?.tail).toContain('[hidden]');
  const { patch } = await rig.api.diff({ id: 'leaks' });
  expect([...patch.matchAll(/^diff --git a\/(\S+)/gm)].map(([, path]) => path)).toEqual(['work.txt']);
  const logs = await rig.pawl(['logs', 'leaks']);
  const history = JSON.stringify(historyToJSON(await rig.client.workflow.getHandle('leaks').fetchHistory()));
  const decoded = history.replaceAll(/"data":"([^"]*)"/g, (_, data) =>
    Buffer.from(data, 'base64').toString(),
  );
  const everywhere = {
    told: told.out + told.err,
    logs: logs.out + textOf(rig.places.attemptLogs),
    state: JSON.stringify(state),
    history: decoded,
    artifacts: textOf(rig.places.artifacts),
    pullRequests: textOf(rig.places.pullRequests),
    engine: readFileSync(rig.places.log, 'utf8'),
    branches: userGit(repository, 'log', '--all', '-p'),
  };
  for (const [where, text] of Object.entries(everywhere))
    for (const secret of SECRETS)
      expect({ where, has: text.includes(secret) }).toEqual({ where, has: false });
  expect(userGit(repository, 'branch', '--list', 'pawl/*')).toBe('');
  // The user's own are as they were, and the engine has none of it any more.
  expect(readFileSync(join(repository, '.env'), 'utf8')).toContain(SECRETS[0]);
  expect(readdirSync(rig.places.copied)).toEqual([]);
});

it('is refused before an agent is paid where one cannot be copied', async () => {
  const run = (...options: string[]) =>
    rig.pawl(['run', 'Do it', '--repo', repository, '--agent', 'leaks', '--id', 'refused', ...options]);
  for (const [path, words] of [
    ['not.local', 'it is not in'],
    ['a.txt', 'git tracks it on the base branch'],
    ['src', 'git tracks it on the base branch'],
  ] as const)
    expect(await run('--copy', path)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  put(repository, { 'plain.txt': 'not ignored\n' });
  const id = await rig.run({ repository, agent: { name: 'leaks' }, copy: ['plain.txt'] });
  const { attempts, failure } = await rig.until(id, closed);
  expect({ attempts, words: failure?.message }).toEqual({
    attempts: [],
    words: expect.stringContaining('git does not ignore it on main'),
  });
});

it('names no file for a token that may only operate, but has those of the repository', async () => {
  const { token } = await rig.api.createToken({ name: 'ci', scope: 'operate' });
  const ci = await connect({ PAWL_URL: rig.endpoints.api, PAWL_TOKEN: token });
  try {
    const run = { requirement: 'Do it', repository, agent: { name: 'leaks' } } as const;
    await rig.run({ ...run, id: 'opens' });
    await rig.api.cancel({ id: 'opens' });
    await expect(ci.run({ ...run, id: 'brings', copy: ['my.local'] })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/^copy: expected a token with the scope approve/),
    });
    await expect(ci.run({ ...run, id: 'brings', copy: [] })).rejects.toMatchObject({ code: 'forbidden' });
    await ci.run({ ...run, id: 'by-ci' });
    const { notes } = await rig.until('by-ci', atGate);
    expect(notes[0]).toBe(`copied from ${repository}: .env`);
    await rig.api.cancel({ id: 'by-ci' });
  } finally {
    await ci.close();
  }
});
