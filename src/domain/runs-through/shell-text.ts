/** Commands in a text that a shell runs, as far as words tell: nothing is expanded. Pure. */

/** Words of a shell's own that a command stands behind, and of tools whose recipes are lists of commands. */
const BEFORE_COMMAND = /^(?:if|then|else|elif|do|while|until|!|\{|exec|command|eval|builtin|-|@|\w[\w-]*:)$/;
/** `$(dirname "$0")`, `$(cd … && pwd)`, `${BASH_SOURCE[0]%/*}`: the folder of the script. */
const HERE = [
  /\$\(\s*dirname\b[^()]*\)/g,
  /`\s*dirname\b[^`]*`/g,
  /\$\{(?:BASH_SOURCE[^}]*|0%\/\*|0:[ah]*)\}/g,
  /\$\(\s*cd\b[^()]*\)/g,
];

/** Each command as its words, in order; a quoted word may be a text with commands of its own. */
export function commandsIn(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    const command = withoutPrefix(words);
    if (command.length > 0) commands.push(command);
    words = [];
  };
  const plain = HERE.reduce((now, one) => now.replaceAll(one, '$HERE'), withoutComments(text));
  // Quoted parts, escaped characters, blanks; and else one character.
  for (const [piece] of plain.matchAll(/'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|\s+|[\s\S]/g)) {
    if (piece.includes('\n') && /^\s/.test(piece)) endCommand();
    else if (/^\s/.test(piece)) endWord();
    else if (/^[;&|()`]$/.test(piece)) endCommand();
    else word = (word ?? '') + unquoted(piece);
  }
  endCommand();
  return commands;
}

/** One with an apostrophe would be taken for a quotation that goes on in later lines. */
const withoutComments = (text: string): string =>
  text.replaceAll(/^([^'"\n]*\s)?#.*$/gm, '$1').replaceAll(/\\\r?\n/g, ' ');

function unquoted(piece: string): string {
  if (piece.length > 1 && /^['"]/.test(piece)) return piece.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1');
  return piece.startsWith('\\') ? piece.slice(1) : piece;
}

function withoutPrefix(words: readonly string[]): string[] {
  const rest = [...words];
  // `commands = pytest`, `TEST := node run.mjs`
  if (/^[:?+!]*=$/.test(rest[1] ?? '')) rest.splice(0, 2);
  while (BEFORE_COMMAND.test(rest[0] ?? '')) rest.shift();
  const [first, ...others] = rest;
  if (first === undefined) return [];
  // `@node run.mjs` in a recipe; `NAME=value` before a command, or a variable that holds one.
  const start = first.replace(/^[@+-]+(?=[\w./$])/, '').replace(/^\w+:?=/, '');
  return start === '' ? withoutPrefix(others) : [start, ...others];
}
