/** The home and the two words in it, on a real file system. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { hostIdOf, hostQueueOf, inHome, makeHome, secretOf, tokenOf } from '../../src/engine/home.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

it('is made for its user alone, with the folders above it, and made again changes nothing', () => {
  const home = join(folder, 'a', 'b');
  expect(makeHome(home)).toBe(home);
  expect(modeOf(home)).toBe(0o700);
  expect(makeHome(home)).toBe(home);
  expect(readdirSync(home)).toEqual([]);
});

it('is closed to others when it was open: an empty folder, or one of Pawl', () => {
  const home = join(folder, 'home');
  mkdirSync(home);
  chmodSync(home, 0o755);
  makeHome(home);
  expect(modeOf(home)).toBe(0o700);
  hostIdOf(home);
  chmodSync(home, 0o755);
  makeHome(home);
  expect(modeOf(home)).toBe(0o700);
});

it('may have been given its variables before the first start', () => {
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o755 });
  chmodSync(home, 0o755);
  writeFileSync(join(home, '.env'), 'A=1');
  makeHome(home);
  expect(modeOf(home)).toBe(0o700);
  // Many a project has such a file: it makes no home of it.
  chmodSync(home, 0o755);
  writeFileSync(join(home, 'package.json'), '{}');
  expect(() => makeHome(home)).toThrow('holds other things');
  expect(modeOf(home)).toBe(0o755);
});

it("does not touch somebody's open folder", () => {
  const home = join(folder, 'home');
  mkdirSync(home);
  chmodSync(home, 0o755);
  writeFileSync(join(home, 'thesis.txt'), '');
  expect(() => makeHome(home)).toThrow(/open to others \(mode 755\).*PAWL_HOME/);
  expect(modeOf(home)).toBe(0o755);
  expect(readdirSync(home)).toEqual(['thesis.txt']);
});

it('is named without links', () => {
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  symlinkSync(home, join(folder, 'link'));
  expect(makeHome(join(folder, 'link'))).toBe(home);
});

it.each([
  ['a file', () => file('home')],
  ['a folder in a file', () => join(file('home'), 'inner')],
])('says of %s that it is not a folder', (_, make) => {
  const home = make();
  expect(() => makeHome(home)).toThrow(`${home} is not a folder: set PAWL_HOME to one`);
});

it('says that it is not writable where nothing can be made', () => {
  expect(() => makeHome('/proc/pawl-home')).toThrow(
    /^\/proc\/pawl-home is not writable \(E\w+\): make it writable, or set PAWL_HOME/,
  );
});

it('says that there is no space, before anything is written', () => {
  const home = join(folder, 'home');
  expect(() => makeHome(home, Number.MAX_SAFE_INTEGER)).toThrow(/no disk space left in .*home: free some/);
  expect(readdirSync(home)).toEqual([]);
});

it.each([
  [Object.assign(new Error('x'), { code: 'ENOSPC' }), /no disk space left/],
  [
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
    /no disk space left/,
  ],
  [
    Object.assign(new Error('unable to open database file'), { code: 'ERR_SQLITE_ERROR', errcode: 14 }),
    /not writable \(unable to open/,
  ],
  [Object.assign(new Error('x'), { code: 'EROFS' }), /not writable \(EROFS\)/],
])('puts what the file system refuses into one line: %s', (error, words) => {
  const act = () =>
    inHome('/home', () => {
      throw error;
    });
  expect(act).toThrow(words);
  expect(act).toThrow(expect.objectContaining({ code: 'precondition', cause: error }));
});

it('makes token and host id once, for the user alone', () => {
  const token = tokenOf(folder, {});
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(tokenOf(folder, {})).toBe(token);
  expect(hostIdOf(folder)).toBe(hostIdOf(folder));
  expect(hostQueueOf(folder)).toBe(`pawl-host-${hostIdOf(folder)}`);
  expect(modeOf(placesIn(folder).token)).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['host-id', 'token']);
});

it('takes PAWL_TOKEN instead, and makes none then', () => {
  expect(tokenOf(folder, { PAWL_TOKEN: 'a-token-of-the-user' })).toBe('a-token-of-the-user');
  expect(existsSync(placesIn(folder).token)).toBe(false);
});

it.each(['short', 'has a blank in the middle', 'line\nbreak-line-break', 'ü'.repeat(20)])(
  'refuses a token that no header can carry, without showing it: %j',
  (token) => {
    expect(() => tokenOf(folder, { PAWL_TOKEN: token })).toThrow(/^PAWL_TOKEN: expected at least 16 visible/);
    expect(() => tokenOf(folder, { PAWL_TOKEN: token })).not.toThrow(token);
  },
);

it('refuses a token file that was emptied', () => {
  writeFileSync(placesIn(folder).token, '');
  expect(() => tokenOf(folder, {})).toThrow(/token: expected .* delete the file/);
});

it.each(['', 'short'])('refuses a secret that was emptied or cut, and leaves it: %j', (secret) => {
  const { secret: path } = placesIn(folder);
  writeFileSync(path, secret);
  expect(() => secretOf(folder)).toThrow(/secret: expected at least 16 .*delete the file.*pawl token create/);
  expect(readFileSync(path, 'utf8')).toBe(secret);
});

it('gives all processes that make the token at once the same one', async () => {
  const source = `import { tokenOf } from ${JSON.stringify(join(import.meta.dirname, '../../src/engine/home.ts'))};
    process.stdout.write(tokenOf(${JSON.stringify(folder)}, {}));`;
  const made = await Promise.all(
    Array.from({ length: 6 }, () =>
      execa(process.execPath, ['--input-type=module-typescript', '-e', source]),
    ),
  );
  expect(new Set(made.map(({ stdout }) => stdout))).toEqual(new Set([tokenOf(folder, {})]));
  expect(readdirSync(folder)).toEqual(['token']);
});

it('says that there is no space on a disk that is full', (context) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    context.skip('needs the right to mount');
  }
  try {
    expect(() => makeHome(disk)).toThrow(/no disk space left/);
  } finally {
    execFileSync('umount', [disk]);
  }
});

function file(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  return path;
}
