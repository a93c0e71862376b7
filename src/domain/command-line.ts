/**
 * A command as people write it and as a program is started. The text is split as a shell would split it, but no shell
 * ever reads it: whatever a shell would expand, redirect or chain is refused. Own code, because shell-quote takes an
 * unclosed quote, a `#` within a word and a backquote without a word.
 */
import { clip } from './limits.ts';
import type { Command } from './task-spec.ts';

export type SplitCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: string };

const UNQUOTED: Readonly<Record<string, string>> = {
  '|': 'a pipe or operator',
  '&': 'an operator',
  ';': 'an operator',
  '<': 'a redirection',
  '>': 'a redirection',
  '(': 'a bracket',
  ')': 'a bracket',
  '\n': 'a second line',
  '*': 'a file pattern',
  '?': 'a file pattern',
  '[': 'a file pattern',
};
const EXPANSIONS: Readonly<Record<string, string>> = { $: 'an expansion', '`': 'an expansion' };
const WORD_START: Readonly<Record<string, string>> = { '~': 'an expansion', '#': 'a comment' };

/** Between words. A shell joins the lines at a backslash before their break. */
const BLANKS = /^(?:[ \t]|\\\n)+/;

/** The words of a command; `problem` says in one line what a shell would be needed for. Pure. */
export function splitCommand(text: string): SplitCommand {
  const refuse = (what: string): SplitCommand => ({
    ok: false,
    problem: `expected a program and its arguments, found ${what} in ${JSON.stringify(clip(text, 100))}: no shell reads it, write sh -c '…' to use one`,
  });
  if (text.includes('\0')) return refuse('a NUL character');
  const words: string[] = [];
  let rest = text
    .replace(/(?<!\\)[ \t\r\n]+$/, '')
    .replace(/^[ \t\r\n]+/, '')
    .replace(BLANKS, '');
  while (rest !== '') {
    const word = readWord(rest);
    if ('found' in word) return refuse(word.found);
    if (word.value === '') return refuse('an empty word');
    words.push(word.value);
    rest = word.rest.replace(BLANKS, '');
  }
  const [program] = words;
  if (program === undefined) return refuse('nothing');
  if (/^[A-Za-z_]\w*=/.test(program)) return refuse(`a variable (start with env ${clip(program, 40)})`);
  return { ok: true, command: words };
}

/** The command as one would type it: `splitCommand` of it gives the same words. */
export const commandText = (command: Command): string =>
  command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');

/** What a check is called that has no name of its own. */
export const checkNameOf = (command: Command): string => clip(commandText(command), 100);

type Read = { readonly value: string; readonly rest: string } | { readonly found: string };

/** One word from the start of a text that does not start with a blank. */
function readWord(text: string): Read {
  const first = WORD_START[text.charAt(0)];
  if (first !== undefined) return { found: first };
  let value = '';
  let rest = text;
  while (rest !== '' && !/^[ \t]/.test(rest)) {
    const piece = readPiece(rest);
    if ('found' in piece) return piece;
    value += piece.value;
    rest = piece.rest;
  }
  return { value, rest };
}

/** A quoted part, an escaped character or a run of plain ones. */
function readPiece(text: string): Read {
  const character = text.charAt(0);
  if (character === "'") {
    const end = text.indexOf("'", 1);
    return end < 0
      ? { found: 'a quote that is not closed' }
      : { value: text.slice(1, end), rest: text.slice(end + 1) };
  }
  if (character === '"') return readDoubleQuoted(text);
  if (character === '\\') {
    if (text.length === 1) return { found: 'a backslash at the end' };
    return { value: text[1] === '\n' ? '' : text.slice(1, 2), rest: text.slice(2) };
  }
  const found = UNQUOTED[character] ?? EXPANSIONS[character];
  if (found !== undefined) return { found };
  const plain = /^[^'"\\|&;<>()\n*?[$` \t]+/.exec(text)?.[0] ?? character;
  return { value: plain, rest: text.slice(plain.length) };
}

function readDoubleQuoted(text: string): Read {
  let value = '';
  for (let at = 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return { value, rest: text.slice(at + 1) };
    const found = EXPANSIONS[character];
    if (found !== undefined) return { found };
    const next = text.charAt(at + 1);
    if (character === '\\' && next !== '' && '$`"\\\n'.includes(next)) {
      value += next === '\n' ? '' : next;
      at++;
    } else {
      value += character;
    }
  }
  return { found: 'a quote that is not closed' };
}

/** Whether its program is a file of the workspace, which set-up or the agent may yet make: `./check.sh`, `node_modules/.bin/tsc`. */
export const isOfWorkspace = ([program = '']: readonly string[]): boolean =>
  program.includes('/') && !program.startsWith('/');
