/**
 * Bad input through the real CLI: each is one line that says what to do next, has the right exit code, and leaves
 * nothing half-made behind: no task, no branch, no file in the home.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { by, createRig, type EngineRig, startRig, type Told } from './rig.ts';

const WITHOUT_CREDENTIALS = Object.fromEntries(
  ['ANTHROPIC', 'OPENAI', 'CODEX', 'GEMINI', 'GOOGLE', 'OPENROUTER'].map((name) => [`${name}_API_KEY`, '']),
);

let rig: EngineRig;
const repository = newRepository();
beforeAll(async () => {
  // Whatever agents this machine has, none of them can work here.
  rig = await startRig({ ...WITHOUT_CREDENTIALS, HOME: scratchFolder('home') });
  await rig.api.create({ id: 'closed', title: 'Closed' });
  await rig.api.complete({ id: 'closed', summary: 'done' });
  await rig.api.create({ id: 'begun', title: 'Begun' });
  await rig.api.update({ id: 'begun', status: 'in_progress' });
  // Counts lag behind a little.
  const counted = async () => expect((await rig.client.workflow.count()).count).toBe(2);
  await vi.waitFor(counted, { timeout: 30_000 });
});
afterAll(() => rig.close());

const folder = scratchFolder('no-repository');
const empty = scratchFolder('empty');
userGit(empty, 'init', '-q', '-b', 'main');
const withYaml = (text: string) => newRepository({ 'pawl.yaml': text });
const brokenYaml = withYaml('checks:\n  - npm test\n  - 5\nagents:\n  two words:\n    command: x\nfoo: 1\n');
const noYaml = withYaml('checks: [\n');

/** What there is: files of the home but for databases and logs, branches and pull requests, tasks. */
async function everything() {
  const files = readdirSync(rig.home, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\.(db|log)(-\w+)?$|\.lock|^call-errors/.test(path))
    .sort();
  const refs = [repository, empty, brokenYaml, noYaml].map((one) => userGit(one, 'for-each-ref'));
  const { count } = await rig.client.workflow.count();
  return { files, refs, count };
}

function expectOneLine({ err }: Told, ...words: readonly string[]) {
  const [line = '', ...more] = err.split('\n');
  expect(line).toMatch(/^pawl: /);
  // Wrong use may add, in brackets, what was meant perhaps and how to get help.
  expect(more.filter((one) => !/^\(.*\)$/.test(one))).toEqual([]);
  for (const word of words) expect(line).toContain(word);
  expect(err).not.toMatch(/ at .*:\d+|node_modules|Error:/);
}

const works = ['--agent-command', 'true'];
interface Row {
  readonly what: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly says: readonly string[];
}
const run = (what: string, args: readonly string[], ...says: string[]): Row => ({
  what,
  args: ['run', 'Do it', ...args],
  code: 2,
  says,
});
const tell = (what: string, code: number, args: readonly string[], ...says: string[]): Row => ({
  what,
  args,
  code,
  says,
});

const ROWS: readonly Row[] = [
  run('a folder that is no repository', ['--repo', folder, ...works], 'not a git repository', 'git init'),
  run('a folder that is not there', ['--repo', join(folder, 'gone'), ...works], 'does not exist', 'name the'),
  run('a repository without commits', ['--repo', empty, ...works], 'no commits', 'commit something first'),
  run('an unknown base', ['--repo', repository, '--base', 'mian', ...works], '"mian"', 'such as main'),
  run('a base that looks like an option', ['--repo', repository, '--base=--all', ...works], '"--all"'),
  run('an unknown agent', ['--repo', repository, '--agent', 'smith'], 'unknown agent smith', 'pawl.yaml'),
  run('no agent at all', ['--repo', repository], 'no agent can run here', '--agent-command'),
  run(
    'a missing agent program',
    ['--repo', repository, '--agent-command', 'no-such-program'],
    'not found',
    'install',
  ),
  run(
    'a missing check program',
    ['--repo', repository, ...works, '--check', 'no-such-program'],
    'not found',
    'install',
  ),
  run(
    'a pawl.yaml with three problems',
    ['--repo', brokenYaml, ...works],
    'line 3, checks[1].run',
    'line 5, agents.two words',
    'line 7, foo',
  ),
  run('a pawl.yaml that is no YAML', ['--repo', noYaml, ...works], 'pawl.yaml is not valid: line 2'),
  run('a command with a shell operator', ['--repo', repository, '--agent-command', 'a && b'], '&&'),
  run('a bad id', ['--repo', repository, ...works, '--id', 'Not An Id'], 'lower-case'),
  tell('an empty requirement', 2, ['run', ' ', '--repo', repository, ...works], 'requirement', 'in words'),
  tell('a requirement like a flag', 2, ['run', '--force-it', '--repo', repository], '--force-it'),
  tell('an unknown command', 2, ['runn', 'x'], 'runn'),
  tell('an unknown task', 2, ['show', 'nobody'], 'no task nobody', 'pawl list'),
  tell('the logs of an unknown task', 2, ['logs', 'nobody'], 'no task nobody'),
  tell('a diff where there is none', 2, ['diff', 'begun'], 'no pull request'),
  tell('an update of a closed task', 1, ['update', 'closed', '--note', 'x'], 'task closed is completed'),
  tell('an approval of a closed task', 1, ['approve', 'closed'], 'task closed is completed'),
  tell('a cancel of a closed task', 1, ['cancel', 'closed'], 'task closed is completed'),
  tell('a retry of a completed task', 1, ['retry', 'closed'], 'only a failed or cancelled'),
  tell('a retry of a task that goes on', 1, ['retry', 'begun'], 'it is not over'),
  tell('an illegal transition', 1, ['update', 'begun', '--status', 'pending'], 'in_progress', 'got pending'),
  tell('an approval without a gate', 1, ['approve', 'begun'], 'no gate is open'),
  tell('another task of the same id', 1, ['create', 'Other', '--id', 'begun'], 'choose another id'),
];

