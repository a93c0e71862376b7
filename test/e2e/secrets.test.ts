/** What an agent was given by name is found in nothing that Pawl keeps or tells, and `$PAWL_HOME/.env` is a way to give it. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, closed, type EngineRig, startRig } from './rig.ts';

/** No name says that these are secrets. */
const OF_ENGINE = 'open sesame/+"now"';
const OF_FILE = 'tr0ub4dor&3 🚲 of the file';
const NEVER_NAMED = 'nobody-is-given-this-one';
const leaky = (ending: string) => ({
  command: agent('leaks', ending, 'WORDS', 'MORE_WORDS'),
  env: ['WORDS', 'MORE_WORDS'],
});
const printsFile = [
  process.execPath,
  '-e',
  "console.log(require('node:fs').readFileSync('told.txt', 'utf8'))",
];
const CONFIGURATION = JSON.stringify({
  checks: [{ name: 'prints', run: printsFile }],
  agents: { leaky: leaky('ends'), failing: leaky('fails') },
});

let rig: EngineRig;
let repository: string;
const envFile = () => join(rig.home, '.env');
const write = (text: string, mode = 0o600) => {
  rmSync(envFile(), { recursive: true, force: true });
  writeFileSync(envFile(), text, { mode });
};

beforeAll(async () => {
  repository = newRepository({ 'pawl.yaml': CONFIGURATION });
  rig = await startRig({ WORDS: OF_ENGINE, PAWL_AGENTS_PER_REPOSITORY: '1' });
});
afterAll(() => rig.close());

/** Its change stays out of the base, which the next task starts from. */
async function cancel(id: string): Promise<void> {
  await rig.api.cancel({ id });
  await rig.until(id, closed);
}

/** Everything that is kept below a folder, but what an agent itself has written into its change. */
function kept(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}

/** All events of a task, with what their payloads say. */
async function historyOf(id: string): Promise<string> {
  const history = await rig.client.workflow.getHandle(id).fetchHistory();
  const said: string[] = [];
  JSON.stringify(history, (name, value) => {
    if (typeof value === 'string')
      said.push(name === 'data' ? Buffer.from(value, 'base64').toString('utf8') : value);
    return value;
  });
  return said.join('\n');
}

const waysOf = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
];

it('is masked in logs, reports, evidence, commits, pull requests and history, and reaches the agent', async () => {
  write(`MORE_WORDS='${OF_FILE}'\nWORDS=the engine has its own\n`);
  const id = await rig.run({ repository, agent: { name: 'leaky' } });
  const state = await rig.until(id, atGate);
  expect(userGit(repository, 'show', `pawl/${id}:told.txt`)).toBe(`${OF_ENGINE}\n${OF_FILE}`);
  expect(state.attempts[0]?.summary).toBe('used [hidden] and [hidden]');
  expect(JSON.stringify(state.gates)).toContain('"tail":"[hidden]\\n[hidden]\\n"');
  const { lines } = await rig.api.logs({ id, offset: 0 });
  expect(lines.map(({ text }) => text)).toContain('in two [hidden]');
  const history = await historyOf(id);
  expect(history).toContain('used [hidden] and [hidden]');
  const told = [
    JSON.stringify([lines, state]),
    history,
    userGit(repository, 'log', '--format=%B', `pawl/${id}`),
    ...['logs', 'pull-requests', 'journal'].map((name) => kept(join(rig.home, name))),
  ].join('\n');
  expect([...waysOf(OF_ENGINE), ...waysOf(OF_FILE)].filter((way) => told.includes(way))).toEqual([]);
  for (const part of ['sesame', 'tr0ub4dor']) expect(told).not.toContain(part);
  await cancel(id);
});

it('is masked in the words and the output of a failure', async () => {
  write(`MORE_WORDS='${OF_FILE}'\n`);
  const id = await rig.run({ repository, agent: { name: 'failing' }, policy: { attemptsMax: 1 } });
  const state = await rig.until(id, closed);
  expect(state.attempts[0]?.failure?.message).toMatch(/exited with 3; last line: .*\[hidden\] \[hidden\]/);
  const history = await historyOf(id);
  expect(history).toContain('the last words are [hidden] [hidden]');
  for (const part of ['sesame', 'tr0ub4dor']) expect(JSON.stringify(state) + history).not.toContain(part);
});

