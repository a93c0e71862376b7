/** Files of a shell whose engine is elsewhere: they are sent and kept by their content, but for those that nobody means to send. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Pawl } from '../../src/client.ts';
import { referenceIn } from '../../src/domain/artifact-address.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { startMcp } from './mcp-rig.ts';
import { type EngineRig, lastDocument, startRig } from './rig.ts';

let engine: EngineRig;
let pawl: Pawl;
/** The shell: a working directory, a home of Pawl with a token in it, and a home folder of its user. */
const cwd = scratchFolder('shell');
const [home, user] = [join(cwd, 'pawl'), join(cwd, 'user')];
let env: Record<string, string>;
beforeAll(async () => {
  engine = await startRig();
  env = {
    PAWL_HOME: home,
    HOME: user,
    PAWL_URL: engine.endpoints.api,
    PAWL_TOKEN: tokenOf(engine.home),
  };
  pawl = await connect(env);
  write('pawl/token', 'the token of another engine');
  write('user/.netrc', 'machine example.org password x');
  write('notes/a.md', 'all about it');
});
afterAll(async () => {
  await pawl.close();
  await engine.close();
});

function write(path: string, content: string | Buffer): string {
  const file = join(cwd, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const far = (args: readonly string[]) => engine.pawl(args, { cwd, env });

/** Whole, over as many reads as it takes. */
async function contentOf(address: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  const digest = referenceIn(address)?.digest ?? '';
  for (let offset: number | null = 0; offset !== null; ) {
    const part: { content: string; next: number | null } = await pawl.artifact({ digest, offset });
    parts.push(Buffer.from(part.content, 'base64'));
    offset = part.next;
  }
  return Buffer.concat(parts);
}

describe('a report of a shell', () => {
  it('sends its files, and names them by what they are', async () => {
    await pawl.create({ id: 'reported', title: 'Reported' });
    const picture = randomBytes(3_000_000);
    write('picture.png', picture);
    const files = ['--file', 'notes/a.md', '--file', join(cwd, 'picture.png'), '--artifact', 'by hand'];
    const told = await far([
      'complete',
      'reported',
      '--summary',
      'done',
      ...files,
      '--artifact-type',
      'design',
    ]);
    expect(told).toMatchObject({ code: 0, err: '' });
    const { artifacts } = await pawl.show({ id: 'reported' });
    expect(artifacts.map(referenceIn)).toEqual([
      undefined,
      expect.objectContaining({ name: 'notes/a.md', type: 'design', bytes: 12 }),
      expect.objectContaining({ name: 'picture.png', type: 'design', bytes: 3_000_000 }),
    ]);
    expect(artifacts[0]).toBe('by hand');
    expect(String(await contentOf(artifacts[1] ?? ''))).toBe('all about it');
    expect((await contentOf(artifacts[2] ?? '')).equals(picture)).toBe(true);
  });

  it('is told the address of one, which is the same however often it is sent', async () => {
    const [first, again] = [await far(['upload', 'notes/a.md']), await far(['upload', 'notes/a.md'])];
    expect(again).toEqual(first);
    expect(String(await contentOf(first.out))).toBe('all about it');
    const { out } = await far(['upload', 'notes/a.md', '--type', 'code', '--name', 'b.md', '--json']);
    expect(lastDocument(out)).toMatchObject({ bytes: 12, address: expect.stringContaining('name=b.md') });
  });
});

describe('as large as an artifact may be', () => {
  it('is kept', async () => {
    const whole = randomBytes(LIMITS.artifactBytesMax);
    const { address, bytes } = await pawl.upload({ content: whole.toString('base64') });
    expect(bytes).toBe(whole.length);
    expect((await contentOf(address)).equals(whole)).toBe(true);
  });

  it.each([1, 2, 3])('and %i bytes more is refused', async (more) => {
    const content = Buffer.alloc(LIMITS.artifactBytesMax + more).toString('base64');
    await expect(pawl.upload({ content })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['content']],
    });
  });

  it('of a long name the address goes without', async () => {
    const { address } = await pawl.upload({ content: 'aGk=', name: 'ü'.repeat(300) });
    expect(referenceIn(address)).toMatchObject({ bytes: 2, name: undefined });
  });

  it.each(['aGk', 'aGk=\n', 'not base64', 'aG_k'])('what is no base64 is refused: %j', async (content) => {
    await expect(pawl.upload({ content })).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['content']],
    });
  });
});

