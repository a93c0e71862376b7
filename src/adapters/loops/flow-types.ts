/**
 * Types in braces: `{ files: string[], risk: enum(low, high) }` reads well and is no YAML, where a bracket or a comma ends a
 * word in braces. Such types are put in quotes before the text is read; no line moves. Pure.
 */
import { Lexer } from 'yaml';

/** What the lexer tells besides the text itself: a document or a scalar begins, braces end too early. */
const SCALAR_BEGINS = '\u001f';
const CONTROL = ['\u0002', '\u0018', SCALAR_BEGINS];

export function quoteFlowTypes(text: string): string {
  if (!/string\[|enum\(/.test(text)) return text;
  const lexemes = [...new Lexer().lex(text)];
  // Not of a text that has such characters itself.
  if (withoutControl(lexemes) !== text) return text;
  const around: string[] = [];
  let quoted = '';
  for (let at = 0; at < lexemes.length; at++) {
    const lexeme = lexemes[at] ?? '';
    if (lexeme === '{' || lexeme === '[') around.push(lexeme);
    if (lexeme === '}' || lexeme === ']') around.pop();
    const isWord = lexemes[at - 1] === SCALAR_BEGINS && around.at(-1) === '{';
    const count = isWord ? lengthOfType(lexemes.slice(at, at + LEXEMES_MAX)) : 0;
    if (count > 0) {
      quoted += `"${withoutControl(lexemes.slice(at, at + count))}"`;
      at += count - 1;
    } else quoted += withoutControl([lexeme]);
  }
  return quoted;
}

/** An enum of as many values as there may be, each with what stands between. */
const LEXEMES_MAX = 300;

const withoutControl = (lexemes: readonly string[]): string =>
  lexemes.filter((lexeme) => !CONTROL.includes(lexeme)).join('');

/** How many lexemes from here are one type that needs quotes; 0: none. */
function lengthOfType(lexemes: readonly string[]): number {
  const [first = '', second, third] = lexemes;
  if (first === 'string' && second === '[' && third === ']') return 3;
  if (!first.startsWith('enum(') || first.includes(')')) return 0;
  const end = lexemes.findIndex((lexeme) => /^[{}[\]:]$|["\\]/.test(lexeme) || lexeme.endsWith(')'));
  return lexemes[end]?.endsWith(')') && !/["\\]/.test(lexemes[end] ?? '') ? end + 1 : 0;
}