it('is masked where it was changed while the attempt waited for a free agent', async () => {
  write('MORE_WORDS=what it was before\n');
  const atWork = await rig.run({ repository, ...by('waits') });
  await rig.until(atWork, ({ attempts, waitingFor }) => attempts.length > 0 && waitingFor === undefined);
  const id = await rig.run({
    requirement: 'Use what-becomes-a-secret',
    repository,
    agent: { name: 'leaky' },
  });
  await rig.until(id, ({ waitingFor }) => waitingFor?.startsWith('a free agent') === true);
  write(`MORE_WORDS='${OF_FILE}'\nTITLE=what-becomes-a-secret\n`);
  await cancel(atWork);
  const state = await rig.until(id, atGate);
  expect(userGit(repository, 'show', `pawl/${id}:told.txt`)).toContain(OF_FILE);
  expect(state.attempts[0]?.summary).toBe('used [hidden] and [hidden]');
  const log = JSON.stringify(await rig.api.logs({ id, offset: 0 }));
  const message = userGit(repository, 'log', '--format=%B', `pawl/${id}`);
  const told = [log, await historyOf(id), message].join('\n');
  expect(message).toContain('Use [hidden]\n');
  expect(kept(join(rig.home, 'pull-requests'))).toContain('"Use [hidden]"');
  expect(message + kept(join(rig.home, 'pull-requests'))).not.toContain('what-becomes-a-secret');
  expect(log).toContain('waits for a free agent');
  expect(told).not.toContain('tr0ub4dor');
  await cancel(id);
});

it('is masked in a title, which commits show, whoever has it', async () => {
  write(`MORE_WORDS='${OF_FILE}'\nOTHER=${NEVER_NAMED}\n`);
  const requirement = `Use ${OF_ENGINE}, ${OF_FILE} and ${NEVER_NAMED}`;
  const id = await rig.run({ requirement, repository, agent: { name: 'leaky' } });
  const state = await rig.until(id, atGate);
  expect(state).toMatchObject({ title: 'Use [hidden], [hidden] and [hidden]', description: requirement });
  await cancel(id);
});

it('is masked in what a client reports, though not in what it asks for', async () => {
  write(`MORE_WORDS='${OF_FILE}'\n`);
  await rig.api.create({ id: 'reported', title: `Report ${OF_FILE}`, description: `with ${OF_FILE}` });
  expect(await rig.api.show({ id: 'reported' })).toMatchObject({
    title: 'Report [hidden]',
    description: `with ${OF_FILE}`,
  });
  await rig.api.update({
    id: 'reported',
    title: `Now ${OF_FILE}`,
    description: `now with ${OF_FILE}`,
    context: { [OF_FILE]: { [OF_FILE]: [OF_FILE] } },
    note: `tried ${OF_FILE}`,
  });
  await rig.api.complete({
    id: 'reported',
    summary: `used ${encodeURIComponent(OF_FILE)}`,
    detail: `all of ${OF_FILE}`,
  });
  const state = await rig.api.show({ id: 'reported' });
  expect(state).toMatchObject({
    title: 'Now [hidden]',
    description: 'now with [hidden]',
    context: { '[hidden]': { '[hidden]': ['[hidden]'] } },
    summary: 'used [hidden]',
  });
  expect(JSON.stringify(state.notes)).toContain('tried [hidden]');
  expect(kept(join(rig.home, 'artifacts'))).toContain('all of [hidden]');
});

it('a file that cannot be understood is told by the operation, by vitals and by an attempt', async () => {
  const words = /\.env: line 1: expected NAME=value/;
  write('MORE_WORDS open sesame\n');
  const run = ['run', 'Do it', '--id', 'refused', '--repo', repository, '--agent', 'leaky'];
  const told = await rig.pawl(run);
  expect(told).toMatchObject({ code: 2, err: expect.stringMatching(words) });
  expect(told.err).not.toContain('sesame');
  expect((await rig.pawl(['vitals'])).out).toMatch(words);
  rmSync(envFile());
  mkdirSync(envFile());
  expect((await rig.pawl(run)).err).toContain('.env: expected a file');
  write('');
  // The set-up breaks it, so the attempt finds it broken; once it is corrected the task goes on.
  const breaks = `require('node:fs').writeFileSync(${JSON.stringify(envFile())}, 'MORE_WORDS open sesame')`;
  const setup = [process.execPath, '-e', breaks];
  const id = await rig.run({ repository, agent: { name: 'leaky' }, setup });
  const stuck = await rig.until(id, atGate);
  expect(stuck.attempts[0]).toMatchObject({
    outcome: 'failed',
    failure: { class: 'auth', message: expect.stringMatching(words) },
  });
  write(`MORE_WORDS='${OF_FILE}'\n`);
  await rig.api.approve({ id, gate: 'escalation', by: 'ann' });
  const state = await rig.until(id, (now) => atGate(now) && now.attempts.length > 1);
  expect(state.attempts.at(-1)?.summary).toBe('used [hidden] and [hidden]');
  await cancel(id);
});

it('a file that others may read is used, with a warning', async () => {
  write('MORE_WORDS=whatever\n');
  chmodSync(envFile(), 0o640);
  expect((await rig.pawl(['vitals'])).out).toMatch(
    /warning: .*\.env is open to other users \(mode 640\): run `chmod 600/,
  );
});
