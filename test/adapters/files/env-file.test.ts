/** `$PAWL_HOME/.env` as people write it, and what they get wrong. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envFileWarnings, readEnvFile } from '../../../src/adapters/files/env-file.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { LIMITS } from '../../../src/domain/limits.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = () => join(folder, '.env');
const reading = (text: string | Buffer) => {
  writeFileSync(path(), text, { mode: 0o600 });
  return readEnvFile(path());
};

describe('a file', () => {
  it('that is not there has nothing', () => {
    expect(readEnvFile(path())).toEqual({});
    expect(envFileWarnings(path())).toEqual([]);
  });

  it.each([
    ['', {}],
    ['# all of it\n\n', {}],
    ['A=1\r\nexport B = "two words" # why\nC=\n', { A: '1', B: 'two words', C: '' }],
    ['\uFEFFA=1', { A: '1' }],
    [
      'A="1"# why\nB=2 # why\nC= # why\nD=\'#\'\nE="x # y"\r\nF=1\r',
      { A: '1', B: '2', C: '', D: '#', E: 'x # y', F: '1' },
    ],
    [`A="it's"\nB='say "x"'\nC=it's\nD==x`, { A: "it's", B: 'say "x"', C: "it's", D: '=x' }],
    [
      'KEY="-----BEGIN\nMII=ab\n\nxx=\n# no comment\n-----END"\nB=1',
      { KEY: '-----BEGIN\nMII=ab\n\nxx=\n# no comment\n-----END', B: '1' },
    ],
  ])('with %j', (text, variables) => {
    expect(reading(text)).toEqual(variables);
  });

  it.each([
    ['FOO\nB=2', 1],
    ['A=1\nA: 2', 2],
    ['A=1\n\nopen sesame', 3],
    ['# x\nA="open', 2],
    ["A='open\nB=2", 1],
    ['1A=2', 1],
    ['two words=3', 1],
    ['=3', 1],
    ['<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> x', 1],
    ['{"A": 1}', 1],
    ["A=1\nTOK='it's-sesame'", 2],
    ['TOK="open" sesame', 1],
    ['KEY="one\ntwo" sesame\nB=1', 1],
    ["A='open\nB='sesame'", 1],
    ['A=1\nKEY=open#sesame', 2],
    ['KEY=#sesame', 1],
    ['A=1\nKEY=open\rsesame\nB=1', 2],
    ['A=1\rB=sesame', 1],
    ['KEY="open\rsesame"', 1],
    ['export\tKEY=sesame', 1],
  ])('with %j is wrong in a line that is named, and nothing of it is shown', (text, line) => {
    expect(() => reading(text)).toThrow(new RegExp(`^${path()}: line ${line}: expected NAME=value`));
    expect(() => reading(text)).not.toThrow(/sesame/);
    expect(envFileWarnings(path())).toHaveLength(1);
  });

  it.each([
    ['a NUL', Buffer.from('A=\0')],
    ['bytes that are no text', Buffer.from([0x41, 0x3d, 0xff, 0xfe])],
    ['too much', Buffer.alloc(LIMITS.envFileBytesMax + 1, 'A')],
  ])('with %s is refused', (_, bytes) => {
    expect(() => reading(bytes)).toThrow(PawlError);
  });

  it('with whatever is in it is read or refused in words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('A', 'B=', '=', '"', "'", '\n', '#', ' ', 'x', '\\', 'export ')),
        (parts) => {
          try {
            reading(parts.join(''));
          } catch (error) {
            expect(error).toBeInstanceOf(PawlError);
          }
        },
      ),
    );
  });
});

it('a value without quotes is read as it stands, or its line is refused', () => {
  const part = fc.constantFrom('a', 'b', '#', ' ', '\t', '=', "'", '"', '`', '\\', '\\n', '$', '\r');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const written = `x${parts.join('')}`;
      try {
        expect(reading(`A=${written}\n`)).toEqual({ A: written.replace(/\s#.*$/s, '').trim() });
      } catch (error) {
        if (!(error instanceof PawlError)) throw error;
        expect(written).toMatch(/\S#|\r./s);
      }
    }),
  );
});

it.each([
  ['a folder', () => mkdirSync(path()), /expected a file/],
  ['a pipe', () => execFileSync('mkfifo', [path()]), /expected a file/],
  ['a link to itself', () => symlinkSync(path(), path()), /cannot be read \(ELOOP\)/],
  [
    'below a file',
    () => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, '');
    },
    /cannot be read \(ENOTDIR\)/,
  ],
] as const)('%s is told and not waited for', (_, make, words) => {
  make();
  expect(() => readEnvFile(path())).toThrow(words);
});

it.each([0o640, 0o604, 0o620, 0o666])(
  'a file of mode %o is read, with a warning that says what to do',
  (mode) => {
    reading('A=1');
    chmodSync(path(), mode);
    expect(readEnvFile(path())).toEqual({ A: '1' });
    expect(envFileWarnings(path())).toEqual([
      `${path()} is open to other users (mode ${mode.toString(8)}): run \`chmod 600 ${path()}\``,
    ]);
  },
);
