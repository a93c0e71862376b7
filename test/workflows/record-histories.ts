/**
 * Records histories for `replay.test.ts`, by hand: `node test/workflows/record-histories.ts`. Real tasks on a real engine
 * of a home of its own. A history stands for tasks that may still be open somewhere: new ones are added, and one that is
 * there is never written again.
 */

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { createClient } from '../../src/client/temporal-client.ts';
import { connect } from '../../src/client.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { startFakeGitHub } from '../fixtures/github/server.ts';
import { OF_GIT } from './base-stories.ts';
import { COLD } from './cold-stories.ts';
import { DRIVEN } from './driven-stories.ts';
import { EXECUTIONS, executionOf } from './execution-stories.ts';
import { onGitHub } from './github-stories.ts';
import { STORIES } from './stories.ts';
import { AGENTS, env, folder, HISTORIES, launch, ROOT, type Story, type World } from './story-world.ts';

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

/** A story of an execution is kept under its name without the beginning of its id. */
const workflowOf = (id: string) => (id in EXECUTIONS ? executionOf(id) : id);

export async function record(world: World, id: string, story: Story): Promise<void> {
  const told = await story(world, id);
  const driven = typeof told === 'string' ? told : workflowOf(id);
  // The state is closed a moment before the workflow is.
  await world.client.workflow
    .getHandle(driven)
    .result()
    .catch(() => undefined);
  const histories = await historiesOf(world.client, driven);
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
  await recordAll({ ...STORIES, ...OF_GIT });
  await recordAll(COLD, { PAWL_WORKFLOWS_CACHED: '0' });
  await recordAll({ ...EXECUTIONS, ...DRIVEN });
  const github = await startFakeGitHub();
  const settings = { GITHUB_API_URL: github.api, GH_TOKEN: github.token, PAWL_GITHUB_POLL_SECONDS: '1' };
  await recordAll(onGitHub(github), settings).finally(() => github.close());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
