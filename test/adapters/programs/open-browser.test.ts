/** Opening a browser with programs of the test's own in the place of the desktop's. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openBrowser } from '../../../src/adapters/programs/open-browser.ts';
import { scratchFolder } from '../scratch-repository.ts';

const URL_OF_TEST = new URL('http://127.0.0.1:8100/#code=a;touch $HOME&b');

/** A folder with a program of this name, which writes down what it was given. */
function desktop(name: string, last = 'exit 0') {
  const folder = scratchFolder('desktop');
  const program = join(folder, name);
  const seen = join(folder, 'seen');
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${seen}.part'\nmv '${seen}.part' '${seen}'\n${last}\n`,
  );
  chmodSync(program, 0o755);
  const environment = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0' };
  return { folder, program, seen, environment };
}

it.each([
  ['linux', 'xdg-open'],
  ['darwin', 'open'],
] as const)('on %s it is one argument of %s', async (platform, name) => {
  const { seen, environment } = desktop(name);
  expect(await openBrowser(URL_OF_TEST, { platform, environment })).toBeUndefined();
  expect(readFileSync(seen, 'utf8')).toBe(`1\n${URL_OF_TEST.href}\n`);
});

it('says what failed', async () => {
  const { program, environment } = desktop('xdg-open', 'exit 3');
  expect(await openBrowser(URL_OF_TEST, { platform: 'linux', environment })).toBe(
    `${program} ended with exit code 3`,
  );
});

it('does not wait for a browser that stays', async () => {
  const { folder, seen, environment } = desktop(
    'xdg-open',
    'while [ -d "$(dirname "$0")/open" ]; do sleep 0.05; done; rm "$0"',
  );
  const window = join(folder, 'open');
  mkdirSync(window);
  const opened = openBrowser(URL_OF_TEST, { platform: 'linux', environment, failsWithinMs: 100 });
  expect(await opened).toBeUndefined();
  await vi.waitFor(() => expect(existsSync(seen)).toBe(true));
  rmdirSync(window);
  await vi.waitFor(() => expect(existsSync(join(folder, 'xdg-open'))).toBe(false), 5_000);
});

it.each([
  ['a shell without a display', 'linux', { PATH: '/usr/bin:/bin' }, 'this shell has no display'],
  ['no program for it', 'linux', { PATH: '/nowhere', DISPLAY: ':0' }, 'found none of xdg-open, wslview'],
  ['another system', 'freebsd', { PATH: '/usr/bin:/bin' }, 'found none of the programs known'],
] as const)('starts nothing in %s', async (_, platform, environment, why) => {
  expect(await openBrowser(URL_OF_TEST, { platform, environment })).toContain(why);
});
