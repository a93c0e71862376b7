/**
 * Pawl's entry in Codex's TOML: the table `[mcp_servers.pawl]` and those below it. The parser tells where things stand,
 * and the text is changed there alone.
 */
import { isDeepStrictEqual } from 'node:util';
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { applyEdits, type ConfigurationText, type Edit, lineEnd, UnfitText } from './configuration-text.ts';
import { ENTRY_NAME, type Entry, isStarted, type StdioEntry } from './entry.ts';

const SERVERS = 'mcp_servers';
const HEADER = `[${SERVERS}.${ENTRY_NAME}]`;

export const tomlServers: ConfigurationText<Entry> = {
  read: (text) => readEntry(parse(text)),
  put(text, entry) {
    if (!isStarted(entry)) throw new UnfitText('expected an entry that starts a program, found an address');
    const program = parse(text);
    if (readEntry(program) === undefined) return proven(append(text, entry));
    const table = ownTables(program).find(({ resolvedKey }) => resolvedKey.length === 2);
    if (table === undefined) throw new UnfitText(`expected a table ${HEADER}, found only tables below it`);
    return proven(applyEdits(text, update(text, program, table, entry)));
  },
  remove: (text) => {
    const tables = ownTables(parse(text));
    return proven(
      applyEdits(
        text,
        tables.map((table) => cutTable(text, table)),
      ),
    );
  },
  others(text) {
    const { [SERVERS]: servers, ...rest } = getStaticTOMLValue(parse(text));
    const { [ENTRY_NAME]: _, ...others } = { ...(servers as object | undefined) } as Record<string, unknown>;
    return { rest, others };
  },
  nothing: '',
};

function parse(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.1' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UnfitText(`expected TOML, found in line ${error.lineNumber}: ${error.message}`);
  }
}

/** A table cannot be added to what is written inline, say. @throws UnfitText */
function proven(text: string): string {
  parse(text);
  return text;
}

const ownTables = ({ body: [top] }: AST.TOMLProgram): readonly AST.TOMLTable[] =>
  top.body.filter(
    (part) =>
      part.type === 'TOMLTable' && part.resolvedKey[0] === SERVERS && part.resolvedKey[1] === ENTRY_NAME,
  ) as AST.TOMLTable[]; // the filter's own condition

/** @throws UnfitText where it is no table of its own: `pawl = {…}`, `pawl.command = …` */
function readEntry(program: AST.TOMLProgram): unknown {
  const servers = getStaticTOMLValue(program)[SERVERS];
  const isTable = typeof servers === 'object' && !Array.isArray(servers) && !(servers instanceof Date);
  if (servers !== undefined && !isTable) throw new UnfitText(`expected ${SERVERS} to be a table`);
  const entry = servers?.[ENTRY_NAME];
  if (entry !== undefined && ownTables(program).length === 0)
    throw new UnfitText(`expected ${ENTRY_NAME} as a table ${HEADER}, found it written in another way`);
  return entry;
}

/** After an empty line. Whether the text ends in a line end is kept: then a removal gives back the same bytes. */
function append(text: string, entry: StdioEntry): string {
  const eol = lineEnd(text);
  const values = { command: entry.command, args: entry.args, ...(entry.env && { env: entry.env }) };
  const lines = [HEADER, ...Object.entries(values).map(([key, value]) => `${key} = ${toml(value)}`)];
  const block = lines.join(eol);
  if (text === '') return block + eol;
  return text.endsWith('\n') ? `${text}${eol}${block}${eol}` : `${text}${eol}${eol}${block}`;
}

function update(
  text: string,
  program: AST.TOMLProgram,
  table: AST.TOMLTable,
  entry: StdioEntry,
): readonly Edit[] {
  const edits: Edit[] = [];
  const there = readEntry(program) as StdioEntry; // tables of ours were found, so it is a table
  for (const key of ['command', 'args'] as const) {
    const pair = table.body.find((one) => nameOf(one) === key);
    if (pair === undefined) throw new UnfitText(`expected ${key} in ${HEADER}, found none`);
    const [start, end] = pair.value.range;
    if (!isDeepStrictEqual(there[key], entry[key])) edits.push({ start, end, text: toml(entry[key]) });
  }
  const env = entry.env ?? {};
  if (isDeepStrictEqual(there.env ?? {}, env)) return edits;
  const start = lineAfter(text, table.key.range[1]);
  const line = `env = ${toml(env)}${lineEnd(text)}`;
  if (Object.keys(env).length > 0) edits.push({ start, end: start, text: line });
  for (const pair of table.body) if (nameOf(pair) === 'env') edits.push(cutLines(text, pair.range));
  const below = ownTables(program).filter(({ resolvedKey }) => resolvedKey[2] === 'env');
  return [...edits, ...below.map((one) => cutTable(text, one))];
}

/** The first part of its key: `env` also of `env.PAWL_HOME`. */
const nameOf = ({ key }: AST.TOMLKeyValue): string | undefined => getStaticTOMLValue(key)[0];

/** With the empty line before it, which `append` makes. */
function cutTable(text: string, table: AST.TOMLTable): Edit {
  const last = table.body.at(-1)?.range[1] ?? table.range[1];
  const { start, end } = cutLines(text, [table.range[0], last]);
  const [both, , emptyLine] = /(\r?\n)(\r?\n)$/.exec(text.slice(0, start)) ?? ['', '', ''];
  const endsOpen = end === text.length && !text.endsWith('\n');
  return { start: start - (endsOpen ? both : (emptyLine ?? '')).length, end, text: '' };
}

const cutLines = (text: string, [from, to]: readonly [number, number]): Edit => ({
  start: text.lastIndexOf('\n', from - 1) + 1,
  end: lineAfter(text, to),
  text: '',
});

function lineAfter(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

/** JSON's strings are TOML's, but for one character that TOML wants escaped. */
function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${bare(key)} = ${toml(one)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

const bare = (key: string): string => (/^[\w-]+$/.test(key) ? key : toml(key));
