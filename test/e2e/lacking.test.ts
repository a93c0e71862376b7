/** What a person has in their shell and the engine lacks: named by `pawl run`, with a command that gives it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { closed, type EngineRig, startRig } from './rig.ts';

const KEY = 'sk-ant-api03-only-in-the-shell';
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
let rig: EngineRig;
let repository: string;
let programs: string;

const program = (folder: string, name: string, script: string) =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

beforeAll(async () => {
  repository = newRepository();
  programs = scratchFolder('programs');
  program(
    programs,
    'claude',
    'echo "its key is $ANTHROPIC_API_KEY" > key.txt; echo "its key is $ANTHROPIC_API_KEY"; exit 1',
  );
  rig = await startRig({ HOME: scratchFolder('home'), PATH: `${programs}:${PATH}` });
});
afterAll(() => rig.close());

it('a key goes into the file by the command that is shown, and the engine uses it at once', async () => {
  const args = ['run', 'Do it', '--repo', repository, '--agent', 'claude', '--id', 'with-key', '--json'];
  const env = { ANTHROPIC_API_KEY: KEY };
  const refused = await rig.pawl(args, { env });
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('agent claude: no credentials; set ANTHROPIC_API_KEY');
  expect(refused.err).toContain('the engine does not have ANTHROPIC_API_KEY although this shell does');
  expect(refused.out + refused.err + readFileSync(rig.places.log, 'utf8')).not.toContain(KEY);
  const [, command = ''] = /with `(.*)`, then run this again/.exec(refused.err) ?? [];
  execFileSync('sh', ['-c', command], { env: { PATH, ...env } });
  expect((await rig.pawl(args)).code).toBe(1);
  const state = await rig.until('with-key', closed);
  expect(state.attempts[0]?.failure?.message).toContain('its key is [hidden]');
  expect(
    (await rig.pawl(['run', 'Do it', '--repo', repository, '--agent', 'claude', '--id', 'with-key'])).err,
  ).not.toContain(KEY);
});

it('says nothing of a key that this shell does not have either', async () => {
  const told = await rig.pawl([
    'run',
    'Do it',
    '--repo',
    repository,
    '--agent',
    'gemini',
    '--agent-command',
    'true',
  ]);
  expect(told.err).toContain('agent gemini: no credentials');
  expect(told.err).not.toContain('although this shell does');
});

it('a program is named with the PATH that has it', async () => {
  const folder = join(scratchFolder('shell'), 'bin');
  mkdirSync(folder);
  program(folder, 'only-here', 'exit 0');
  const args = ['run', 'Do it', '--repo', repository, '--agent-command', 'only-here'];
  const told = await rig.pawl(args, { env: { PATH: `${folder}:${PATH}` } });
  expect(told).toMatchObject({
    code: 2,
    err: expect.stringContaining('"only-here" was not found on the PATH'),
  });
  expect(told.err).toContain(
    `this shell does (${folder}/only-here): start it from this shell with \`pawl down && pawl up -d\``,
  );
});
