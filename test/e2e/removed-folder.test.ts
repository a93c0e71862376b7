/** A shell stays in a folder that somebody has removed. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const PAWL = join(import.meta.dirname, '../../bin/pawl');

it.each([
  ['a command that asks the engine', ['list'], 2],
  ['one that needs nothing', ['--version'], 0],
])('in a removed folder %s ends in words', async (_, args, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-removed-'));
  const script = 'cd "$0" && rmdir "$0" && exec "$@"';
  const { exitCode, stderr } = await execa('sh', ['-c', script, folder, process.execPath, PAWL, ...args], {
    reject: false,
    env: { PAWL_HOME: folder },
  });
  expect(stderr).toBe(code === 0 ? '' : 'pawl: the folder you are in was removed: change to another one');
  expect(exitCode).toBe(code);
});
