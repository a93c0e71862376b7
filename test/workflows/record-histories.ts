/**
 * Records histories for `replay.test.ts`, by hand: `node test/workflows/record-histories.ts`. Real tasks on a real engine
 * of a home of its own. A history stands for tasks that may still be open somewhere: new ones are added, and one that is
 * there is never written again.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { createRunSpec } from '../../src/client/run-spec.ts';
import { TASK_QUEUE } from '../../src/client/starting.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { connect, type Pawl } from '../../src/client.ts';
import { readConfig } from '../../src/config.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { type CallOf, operations } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import type { TaskSpec } from '../../src/domain/task-spec.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { localDeps } from '../../src/local.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const AGENTS = join(ROOT, 'test', 'fixtures', 'agents');
const HISTORIES = join(ROOT, 'test', 'histories');

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-record-')));
const env = { ...process.env, PAWL_HOME: join(folder, 'home'), PAWL_PORT: '0' };
const launch = (settings: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bin', 'pawl'), ...args], {
    env: { ...env, ...settings },
    stdio: 'inherit',
  });

interface World {
  readonly pawl: Pawl;
  readonly client: Client;
}

/** A run of an agent in a repository of its own. */
const runOf = (id: string, agent: readonly string[], more: Partial<CallOf<'run'>> = {}): CallOf<'run'> => ({
  id,
  requirement: 'Do the work',
  repository: newRepository(id),
  agent: { name: 'command', command: ['node', join(AGENTS, `${agent[0]}.mjs`), ...agent.slice(1)] },
  checks: [check('0')],
  ...more,
});
const check = (script: string) => ({ name: 'check', run: ['node', '-e', script] });

