/** Reads the text of a `pawl.yaml`: every problem in one error, each with its line and path. */
import { type Document, isMap, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { CONFIGURATION_FILE } from '../../domain/configuration-name.ts';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';
import { RepositoryConfig } from '../../domain/repository-config.ts';

export interface ConfigProblem {
  readonly line: number;
  /** Such as `checks[1].run`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

/**
 * The configuration with its defaults filled in; a text of nothing but comments gives all defaults. Pure.
 * @throws PawlError `invalid_input`; its details are the `ConfigProblem`s
 */
export function parseRepositoryConfig(text: string): RepositoryConfig {
  if (text.length > LIMITS.configurationCharsMax) {
    const message = `expected at most ${LIMITS.configurationCharsMax} characters, got ${text.length}`;
    throw invalid([{ line: 1, path: '', message }]);
  }
  const lines = new LineCounter();
  const document = readDocument(text, lines);
  const wrong = problemsOfYaml(document, lines);
  if (wrong.length > 0) throw invalid(wrong);
  const read = RepositoryConfig.safeParse(document.toJS() ?? {});
  if (read.success) return read.data;
  throw invalid(read.error.issues.flatMap((issue) => problemsOf(issue, document, lines)));
}

function readDocument(text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false, schema: 'core' });
  } catch (error) {
    // The parser goes as deep as the text nests.
    if (error instanceof RangeError) throw invalid([{ line: 1, path: '', message: 'is nested too deep' }]);
    throw error;
  }
}

function problemsOfYaml(document: Document, lines: LineCounter): ConfigProblem[] {
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
  return problems;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  /** What is wrong with a key itself. */
  readonly issues?: readonly { readonly message: string }[];
}

function problemsOf(
  { code, path, message, keys, issues }: Issue,
  document: Document,
  lines: LineCounter,
): ConfigProblem[] {
  if (code !== 'unrecognized_keys' || keys === undefined) {
    return [
      { line: lineOf(document, path, lines), path: pathText(path), message: issues?.[0]?.message ?? message },
    ];
  }
  return keys.map((key) => ({
    line: lineOf(document, [...path, key], lines),
    path: pathText([...path, key]),
    message: 'is not a known key',
  }));
}

/** Where the value at `path` stands, or the nearest one around it that is there. */
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
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
    .replaceAll(/\s+/g, ' ');

function invalid(problems: readonly ConfigProblem[]): PawlError {
  const words = problems.map(
    ({ line, path, message }) => `line ${line}${path === '' ? '' : `, ${path}`}: ${message}`,
  );
  return new PawlError('invalid_input', `${CONFIGURATION_FILE} is not valid: ${words.join('; ')}`, {
    details: problems,
  });
}
