/** No hand-written file is longer than what can be read at one go; CONTRIBUTING.md names the bound. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './sources.ts';

const LINES_MAX = 250;

it(`no file of src or test has more than ${LINES_MAX} lines`, () => {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'test'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  const files = listed
    .split('\n')
    .filter((name) => /\.(?:ts|tsx|mjs)$/.test(name) && existsSync(join(ROOT, name)));
  expect(files.length).toBeGreaterThan(300);
  const long = files
    .map((name) => ({ name, lines: readFileSync(join(ROOT, name), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX);
  expect(long).toEqual([]);
});
