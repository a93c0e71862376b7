/** Planned tasks on a real engine: dependencies, claims, results in the artifact store, sessions, what is put away. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { referenceIn } from '../../src/domain/artifact-address.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import type { EngineClient, InputOf } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { createApiClient } from '../../src/edge/http/api-client.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { attach, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let engine: EngineClient;
let session: string;
let directory: string;
beforeAll(async () => {
  rig = await startRig();
  engine = createApiClient({ api: rig.endpoints.api, token: tokenOf(rig.home) });
  directory = scratchFolder('working');
  const opened = await engine.open({ directory });
  session = opened.id;
});
afterAll(() => rig.close());

const create = (id: string, more: Partial<InputOf<'create'>> = {}) =>
  engine.create({ id, title: `Do ${id}`, session, ...more });
const rows = async (filter: object = {}) =>
  (await engine.list({ session, ...filter })).tasks.map(({ id }) => id as string);

it('a list holds what was written a moment ago, whoever wrote it', async () => {
  for (let number = 1; number <= 20; number += 1) {
    await create(`quick-${number}`, { type: 'testing' });
    expect((await rows({ type: ['testing'] }))[0]).toBe(`quick-${number}`);
    await engine.update({ id: `quick-${number}`, title: `Renamed ${number}` });
    const [row] = (await engine.list({ session, text: `renamed ${number}` })).tasks;
    expect(row).toMatchObject({ title: `Renamed ${number}` });
  }
  // Past the engine: a signal as a script or the Temporal Web UI sends it.
  await rig.client.workflow.getHandle('quick-1').signal('complete', { summary: 'done elsewhere' });
  await expect.poll(() => rows({ status: ['completed'] })).toContain('quick-1');
  const all = await engine.list({ session, type: ['testing'], limit: 5, offset: 5 });
  expect(all.total).toBe(20);
  expect(all.tasks.map(({ id }) => id)).toEqual([15, 14, 13, 12, 11].map((number) => `quick-${number}`));
});

it('a task becomes ready when what it depends on is completed', async () => {
  await create('first');
  await create('second', { dependencies: ['first' as never] });
  expect((await engine.show({ id: 'second' })).status).toBe('blocked');
  await expect(engine.claim({ id: 'second', by: 'me' })).rejects.toMatchObject({
    code: 'conflict',
  });
  const { attemptToken } = await engine.claim({ id: 'first', by: 'me' });
  await engine.complete({ id: 'first', summary: 'done', attemptToken });
  await expect.poll(async () => (await engine.show({ id: 'second' })).status).toBe('pending');
  expect(await rows({ status: ['pending'] })).toContain('second');
});

describe('results', () => {
  it('of 10 MB and files of the directory are stored by content, and read as they were', async () => {
    await create('large');
    const detail = 'wörk 🚲 '.repeat(1_000_000);
    mkdirSync(join(directory, 'src'));
    writeFileSync(join(directory, 'src', 'a.ts'), 'export {};\n');
    await engine.complete({
      id: 'large',
      summary: 'done',
      detail,
      files: ['src/a.ts'],
      artifactType: 'code',
    });
    const { artifacts } = await engine.show({ id: 'large' });
    const [words, file] = artifacts.map(referenceIn);
    expect(words).toMatchObject({ type: 'code', bytes: Buffer.byteLength(detail) });
    expect(file).toMatchObject({ type: 'code', name: 'src/a.ts', bytes: 11 });
    const parts: Buffer[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const part: { content: string; next: number | null } = await engine.artifact({
        digest: words?.digest ?? '',
        offset,
      });
      parts.push(Buffer.from(part.content, 'base64'));
      offset = part.next;
    }
    expect(Buffer.concat(parts).toString('utf8') === detail).toBe(true);
    const { historySize } = await rig.client.workflow.getHandle('large').describe();
    expect(historySize).toBeLessThan(8 * 1024);
  });

  it('of more bytes than an artifact may have are refused by name, and nothing is done', async () => {
    const id = 'too-large';
    await create(id);
    const before = await engine.show({ id });
    const detail = '漢'.repeat(LIMITS.artifactBytesMax / 3 + 1);
    await expect(engine.complete({ id, summary: 'done', detail })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['detail']],
    });
    expect(await engine.show({ id })).toEqual(before);
    // Twice as long once it is JSON.
    await engine.complete({ id, summary: 'done', detail: '\n'.repeat(LIMITS.artifactBytesMax) });
  });

  it.each([
    ['../outside.txt', 'is outside'],
    ['/etc/passwd', 'is outside'],
    ['link', 'is outside'],
    ['missing.txt', 'is not there'],
    ['.', 'is outside'],
  ])('a path that leads out is refused, and nothing is done: %s', async (path, words) => {
    const id = `bad-file-${path.replaceAll(/[^a-z]/g, '')}-x`;
    await create(id);
    rmSync(join(directory, 'link'), { force: true });
    symlinkSync('/etc/passwd', join(directory, 'link'));
    const before = await engine.show({ id });
    await expect(engine.complete({ id, summary: 'done', files: [path] })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(words),
      details: [['files']],
    });
    expect(await engine.show({ id })).toEqual(before);
  });
});

it('a message that was answered is answered again as it was, also once the task is closed', async () => {
  await create('again');
  const message = { id: 'again', summary: 'done', messageId: 'm1', detail: 'what I did' };
  const first = await engine.complete(message);
  expect(await engine.complete(message)).toEqual(first);
  await expect(engine.complete({ ...message, messageId: 'm2' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(engine.complete({ ...message, summary: 'other' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

describe('what is named has to be there', () => {
  it.each([
    ['a dependency', { dependencies: ['not-there'] }, 'not_found'],
    ['a parent', { parent: 'not-there' }, 'not_found'],
    ['a session', { session: 'session-0000000000000000' }, 'not_found'],
    ['itself as a parent', { parent: 'never' }, 'invalid_input'],
    ['itself as a dependency', { dependencies: ['never'] }, 'invalid_input'],
  ])('%s', async (_, more, code) => {
    await expect(create('never', more as never)).rejects.toMatchObject({ code });
    await expect(engine.show({ id: 'never' })).rejects.toMatchObject({ code: 'not_found' });
  });
  it('and of the same session', async () => {
    const other = await engine.open({ directory: scratchFolder('other') });
    await engine.create({ id: 'foreign', title: 'Foreign', session: other.id });
    await expect(create('never', { dependencies: ['foreign' as never] })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

it('sessions are found again, tell what is open, and go when nothing is', async () => {
  const folder = scratchFolder('session');
  const opened = await engine.open({ directory: folder });
  expect(await engine.open({ directory: folder })).toEqual({ ...opened, created: false });
  await engine.create({ id: 'in-session', title: 'In it', session: opened.id });
  const tallied = async () => (await engine.sessions({})).sessions.find(({ id }) => id === opened.id);
  expect(await tallied()).toMatchObject({ tasks: 1, open: 1 });
  await expect(engine.forget({ session: opened.id })).rejects.toMatchObject({ code: 'conflict' });
  await engine.complete({ id: 'in-session', summary: 'done' });
  expect(await tallied()).toMatchObject({ tasks: 1, open: 0 });
  await engine.forget({ session: opened.id });
  expect(await tallied()).toBeUndefined();
  for (const directory of ['relative', '/not/there', '/', '/etc', rig.home, rig.places.artifacts])
    await expect(engine.open({ directory })).rejects.toMatchObject({ code: 'invalid_input' });
});

it('what is put away is out of lists and can be removed for good', async () => {
  await create('put-away');
  await expect(engine.archive({ id: 'put-away' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(engine.remove({ id: 'put-away' })).rejects.toMatchObject({ code: 'conflict' });
  await engine.complete({ id: 'put-away', summary: 'done' });
  const archived = await engine.archive({ id: 'put-away' });
  expect(await engine.archive({ id: 'put-away' })).toEqual({
    ...archived,
    before: { status: 'completed', archivedAt: archived.archivedAt },
  });
  expect(await rows()).not.toContain('put-away');
  expect(await rows({ archived: true })).toEqual(['put-away']);
  expect((await rig.pawl(['list', '--json'])).out).not.toContain('put-away');
  await engine.remove({ id: 'put-away' });
  expect(await rows({ archived: true })).toEqual([]);
  await expect(engine.remove({ id: 'put-away' })).rejects.toMatchObject({ code: 'not_found' });
});

/** A task whose history is full after few events, started as the engine starts one. */
async function startShort(id: string): Promise<void> {
  const plannedAt = new Date().toISOString();
  const spec = { kind: 'client_driven', id, title: 'Planned', description: '', plan: { session }, plannedAt };
  const { kind: _, id: __, ...task } = spec;
  await rig.client.workflow.start('task', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args: [{ spec, edition: EDITION, eventsMax: 20 }],
    memo: { digest: 'none', task },
  });
}

