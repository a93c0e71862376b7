import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pathToLoneSurrogate } from '../../src/domain/lone-surrogates.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { atGate, by, type EngineRig, lastDocument, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** In which a title of 200 units ends within a character. */
const REQUIREMENT = `${'w'.repeat(198)}🚀 and more words`;

it('hands out whole characters alone, wherever it cuts and whatever an agent says', async () => {
  const id = await rig.run({
    repository: newRepository(),
    requirement: REQUIREMENT,
    ...by('half-characters'),
  });
  const state = await rig.until(id, atGate);
  expect(state.attempts).toMatchObject([{ summary: 'done \ufffd' }]);
  const logs = await rig.api.logs({ id });
  expect(logs.lines.length).toBeGreaterThan(0);
  const shown = lastDocument((await rig.pawl(['show', id, '--json'])).out);
  for (const told of [state, logs, shown, await rig.api.list({})])
    expect(pathToLoneSurrogate(told)).toBeUndefined();
  await rig.api.cancel({ id });
});

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'pawl');

/** What is no text, or whose end a careless writer would trim. */
const FILES: Readonly<Record<string, readonly [before: Buffer, after: Buffer]>> = {
  'latin1.txt': [Buffer.from('caf\xe9\n', 'latin1'), Buffer.from('th\xe9\ncaf\xe9\n', 'latin1')],
  'binary.bin': [Buffer.from([0, 1, 2, 255, 0]), Buffer.from([0, 255, 254, 1, 0, 10])],
  'open-end.txt': [Buffer.from('one\ntwo'), Buffer.from('ONE\ntwo')],
  'windows.txt': [Buffer.from('one\r\ntwo\r\n'), Buffer.from('one\r\nTWO\r\n')],
  'zz-blank.txt': [Buffer.from('one\n\n \n'), Buffer.from('two\n\n \n')],
};

it('prints a diff that git applies, byte by byte', async () => {
  const before = Object.fromEntries(Object.entries(FILES).map(([path, [was]]) => [path, was]));
  const repository = newRepository(before);
  const words = Object.entries(FILES).flatMap(([path, [, becomes]]) => [path, becomes.toString('base64')]);
  const id = await rig.run({ repository, ...by('writes-bytes', ...words) });
  const { pullRequest } = await rig.until(id, atGate);
  expect(pullRequest?.remarks).toEqual([{ path: 'binary.bin', why: expect.stringContaining('no text') }]);
  expect((await rig.pawl(['show', id])).out).toContain('binary.bin is no text');
  const env = { ...process.env, PAWL_HOME: rig.home };
  const patch = execFileSync(process.execPath, [LAUNCHER, 'diff', id], { env });
  const clone = scratchFolder('applies');
  const git = (cwd: string, args: readonly string[], input?: Buffer) =>
    execFileSync('git', args, { cwd, ...(input && { input }) })
      .toString()
      .trim();
  git(clone, ['clone', '-q', repository, '.']);
  git(clone, ['apply', '--index'], patch);
  expect(git(clone, ['write-tree'])).toBe(git(repository, ['rev-parse', `pawl/${id}^{tree}`]));
  await rig.api.cancel({ id });
});