describe('told in one line', () => {
  it.each(ROWS)('$what', async ({ args, code, says }) => {
    const before = await everything();
    const told = await rig.pawl(args);
    expect(told).toMatchObject({ code, out: '' });
    expectOneLine(told, ...says);
    expect(await everything()).toEqual(before);
  });

  it('as one JSON document where JSON is asked for', async () => {
    const told = await rig.pawl(['show', 'nobody', '--json']);
    expect(told.code).toBe(2);
    expect(JSON.parse(told.out)).toEqual({
      error: { code: 'not_found', message: expect.stringContaining('nobody') },
    });
    expectOneLine(told);
  });

  it('a program that only the workspace can show to be missing', async () => {
    const id = await rig.run({
      repository,
      ...by('writes', 'new.txt', 'new'),
      checks: [{ name: 'gone', run: ['./bin/gone'] }],
    });
    const outcome = rig.client.workflow.getHandle(id).result();
    await expect(outcome).rejects.toMatchObject({
      cause: { type: 'check_failed', message: expect.stringContaining('gone exited with 127') },
    });
    // The agent may make it, and is asked to.
    const { attempts, notes, gates } = await rig.api.show({ id });
    expect(attempts.map(({ reason }) => reason)).toEqual(['first', 'fix']);
    expect(notes.join()).toContain('./bin/gone');
    expect(gates[0]?.evidence?.[0]?.tail).toContain('./bin/gone');
  });
});

describe('an engine that cannot start', () => {
  it('names the process that has the port, and --port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const other = createRig();
    try {
      for (const args of [['up'], ['up', '-d']]) {
        const told = await other.pawl([...args, '--port', port]);
        expect(told.code).toBe(1);
        expect(told.err).toContain(`(pid ${process.pid})`);
        expect(told.err).toContain('--port');
        expect(told.err).not.toMatch(/ at .*:\d+/);
        expect(existsSync(other.places.endpoints)).toBe(false);
      }
    } finally {
      server.close();
      await other.close();
    }
  });

  it.each([['up'], ['up', '-d'], ['list']])(
    'says so when a file is in the place of its home: %s',
    async (...args) => {
      const home = join(scratchFolder('file'), 'home');
      writeFileSync(home, 'a file');
      const told = await rig.pawl(args, { env: { PAWL_HOME: home } });
      expect(told).toMatchObject({ code: 2, out: '' });
      expectOneLine(told, home, 'is not a folder', 'PAWL_HOME');
    },
  );

  it('says who runs already', async () => {
    const told = await rig.pawl(['up']);
    expect(told.code).toBe(1);
    expectOneLine(told, `pid ${rig.endpoints.pid}`, 'pawl down');
  });

  it('lists every setting that is wrong', async () => {
    const told = await rig.pawl(['up'], { env: { PAWL_PORT: 'http', PAWL_AGENTS_PER_HOST: '0' } });
    expect(told.code).toBe(2);
    expectOneLine(told, 'PAWL_PORT', 'PAWL_AGENTS_PER_HOST');
  });
});

describe('a requirement from stdin', () => {
  it('only up to a bound, and only as text', async () => {
    const before = await everything();
    const args = ['run', '-', '--repo', repository, ...works];
    const tooMuch = await rig.pawl(args, { input: 'x'.repeat(17 * 1024 * 1024) });
    expect(tooMuch).toMatchObject({ code: 2 });
    expectOneLine(tooMuch, 'bytes');
    const nothing = await rig.pawl(args, { input: '' });
    expect(nothing).toMatchObject({ code: 2 });
    expectOneLine(nothing, 'stdin');
    expect(await everything()).toEqual(before);
  });
});