/** What happens to each task; its name is its id and its file's. */
type Story = (world: World, id: string) => Promise<void>;
const STORIES: Readonly<Record<string, Story>> = {
  async happy({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a']));
    await approve(pawl, id);
  },
  async unverified({ pawl, client }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a'], { checks: [] }));
    await until(pawl, id, waits);
    const message = { gate: 'approval', decision: 'approve', by: 'ann' };
    await client.workflow.getHandle(id).signal('approve_gate', message);
  },
  async 'fix-attempt'({ pawl }, id) {
    const fixed = check("process.exit(fs.readFileSync('heard.txt', 'utf8').startsWith('fix') ? 0 : 1)");
    await pawl.run(runOf(id, ['heeds', 'heard.txt'], { checks: [fixed] }));
    await approve(pawl, id);
  },
  async 'check-failed'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt'], { checks: [check('process.exit(1)')] }));
  },
  async 'no-change'({ pawl }, id) {
    await pawl.run(runOf(id, ['silent']));
  },
  async resumed({ pawl }, id) {
    await pawl.run(runOf(id, ['dies-at-first', '2']));
    await approve(pawl, id);
  },
  async rejected({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.reject({ id, by: 'ann', reason: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'rejected-for-good'({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a'], { policy: { onReject: 'fail' } }));
    await until(pawl, id, waits);
    await pawl.reject({ id, by: 'ann', reason: 'no' });
  },
  async 'base-moved'({ pawl }, id) {
    const run = runOf(id, ['writes', 'mine.txt', 'mine']);
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'theirs.txt');
    await approve(pawl, id);
    await approve(pawl, id, (state) => state.gates.length === 4);
  },
  async conflict({ pawl }, id) {
    const run = runOf(id, ['heeds', 'same.txt']);
    await pawl.run(run);
    await until(pawl, id, waits);
    commit(run.repository, 'same.txt');
    await approve(pawl, id);
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async escalated({ pawl }, id) {
    await pawl.run(runOf(id, ['blocked']));
    await until(pawl, id, waits);
    await pawl.retry({ id });
    await until(pawl, id, (state) => waits(state) && state.attempts.length === 2);
    await pawl.reject({ id, gate: 'escalation', by: 'ann', reason: 'no key' });
  },
  async 'told-at-work'({ pawl }, id) {
    await pawl.run(runOf(id, ['waits-until-told', 'told.txt']));
    await until(pawl, id, (state) => state.attempts[0]?.outcome === 'running');
    // Until its process runs, so that there is something to end.
    await setTimeout(1_000);
    await pawl.tell({ id, by: 'ann', text: 'mind the gap' });
    await approve(pawl, id);
  },
  async 'told-at-gate'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.tell({ id, by: 'ann', text: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'cancelled-at-gate'({ pawl }, id) {
    await pawl.run(runOf(id, ['writes', 'a.txt', 'a']));
    await until(pawl, id, waits);
    await pawl.cancel({ id });
  },
  async 'cancelled-at-work'({ pawl }, id) {
    await pawl.run(runOf(id, ['waits']));
    await until(pawl, id, (state) => state.attempts[0]?.outcome === 'running');
    await pawl.cancel({ id });
  },
  async 'continued-agent-run'({ pawl, client }, id) {
    const input = operations.run.input.parse(runOf(id, ['writes', 'a.txt', 'a']));
    await startWith(client, await createRunSpec(localDeps(readConfig(env)), input), 20);
    await approve(pawl, id);
  },
  async 'client-driven'({ pawl, client }, id) {
    await pawl.create({ id, title: 'Write the notes', context: { branch: 'main' } });
    await pawl.update({ id, status: 'in_progress', progress: 0.5, note: 'half', messageId: 'm1' });
    await client.workflow.getHandle(id).signal('update', { status: 'blocked', note: 'for a word' });
    await client.workflow.getHandle(id).signal('complete', 17);
    await pawl.complete({ id, summary: 'written', artifacts: ['notes.md'] });
  },
  async 'client-driven-failed'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes' });
    await pawl.complete({ id, summary: 'cannot be done', outcome: 'failed' });
  },
  async 'continued-client-driven'({ pawl, client }, id) {
    const described = { id: operations.show.input.parse({ id }).id, title: 'Notes', description: '' };
    await startWith(client, { kind: 'client_driven', ...described }, 12);
    for (const note of ['one', 'two', 'three', 'four']) await pawl.update({ id, note });
    await pawl.complete({ id, summary: 'written' });
  },
  /** By the rules of the second edition: each change is told to lists with its time. */
  async 'second-edition'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes', context: { branch: 'main' } });
    await pawl.claim({ id, by: 'ann' });
    await pawl.update({ id, note: 'half', progress: 0.5 });
    await pawl.update({ id, title: 'Write all notes', context: { pages: 3 } });
    await pawl.complete({ id, summary: 'written', artifacts: ['notes.md'] });
  },
  async 'second-edition-cancelled'({ pawl }, id) {
    await pawl.create({ id, title: 'Write the notes' });
    await pawl.update({ id, status: 'in_progress' });
    await pawl.cancel({ id });
  },
  async 'second-edition-continued'({ pawl, client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    await startWith(client, { kind: 'client_driven', ...described, plan: {}, plannedAt }, 16, EDITION);
    for (const page of ['one', 'two', 'three']) await pawl.update({ id, title: page, context: { page } });
    await pawl.complete({ id, summary: 'written' });
  },
  /** Tells who waits for it. */
  async 'depended-on'({ pawl }, id) {
    await pawl.create({ id, title: 'First', complexity: 'simple' });
    await pawl.create({ id: 'dependent', title: 'Then', dependencies: [TaskId.parse(id)] });
    await until(pawl, id, ({ dependants }) => dependants?.length === 1);
    const { attemptToken } = await pawl.claim({ id, by: 'ann' });
    await pawl.update({ id, title: 'First of all', note: 'half', attemptToken });
    await pawl.complete({ id, summary: 'done', detail: 'all of it', attemptToken });
  },
  /** Waited for the one before. */
  async dependent({ pawl }, id) {
    await until(pawl, id, ({ status }) => status === 'pending');
    await pawl.complete({ id, summary: 'done as well' });
  },
  /** The planner did not know how the one that it waits for had ended. */
  async 'dependent-too-late'({ pawl, client }, id) {
    const first = TaskId.parse('failed-before');
    await pawl.create({ id: first, title: 'Fails' });
    await pawl.complete({ id: first, summary: 'no way', outcome: 'failed' });
    const described = { id: TaskId.parse(id), title: 'Waits in vain', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    const plan = { dependencies: [first] };
    await startWith(client, { kind: 'client_driven', ...described, plan, plannedAt }, 1_000);
    await until(pawl, id, ({ waitingFor }) => waitingFor?.includes('failed') === true);
    await pawl.complete({ id, summary: 'given up', outcome: 'failed' });
  },
};

/** What happens to tasks of a worker that keeps none of them: each message finds it cold. */
const COLD: Readonly<Record<string, Story>> = {
  async 'cold-update'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.update({ id, note: 'first' });
    await pawl.update({ id, status: 'in_progress', progress: 0.5 });
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-complete'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.complete({ id, summary: 'done', artifacts: ['notes.md'] });
  },
  async 'cold-claim'({ pawl }, id) {
    await begun(pawl, id);
    const { attemptToken } = await pawl.claim({ id, by: 'ann' });
    await pawl.complete({ id, summary: 'done', attemptToken });
  },
  async 'cold-signals'({ pawl, client }, id) {
    await begun(pawl, id);
    const handle = client.workflow.getHandle(id);
    await handle.signal('update', { note: 'first' });
    await handle.signal('no_such_message', {});
    await handle.signal('claim', { by: 'ann' });
    await handle.signal('complete', { summary: 'done' });
  },
  async 'cold-ignored-signal'({ pawl, client }, id) {
    await begun(pawl, id);
    const handle = client.workflow.getHandle(id);
    await handle.signal('no_such_message', {});
    await until(pawl, id, ({ ignoredMessages }) => ignoredMessages === 1);
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-two-at-once'({ pawl }, id) {
    await begun(pawl, id);
    await Promise.all([pawl.update({ id, note: 'one' }), pawl.complete({ id, summary: 'two' })]).catch(
      () => undefined,
    );
  },
  async 'cold-burst'({ pawl }, id) {
    await begun(pawl, id);
    const notes = Array.from({ length: 30 }, (_, at) => `note ${at}`);
    await Promise.all(notes.map((note) => pawl.update({ id, note })));
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-before-it-began'({ client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    await startWith(client, { kind: 'client_driven', ...described }, 1_000, EDITION);
    const handle = client.workflow.getHandle(id);
    const tell = (name: string, body: object) => handle.executeUpdate(name, { args: [body] });
    await Promise.all([
      tell('update', { note: 'at once' }),
      tell('claim', { by: 'ann' }),
      handle.signal('update', { note: 'too' }),
    ]);
    await tell('complete', { summary: 'done' });
  },
  async 'cold-continued'({ pawl, client }, id) {
    const described = { id: TaskId.parse(id), title: 'Notes', description: '' };
    const plannedAt = '2026-01-02T03:04:05.000Z';
    await startWith(client, { kind: 'client_driven', ...described, plan: {}, plannedAt }, 16, EDITION);
    for (const note of ['one', 'two', 'three']) await pawl.update({ id, note });
    await pawl.complete({ id, summary: 'written' });
  },
  async 'cold-depended-on'({ pawl }, id) {
    await begun(pawl, id);
    await pawl.create({ id: 'cold-dependent', title: 'Then', dependencies: [TaskId.parse(id)] });
    await until(pawl, id, ({ dependants }) => dependants?.length === 1);
    await pawl.complete({ id, summary: 'done' });
  },
  async 'cold-dependent'({ pawl }, id) {
    await until(pawl, id, ({ status }) => status === 'pending');
    await pawl.update({ id, note: 'mine now' });
    await pawl.complete({ id, summary: 'done as well' });
  },
  async 'cold-agent-run'({ pawl }, id) {
    await pawl.run(runOf(id, ['heeds', 'heard.txt']));
    await until(pawl, id, waits);
    await pawl.update({ id, note: 'looked at' });
    await pawl.tell({ id, by: 'ann', text: 'say please' });
    await approve(pawl, id, (state) => state.attempts.length === 2);
  },
  async 'cold-continued-agent-run'({ pawl, client }, id) {
    const input = operations.run.input.parse(runOf(id, ['writes', 'a.txt', 'a']));
    await startWith(client, await createRunSpec(localDeps(readConfig(env)), input), 20, EDITION);
    await approve(pawl, id);
  },
};

/** Planned, and its first workflow task done. */
async function begun(pawl: Pawl, id: string): Promise<void> {
  await pawl.create({ id, title: 'Write the notes' });
  await pawl.show({ id });
}

const waits = ({ status }: TaskState) => status === 'awaiting_gate';

async function until(pawl: Pawl, id: string, when: (state: TaskState) => boolean): Promise<void> {
  for await (const state of pawl.follow(id)) if (when(state)) return;
  throw new Error(`${id} never got there`);
}

async function approve(pawl: Pawl, id: string, when: (state: TaskState) => boolean = () => true) {
  await until(pawl, id, (state) => waits(state) && when(state));
  await pawl.approve({ id, by: 'ann', via: 'cli' });
}

/** As the client starts it, with a short history. */
async function startWith(
  client: Client,
  spec: TaskSpec,
  eventsMax: number,
  edition?: typeof EDITION,
): Promise<void> {
  const args = [{ spec, eventsMax, ...(edition === undefined ? {} : { edition }) }];
  const memo = edition === undefined ? {} : { edition };
  await client.workflow.start('task', { workflowId: spec.id, taskQueue: TASK_QUEUE, args, memo });
}

function newRepository(name: string): string {
  const path = join(folder, 'repositories', name);
  mkdirSync(path, { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: path });
  commit(path, 'README.md');
  return path;
}

function commit(repository: string, file: string): void {
  writeFileSync(join(repository, file), `${file}\n`);
  execFileSync('git', ['add', '--all'], { cwd: repository });
  const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
  execFileSync('git', [...who, 'commit', '-q', '-m', file], { cwd: repository });
}

/** Every run of a task, oldest first: more than one where it continued as new. */
async function historiesOf(client: Client, id: string): Promise<unknown[]> {
  const histories: unknown[] = [];
  let runId: string | undefined;
  for (;;) {
    const handle = client.workflow.getHandle(id, runId);
    const history = await handle.fetchHistory();
    histories.unshift(withoutThisMachine(JSON.parse(historyToJSON(history))));
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    if (!started?.continuedExecutionRunId) return histories;
    runId = started.continuedExecutionRunId;
  }
}

const OF_THIS_MACHINE: readonly (readonly [string, string])[] = [
  [join(folder, 'home'), '/home/ann/.local/state/pawl'],
  [folder, '/home/ann'],
  [AGENTS, '/home/ann/agents'],
  [ROOT, '/pawl'],
  [hostname(), 'host'],
];
const anonymous = (text: string) =>
  OF_THIS_MACHINE.reduce((now, [from, to]) => now.replaceAll(from, to), text);

/** Payloads are base64 in there. */
function withoutThisMachine(value: unknown): unknown {
  if (typeof value === 'string') return anonymous(value);
  if (Array.isArray(value)) return value.map(withoutThisMachine);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => {
    if (name !== 'data' || typeof one !== 'string') return [name, withoutThisMachine(one)];
    return [name, Buffer.from(anonymous(Buffer.from(one, 'base64').toString('utf8'))).toString('base64')];
  });
  return Object.fromEntries(entries);
}

async function record(world: World, id: string, story: Story): Promise<void> {
  await story(world, id);
  await until(world.pawl, id, ({ status }) => isClosed(status));
  // The state is closed a moment before the workflow is.
  await world.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  const histories = await historiesOf(world.client, id);
  for (const [at, history] of histories.entries()) {
    const name = histories.length === 1 ? id : `${id}-${at + 1}`;
    writeFileSync(join(HISTORIES, `${name}.json`), `${JSON.stringify(history, undefined, 1)}\n`);
    console.log(`recorded ${name}`);
  }
}

mkdirSync(HISTORIES, { recursive: true });
const known = (id: string) => [id, `${id}-1`].some((name) => existsSync(join(HISTORIES, `${name}.json`)));
/** Beside an engine of the home, with these settings. */
async function recordAll(
  stories: Readonly<Record<string, Story>>,
  settings: Readonly<Record<string, string>> = {},
) {
  const wanted = Object.entries(stories).filter(([id]) => !known(id));
  if (wanted.length === 0) return;
  launch(settings, 'up', '-d');
  try {
    const endpoints = await liveEndpoints(env.PAWL_HOME);
    const connection = await Connection.connect({ address: endpoints?.temporal ?? '' });
    const world = { pawl: await connect(env), client: createClient(connection, endpoints?.namespace ?? '') };
    for (const [id, story] of wanted) await record(world, id, story);
    await world.pawl.close();
    await connection.close();
  } finally {
    launch({}, 'down');
  }
}

try {
  await recordAll(STORIES);
  await recordAll(COLD, { PAWL_WORKFLOWS_CACHED: '0' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
