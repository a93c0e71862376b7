/** Commands as text: split exactly as a shell would, or refused. A real shell is the judge. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { quote } from 'shell-quote';
import { describe, expect, it } from 'vitest';
import { checkNameOf, commandText, splitCommand } from '../../src/domain/command-line.ts';

const words = fc.array(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((word) => !word.includes('\0')),
  { minLength: 1, maxLength: 5 },
);
const isVariable = ([first]: readonly string[]) => /^[A-Za-z_]\w*=/.test(first ?? '');

describe('splitting', () => {
  it.each<[string, string[]]>([
    ['npm test', ['npm', 'test']],
    ['  npm\t run   lint \n', ['npm', 'run', 'lint']],
    [`node -e 'a && b; $x' "c \\"d\\" \\$e"`, ['node', '-e', 'a && b; $x', 'c "d" $e']],
    [`a"b c"'d'e\\ f`, ['ab cde f']],
    ['go test ./...', ['go', 'test', './...']],
    ['npm \\\n  test', ['npm', 'test']],
    ['env A=1 npm test', ['env', 'A=1', 'npm', 'test']],
    ['x a#b c=d {e,f} !g é', ['x', 'a#b', 'c=d', '{e,f}', '!g', 'é']],
    [`x '*' "?" \\[`, ['x', '*', '?', '[']],
  ])('%j', (text, command) => {
    expect(splitCommand(text)).toEqual({ ok: true, command });
  });

  it.each([
    ['', 'nothing'],
    [' \t', 'nothing'],
    [`''`, 'an empty word'],
    ['a b && c', 'an operator'],
    ['a | b', 'a pipe'],
    ['a > b', 'a redirection'],
    ['a; b', 'an operator'],
    ['a\nb', 'a second line'],
    ['a (b)', 'a bracket'],
    ['a *.js', 'a file pattern'],
    ['a $HOME', 'an expansion'],
    ['a "$(b)"', 'an expansion'],
    ['a `b`', 'an expansion'],
    ['a "`b`"', 'an expansion'],
    ['~/a', 'an expansion'],
    ['a # b', 'a comment'],
    [`a 'b`, 'a quote that is not closed'],
    ['a "b', 'a quote that is not closed'],
    ['a "b\\"', 'a quote that is not closed'],
    ['a \\', 'a backslash at the end'],
    ['A=1 npm test', 'a variable (start with env A=1)'],
    ['a\0b', 'a NUL character'],
  ])('refuses %j: %s', (text, found) => {
    const split = splitCommand(text);
    expect(split).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`found ${found}`),
    });
    expect(JSON.stringify(split)).not.toMatch(/\n/);
  });

  it('gives the words back that were quoted', () => {
    fc.assert(
      fc.property(words, (command) => {
        fc.pre(!isVariable(command));
        expect(splitCommand(commandText(command))).toEqual({ ok: true, command });
        // A backslash before a line break joins the lines, also in what shell-quote writes.
        if (!command.some((word) => word.includes('\n')))
          expect(splitCommand(quote(command))).toEqual({ ok: true, command });
      }),
    );
  });

  it('what it takes, a shell reads the same way', () => {
    const texts = fc.sample(
      fc.array(fc.constantFrom(...`ab '"\\\n\t$\`*#=~-;|{}!é`), { maxLength: 8 }).map((all) => all.join('')),
      4_000,
    );
    const taken = texts.flatMap((text) => {
      const split = splitCommand(`x ${text}`);
      return split.ok ? [{ text, command: split.command.slice(1) }] : [];
    });
    expect(taken.length).toBeGreaterThan(100);
    const script = taken.map(({ text }) => `printf '<%s>' ${text}\nprintf '\\0'\n`).join('');
    const { stdout } = spawnSync('sh', { input: script, encoding: 'utf8' });
    const expected = taken.map(({ command }) =>
      command.length === 0 ? '<>' : command.map((word) => `<${word}>`).join(''),
    );
    expect(stdout.split('\0').slice(0, -1)).toEqual(expected);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => typeof splitCommand(text).ok === 'boolean'),
    );
  });
});

it('names a check by what it runs', () => {
  expect(checkNameOf(['node', '-e', `it's`])).toBe(`node -e 'it'\\''s'`);
  expect(checkNameOf(['x', 'y'.repeat(500)])).toHaveLength(100);
});
