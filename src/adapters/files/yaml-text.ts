/** YAML as Pawl reads it: plain data, each problem with its line and path. Nothing in it can stand for more than it is. */
import { type Document, isMap, isNode, Lexer, LineCounter, parseDocument, visit } from 'yaml';

export interface YamlProblem {
  readonly line: number;
  /** Such as `checks[1].run`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

export type ReadYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Where the value at `path` stands, or the nearest one around it that is there. */
      readonly lineOf: (path: readonly PropertyKey[]) => number;
    }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

/** What was decoded with care for what is no UTF-8 comes in as text; a text of nothing but comments has no value. Pure. */
export function readYaml(text: string, charsMax: number): ReadYaml {
  if (text.length > charsMax) {
    const message = `expected at most ${charsMax} characters, got ${text.length}`;
    return { ok: false, problems: [{ line: 1, path: '', message }] };
  }
  const deep = lineNestedTooDeep(text);
  if (deep !== undefined)
    return { ok: false, problems: [{ line: deep, path: '', message: 'is nested too deep' }] };
  const lines = new LineCounter();
  const options = { lineCounter: lines, uniqueKeys: true, prettyErrors: false, schema: 'core' } as const;
  const document = parseDocument(text, options);
  const problems = problemsIn(document, lines);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: document.toJS(), lineOf: (path) => lineOf(document, path, lines) };
}

const DEPTH_MAX = 100;

/** The parser goes as deep as the text nests, and takes minutes over a text that does nothing else. */
function lineNestedTooDeep(text: string): number | undefined {
  let depth = 0;
  let dashes = 0;
  let line = 1;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '{' || lexeme === '[') depth++;
    else if (lexeme === '}' || lexeme === ']') depth--;
    else if (lexeme === '-' || lexeme === '?') dashes++;
    if (depth > DEPTH_MAX || dashes > DEPTH_MAX) return line;
    const breaks = lexeme.split('\n').length - 1;
    line += breaks;
    if (breaks > 0) dashes = 0;
  }
  return undefined;
}

/** One slip at the top can make a problem of every line. */
const PROBLEMS_MAX = 100;

function problemsIn(document: Document, lines: LineCounter): YamlProblem[] {
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    path: '',
    message: message.replaceAll(/\s+/g, ' '),
  }));
  visit(document, {
    // A few lines of aliases can stand for gigabytes.
    Alias: (_, { range }) => {
      problems.push({
        line: lineAt(range, lines),
        path: '',
        message: 'aliases are not allowed: write it out',
      });
    },
  });
  return problems.slice(0, PROBLEMS_MAX);
}

function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const around = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(around) ? around.items.find(({ key }) => String(key) === String(last)) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node)) return lineAt(node.range, lines);
  }
  return 1;
}

const lineAt = (range: readonly [number, number, number] | null | undefined, lines: LineCounter): number =>
  lines.linePos(range?.[0] ?? 0).line || 1;

/** In one line: a key may be whatever YAML has. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
    .replaceAll(/\s+/g, ' ');