/** What is not sent, by whatever way. */
const REFUSED: readonly (readonly [string, () => string, string])[] = [
  ['the token of its own home', () => join(home, 'token'), "is Pawl's own"],
  [
    'the same by a link',
    () => {
      symlinkSync(join(home, 'token'), join(cwd, 'linked'));
      return join(cwd, 'linked');
    },
    "is Pawl's own",
  ],
  [
    'the same by another name',
    () => {
      linkSync(join(home, 'token'), join(cwd, 'hard'));
      return join(cwd, 'hard');
    },
    "is Pawl's own",
  ],
  ['what is private', () => join(user, '.netrc'), 'is private'],
  ['the environment of the shell', () => '/proc/self/environ', "is the system's"],
  ['a file with the token', () => write('env.txt', `export PAWL_TOKEN=${env.PAWL_TOKEN}\n`), 'PAWL_TOKEN'],
  ['none', () => join(cwd, 'nowhere'), 'is not there'],
  ['a folder', () => join(cwd, 'notes'), 'is no file'],
  [
    'a pipe',
    () => {
      execFileSync('mkfifo', [join(cwd, 'pipe')]);
      return join(cwd, 'pipe');
    },
    'is no file',
  ],
  [
    'one that is too large',
    () => write('large', Buffer.alloc(LIMITS.artifactBytesMax + 1)),
    'is larger than',
  ],
];

it.each(REFUSED)('%s is not sent, and nothing is changed', async (what, place, words) => {
  const id = `refused-${what.replaceAll(/[^a-z]+/g, '-')}`;
  await pawl.create({ id, title: 'Refused' });
  const kept = () => readdirSync(engine.places.artifacts, { recursive: true }).sort();
  const [before, artifacts, path] = [await pawl.show({ id }), kept(), place()];
  const [uploaded, reported] = [
    await far(['upload', path]),
    await far(['complete', id, '--summary', 'done', '--file', path]),
  ];
  for (const { code, err } of [uploaded, reported])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) });
  expect(await pawl.show({ id })).toEqual(before);
  expect(kept()).toEqual(artifacts);
});

describe('the adapter of an AI client', () => {
  it('sends files of its directory, and no others', async () => {
    write('project/notes/a.md', 'all about it');
    write('project/mine.env', `PAWL_TOKEN=${env.PAWL_TOKEN}`);
    linkSync(join(home, 'token'), join(cwd, 'project', 'hard'));
    const adapter = await startMcp(home, join(cwd, 'project'), ['--toolset', 'orchestrator'], env);
    const { task_id } = await adapter.ok('orchestrator_plan_task', { title: 'Plan', description: 'Do it' });
    await adapter.ok('orchestrator_execute_task', { task_id });
    const report = (...file_paths: readonly string[]) =>
      adapter.call('orchestrator_complete_task', {
        ...{ task_id, summary: 'done', detailed_work: '', next_action: 'complete' },
        ...{ file_paths, artifact_type: 'code', legacy_artifacts: ['by hand'] },
        // The engine carries such a call out, and cannot read files of this host.
        idempotency_key: file_paths.join(),
      });
    const outside = join(scratchFolder('outside'), 'a.md');
    writeFileSync(outside, 'of another folder');
    for (const path of [outside, '../notes/a.md', '../pawl/token', 'hard', 'mine.env', 'nowhere']) {
      const { isError, structured } = await report('notes/a.md', path);
      expect({ path, isError, structured }).toMatchObject({
        isError: true,
        structured: { code: 'invalid_input' },
      });
      expect(structured.details).toEqual([['file_paths']]);
    }
    expect((await pawl.show({ id: task_id })).status).toBe('in_progress');
    const reported = await report('notes/a.md');
    expect(reported).toMatchObject({ isError: false });
    expect(await report('notes/a.md')).toEqual(reported);
    const { status, artifacts } = await pawl.show({ id: task_id });
    expect(status).toBe('completed');
    expect(artifacts.map(referenceIn)).toEqual([
      undefined,
      expect.objectContaining({ name: 'notes/a.md', type: 'code', bytes: 12 }),
    ]);
    await adapter.close();
  });
});
