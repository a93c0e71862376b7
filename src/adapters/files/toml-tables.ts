/** TOML of which some values are taken from another text, by cutting both texts where the parser says that values stand. */
import { isDeepStrictEqual } from 'node:util';
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';

type Keys = readonly string[];

/**
 * `now` with all values that `isTaken` names as in `base`; undefined where they are the same. Where `now` cannot be read, or one
 * table would stand in both parts, it is `base`.
 */
export function withTablesOf(
  now: string,
  base: string,
  isTaken: (keys: Keys) => boolean,
): string | undefined {
  const before = parsed(base);
  if (before === undefined) return undefined;
  const after = parsed(now);
  if (after === undefined) return base;
  const wanted = valuesOf(before, isTaken);
  if (isDeepStrictEqual(valuesOf(after, isTaken), wanted)) return undefined;
  const isOwn = (keys: Keys) => !isTaken(keys);
  // Values without a table come first in either, and end where the first table begins.
  const own = partsOf(now, after, isOwn);
  const taken = partsOf(base, before, isTaken);
  const merged = [own.top, taken.top, own.tables, taken.tables].join('\n');
  const result = parsed(merged);
  const isWhole =
    result !== undefined &&
    isDeepStrictEqual(valuesOf(result, isTaken), wanted) &&
    isDeepStrictEqual(valuesOf(result, isOwn), valuesOf(after, isOwn));
  return isWhole ? merged : base;
}

/** What `text` says under the names that `isTaken` names and nothing else of it; undefined where it cannot be read. */
export function tablesOf(text: string, isTaken: (keys: Keys) => boolean): string | undefined {
  const program = parsed(text);
  if (program === undefined) return undefined;
  const { top, tables } = partsOf(text, program, isTaken);
  return `${top}\n${tables}\n`;
}

function parsed(text: string): AST.TOMLProgram | undefined {
  try {
    // The parser takes `""` for an open string where nothing comes after it, so a last line always gets its end.
    return parseTOML(`${text}\n`, { tomlVersion: '1.1' });
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

type Entry = AST.TOMLKeyValue | AST.TOMLTable;
const entriesOf = ({ body: [top] }: AST.TOMLProgram): readonly Entry[] => top.body;

const keysIn = (entry: AST.TOMLKeyValue, table: readonly (string | number)[] = []): string[] => [
  ...table.filter((key) => typeof key === 'string'),
  ...entry.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value)),
];

/** What is left of a text, in front of its first table and from there on. */
function partsOf(text: string, program: AST.TOMLProgram, isWanted: (keys: Keys) => boolean) {
  const slice = ({ range: [start, end] }: Entry) => text.slice(start, end);
  const lines: { readonly top: string[]; readonly tables: string[] } = { top: [], tables: [] };
  for (const entry of entriesOf(program)) {
    if (entry.type === 'TOMLKeyValue') {
      if (isWanted(keysIn(entry))) lines.top.push(slice(entry));
      continue;
    }
    const wanted = entry.body.filter((one) => isWanted(keysIn(one, entry.resolvedKey)));
    const isEmpty = entry.body.length === 0 && isWanted(entry.resolvedKey.map(String));
    if (wanted.length === 0 && !isEmpty) continue;
    const header = text.slice(entry.range[0], entry.body[0]?.range[0] ?? entry.range[1]).trimEnd();
    lines.tables.push(header, ...wanted.map(slice));
  }
  return { top: lines.top.join('\n'), tables: lines.tables.join('\n') };
}

/** Each wanted value with its path, whatever tables it stands in; that of an entry of a list with its number. */
function valuesOf(program: AST.TOMLProgram, isWanted: (keys: Keys) => boolean): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const entry of entriesOf(program)) {
    const [table, body] = entry.type === 'TOMLTable' ? [entry.resolvedKey, entry.body] : [[], [entry]];
    for (const one of body) {
      const keys = keysIn(one, table);
      if (isWanted(keys)) values.set(JSON.stringify([table, keys]), getStaticTOMLValue(one.value));
    }
  }
  return values;
}
