/** The agent `command` with real programs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentEvent, AgentRequest } from '../../../../src/activities/ports/agent-port.ts';
import { createCommandAgent } from '../../../../src/adapters/agents/command/agent.ts';
import { createAgents } from '../../../../src/adapters/agents/registry.ts';
import { createMask } from '../../../../src/domain/mask.ts';
import { testAgent } from '../../../conformance/agent.ts';
import type { AgentBehaviour, AgentUnderTest } from '../../../conformance/agent-run.ts';
import { newFolder } from '../../../conformance/folders.ts';
import { ownMark } from '../../../own-mark.ts';

const PROGRAMS = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'agents');
const environment = process.env;
const agent = createCommandAgent({ environment });
const choiceFor = (behaviour: AgentBehaviour) => ({
  name: 'command',
  command: [process.execPath, join(PROGRAMS, `${behaviour}.mjs`)],
});
const under: AgentUnderTest = {
  agent,
  choiceFor,
  missing: { name: 'command', command: ['no-such-program-of-anybody', '--fix'] },
  requirementIn: (workspace) => {
    const { task } = JSON.parse(readFileSync(join(workspace, 'stdin.json'), 'utf8'));
    return task.requirement;
  },
  variables: ['PAWL_TASK_FILE'],
};

describe('conformance', () => testAgent(() => under));

function requestOf(changes: Partial<AgentRequest> = {}): AgentRequest {
  return {
    choice: choiceFor('echoes-task'),
    task: { id: 'some-task', title: 'Some task', requirement: 'Do it' },
    attempt: { number: 1, token: 'attempt-token-1', reason: 'first' },
    mark: ownMark('some-task/attempt-1'),
    workspace: newFolder(),
    scratch: join(newFolder(), 'of', 'its', 'own'),
    environment,
    mask: createMask(['attempt-token-1']),
    permissions: 'ask',
    limits: {},
    ...changes,
  };
}
const ignore = () => undefined;
const { signal } = new AbortController();
const inline = (code: string) => ({ name: 'command', command: [process.execPath, '-e', code] });

it('names the error of a program of Node that crashed, and not its version', async () => {
  const choice = inline('console.error("Error: before"); throw new TypeError("no total")');
  await expect(agent.run(requestOf({ choice }), ignore, signal)).rejects.toThrow(
    'the program exited with 1; last line: TypeError: no total',
  );
});

it('gives the whole task on stdin and, the same bytes, in a file that only its user may read', async () => {
  const checkpoint = { number: 3, attempt: 1, completed: ['a'], next: ['b'], createdFiles: [], tree: 'f00' };
  const attempt = { number: 2, token: 't-2', reason: 'fix', checkpoint, feedback: 'test failed' } as const;
  const request = requestOf({ attempt });
  await agent.run(request, ignore, signal);
  const { workspace, scratch } = request;
  const stdin = readFileSync(join(workspace, 'stdin.json'), 'utf8');
  expect(JSON.parse(stdin)).toEqual({ task: request.task, attempt, workspace });
  expect(readFileSync(join(workspace, 'file.json'), 'utf8')).toBe(stdin);
  const about = JSON.parse(readFileSync(join(workspace, 'about.json'), 'utf8'));
  expect(about).toEqual({ file: join(scratch, 'task.json'), mode: 0o600, cwd: workspace });
});

it('removes the task file, in which the token is, and puts it back for another run', async () => {
  const request = requestOf();
  for (let run = 0; run < 2; run += 1) {
    await agent.run(request, ignore, signal);
    expect(() => readFileSync(join(request.scratch, 'task.json'))).toThrow('ENOENT');
  }
});

it('is fine with an agent that does not read a megabyte of task', async () => {
  const task = { id: 'some-task', title: 'Some task', requirement: 'x'.repeat(3_000_000) };
  const choice = choiceFor('silent');
  await expect(agent.run(requestOf({ choice, task }), ignore, signal)).resolves.toMatchObject({
    status: 'done',
  });
});

it('takes the last line for the summary where there is no result', async () => {
  const choice = inline(
    `console.log('3 files changed\\n\\n'); console.log('x'.repeat(5000)); console.error('')`,
  );
  const report = await agent.run(requestOf({ choice }), ignore, signal);
  expect(report).toEqual({ status: 'done', summary: `${'x'.repeat(299)}…` });
});

it('hears the protocol on stdout only', async () => {
  const line = JSON.stringify({ type: 'result', summary: 'from stderr', status: 'blocked' });
  const events: AgentEvent[] = [];
  const choice = inline(`console.error(${JSON.stringify(line)})`);
  const report = await agent.run(requestOf({ choice }), (event) => events.push(event), signal);
  expect(report.status).toBe('done');
  expect(events).toContainEqual({ type: 'log', text: line, stream: 'stderr' });
});

it('hides the token and the secrets it was given from what it hands on', async () => {
  const choice = {
    ...inline('console.log(process.env.SOME_API_KEY, process.env.PAWL_ATTEMPT_TOKEN)'),
    env: ['SOME_API_KEY'],
  };
  const request = requestOf({
    choice,
    environment: { ...environment, SOME_API_KEY: 'k-123456789' },
    mask: createMask(['k-123456789', 'attempt-token-1']),
  });
  const events: AgentEvent[] = [];
  const report = await agent.run(request, (event) => events.push(event), signal);
  expect(events).toContainEqual({ type: 'log', text: '[hidden] [hidden]', stream: 'stdout' });
  expect(report.summary).toBe('[hidden] [hidden]');
});

it.each([
  ['a missing folder', { workspace: '/no/such/folder' }, /no folder/],
  ['a NUL in an argument', { choice: { name: 'command', command: ['node', 'a\0b'] } }, /null bytes/],
  ['no command at all', { choice: { name: 'command' } }, /has no program/],
  [
    'a file that may not be run',
    { choice: { name: 'command', command: [join(PROGRAMS, 'silent.mjs')] } },
    /mode/,
  ],
  [
    'a folder for a program',
    { choice: { name: 'command', command: [PROGRAMS] } },
    /not there or may not be run/,
  ],
])('fails as setup_failed with %s', async (_name, changes, words) => {
  await expect(agent.run(requestOf(changes), ignore, signal)).rejects.toMatchObject({
    name: 'AgentFailure',
    class: 'setup_failed',
    message: expect.stringMatching(words),
  });
});

describe('problem', () => {
  it('asks for a program', async () => {
    expect((await agent.problem({ name: 'fixer' }))?.message).toContain('agents.fixer.command in pawl.yaml');
  });
  it('cannot judge a path in a workspace that is not there yet', async () => {
    expect(await agent.problem({ name: 'fixer', command: ['./fix.sh'] })).toBeUndefined();
  });
  it('names a program that is not at its full path', async () => {
    expect(await agent.problem({ name: 'fixer', command: ['/no/such/fix.sh'] })).toEqual({
      message: expect.stringContaining('"/no/such/fix.sh"'),
      lacks: { programs: [] },
    });
  });
});

it('is found by its name and by a name of the user’s own with a program', () => {
  const { find, all } = createAgents({});
  expect(all.map(({ name }) => name)).toContain('command');
  expect(find({ name: 'command' })?.name).toBe('command');
  expect(find({ name: 'fixer', command: ['fix'] })?.name).toBe('command');
  expect(find({ name: 'fixer' })).toBeUndefined();
});

it.each([
  ['its last line', 'console.log(JSON.stringify({ a: "x".repeat(70_000) }))', { outputsChars: 70_008 }],
  [
    'its result',
    'console.log(JSON.stringify({ type: "result", status: "done", summary: "s", outputs: { a: "x".repeat(70_000) } }))',
    { outputsChars: 70_066 },
  ],
  [
    'none: a block in a long summary',
    'console.log(JSON.stringify({ type: "result", status: "done", summary: "s".repeat(3_000) + "\\n```json\\n{\\"a\\": 1}\\n```" }))',
    { outputs: { a: 1 }, summary: expect.stringMatching(/^.{2048}$/) },
  ],
])('tells how large it is what it returns, where that is too large: %s', async (_, code, expected) => {
  expect(await agent.run(requestOf({ choice: inline(code) }), ignore, signal)).toMatchObject(expected);
});