it('everything is found again after a kill of the engine', async () => {
  await create('tried-again', { title: 'Planned' });
  await engine.update({ id: 'tried-again', title: 'Renamed', context: { a: 1 } });
  await engine.cancel({ id: 'tried-again' });
  await engine.retry({ id: 'tried-again' });
  await engine.complete({ id: 'tried-again', summary: 'done at last', detail: 'All of it' });
  await startShort('long');
  for (let number = 1; number <= 12; number += 1) {
    const said = { title: `Said ${number}`, context: { [`k${number}`]: number } };
    await engine.update({ id: 'long', ...said });
  }
  await create('noted');
  await engine.claim({ id: 'noted', by: 'me' });
  await engine.update({ id: 'noted', note: 'at it', progress: 0.5 });
  const before = await engine.list({ session, limit: 1_000 });
  const sessions = await engine.sessions({});
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await rig.leave();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  engine = createApiClient({ api: rig.endpoints.api, token: tokenOf(rig.home) });
  const after = await engine.list({ session, limit: 1_000 });
  expect(after).toEqual(before);
  expect(await engine.sessions({})).toEqual(sessions);
  expect(after.tasks.find(({ id }) => id === 'tried-again')).toMatchObject({
    title: 'Renamed',
    context: { a: 1 },
    status: 'completed',
    summary: 'done at last',
    artifacts: [expect.any(String)],
  });
  expect(after.tasks.find(({ id }) => id === 'long')).toMatchObject({ title: 'Said 12' });
  expect((await rig.client.workflow.count(`WorkflowId = 'long'`)).count).toBeGreaterThan(1);
});
