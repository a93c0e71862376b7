/** Starting programs, here and by a fork server: both tell what execa would. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Ended } from '../../../src/adapters/programs/starter.ts';
import { scratchFolder } from '../scratch-repository.ts';
import { STARTERS, script } from './starters.ts';

async function byExeca({ file, args, cwd, env, input, timeoutMs, bytesMax }: Command): Promise<Ended> {
  const result = await execa(file, args, {
    ...{ cwd, env, extendEnv: false, timeout: timeoutMs, maxBuffer: bytesMax },
    ...{ encoding: 'buffer', reject: false, stripFinalNewline: false },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  const [stdout = EMPTY, stderr = EMPTY] = [result.stdout, result.stderr].map((bytes) =>
    Buffer.from(bytes ?? []),
  );
  return { ...result, stdout, stderr };
}

const EMPTY = Buffer.alloc(0);
const file = () => {
  const path = join(scratchFolder(), 'file');
  writeFileSync(path, '');
  return path;
};
const ENDINGS: Readonly<Record<string, () => Command>> = {
  'prints to both': () => script('printf "a\\n"; printf "b\\377" >&2'),
  'prints nothing': () => script(''),
  'answers by its exit code': () => script('exit 3'),
  'is given nothing': () => script('cat; echo $?'),
  'is given an empty text': () => script('cat; echo $?', { input: '' }),
  'is given a text': () => script('cat', { input: 'ä\n' }),
  'is given bytes': () => script('cat', { input: Buffer.from([0, 255, 10, 128]) }),
  'is given what it does not read': () => script('exec true', { input: 'x'.repeat(1_000_000) }),
  'closes its stdin and goes on': () => script('exec <&-; echo on', { input: 'x'.repeat(1_000_000) }),
  'ends itself by a signal': () => script('kill -TERM $$'),
  'is not there': () => script('', { file: 'no-such-program' }),
  'is not on the PATH it is given': () => script('', { env: { PATH: '/nowhere' } }),
  'is no program': () => script('', { file: file() }),
  'has no folder': () => script('', { cwd: join(scratchFolder(), 'gone') }),
  'has a file for a folder': () => script('', { cwd: file() }),
  'gets its environment alone': () => script('env | grep -v "^PWD=\\|^_=\\|^SHLVL=" | sort', {}),
  'gets no variable that is taken out': () =>
    script('env | grep -c "^[AB]="', { env: { PATH: process.env.PATH, A: 'a', B: undefined } }),
  'takes too long': () => script('exec sleep 600', { timeoutMs: 200 }),
  'prints too much': () => script('exec cat /dev/zero', { bytesMax: 100_000 }),
  'complains too much': () => script('exec cat /dev/zero >&2', { bytesMax: 100_000 }),
  'prints as much as it may': () => script('head -c 100000 /dev/zero', { bytesMax: 100_000 }),
};

describe.each(STARTERS)('a program that %s starts', (_, make) => {
  it.each(Object.entries(ENDINGS))('%s', async (_name, command) => {
    const asked = command();
    const [ended, expected] = await Promise.all([make().run(asked), byExeca(asked)]);
    const { exitCode, signal, code, timedOut, isMaxBuffer, stdout, stderr } = expected;
    // Of one that prints too much nothing else counts; execa ends it also by no longer reading.
    if (isMaxBuffer) expect(ended).toMatchObject({ timedOut, isMaxBuffer });
    else expect(ended).toEqual({ exitCode, signal, code, timedOut, isMaxBuffer, stdout, stderr });
  });

  it('gets what it is given and tells what it says, byte by byte', async () => {
    const starter = make();
    const bytes = fc.uint8Array({ maxLength: 5_000 });
    const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    const words = fc.array(word.map((text) => Buffer.from(text).toString()));
    await fc.assert(
      fc.asyncProperty(bytes, words, fc.integer({ min: 0, max: 255 }), async (given, said, exitCode) => {
        const input = Buffer.from(given);
        const text = `cat; for word; do printf '%s\\0' "$word"; done >&2; exit ${exitCode}`;
        const ended = await starter.run(script(text, { input, words: said }));
        expect(ended.exitCode).toBe(exitCode);
        expect(ended.stdout).toEqual(input);
        expect(ended.stderr.toString()).toBe(said.map((one) => `${one}\0`).join(''));
      }),
      { numRuns: 50 },
    );
  });

  it('has an argument that can be none', async () => {
    expect(await make().run(script('', { args: ['a\0b'] }))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('is one of many at once', async () => {
    const starter = make();
    const numbers = Array.from({ length: 50 }, (_value, index) => index);
    const ended = await Promise.all(
      numbers.map((number) => starter.run(script(`echo ${number}; exit ${number}`))),
    );
    expect(ended.map(({ exitCode }) => exitCode)).toEqual(numbers);
    expect(ended.map(({ stdout }) => Number(stdout))).toEqual(numbers);
  });

  it('prints far more than a pipe holds', async () => {
    const input = Buffer.alloc(30_000_000, 'pawl ');
    const { stdout, stderr } = await make().run(script('cat', { input, bytesMax: input.length }));
    expect(stdout.equals(input)).toBe(true);
    expect(stderr).toEqual(EMPTY);
  });
});

describe.each(STARTERS)('two programs that %s joins', (_, make) => {
  const numbers = () => script('seq 100000');
  const count = () => script('wc -l; echo done >&2');

  it.each<[string, () => readonly [Command, Command], object, object]>([
    ['all is taken', () => [numbers(), count()], { exitCode: 0 }, { exitCode: 0 }],
    ['the input is sent on', () => [script('cat', { input: 'a\n' }), count()], {}, { exitCode: 0 }],
    ['the reader leaves', () => [numbers(), script('exit 4')], { code: undefined }, { exitCode: 4 }],
    ['the writer fails', () => [script('echo a; exit 5'), count()], { exitCode: 5 }, { exitCode: 0 }],
    ['there is no writer', () => [script('', { cwd: '/none' }), count()], { code: 'ENOENT' }, {}],
    ['the writer can be none', () => [script('', { cwd: file() }), count()], { code: 'ENOTDIR' }, {}],
    ['there is no reader', () => [numbers(), script('', { cwd: '/none' })], {}, { code: 'ENOENT' }],
    ['the reader can be none', () => [numbers(), script('', { cwd: file() })], {}, { code: 'ENOTDIR' }],
  ])('%s', async (_name, commands, sent, taken) => {
    const [from, to] = await make().pipe(...commands());
    expect([from, to]).toMatchObject([sent, taken]);
    if (to.exitCode === 0) expect(to.stderr.toString()).toBe('done\n');
    if (from.exitCode === 0 && to.exitCode === 0) expect(Number(to.stdout)).toBeGreaterThan(0);
  });
});

describe.each(STARTERS)('a program that %s keeps open', (_, make) => {
  it('answers as often as it is asked, and ends when it is not wanted any more', async () => {
    const program = make().open(script('while read -r line; do echo "<$line>"; done; exit 6'));
    for (const line of ['one', 'two']) {
      program.write(`${line}\n`);
      expect((await program.next())?.toString()).toBe(`<${line}>\n`);
    }
    program.close();
    expect(await program.ended()).toMatchObject({ exitCode: 6 });
    expect(await program.next()).toBeUndefined();
  });

  it('waits until its output is wanted', async () => {
    const program = make().open(script('head -c 5000000 /dev/zero; echo said >&2'));
    let size = 0;
    for (let chunk = await program.next(); chunk !== undefined; chunk = await program.next()) {
      size += chunk.length;
    }
    expect(size).toBe(5_000_000);
    const { exitCode, stderr } = await program.ended();
    expect([exitCode, stderr.toString()]).toEqual([0, 'said\n']);
  });

  it('is ended with output that nobody reads', async () => {
    const program = make().open(script('exec cat /dev/zero'));
    expect((await program.next())?.length).toBeGreaterThan(0);
    program.kill();
    expect(await program.ended()).toMatchObject({ signal: 'SIGKILL' });
  });

  it('says that it could not be started', async () => {
    const program = make().open(script('', { cwd: join(scratchFolder(), 'gone') }));
    program.write('anything\n');
    expect(await program.next()).toBeUndefined();
    expect(await program.ended()).toMatchObject({ code: 'ENOENT' });
  });
});
