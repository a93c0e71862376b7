/**
 * Pawl's entry in JSON with comments. The parser tells where things stand, and the text is changed there alone:
 * jsonc-parser's own `modify` formats the whole line that it touches, which may be all of the file.
 */
import {
  createScanner,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { applyEdits, type Edit, ENTRY_NAME, lineEnd, type ServersText, UnfitText } from './servers-text.ts';

/** As editors read their own settings. */
const READING = { allowTrailingComma: true };

/** Servers stand in the object `key` of the file. */
export const jsonServers = (key: string): ServersText => ({
  read(text) {
    const entry = member(serversIn(text, key), ENTRY_NAME);
    if (entry === undefined) return undefined;
    return parse(text.slice(entry.value.offset, endOf(entry.value)), [], READING);
  },
  put(given, entry) {
    const text = given.trim() === '' ? `{}${given || '\n'}` : given;
    const servers = serversIn(text, key);
    if (servers === undefined) return insert(text, rootOf(text), key, { [ENTRY_NAME]: entry });
    const there = member(servers, ENTRY_NAME)?.value;
    if (there === undefined) return insert(text, servers, ENTRY_NAME, entry);
    const [start, end] = [there.offset, endOf(there)];
    const oneLine = !text.slice(start, end).includes('\n');
    const written = oneLine ? JSON.stringify(entry) : write(text, entry, indentAt(text, start));
    return applyEdits(text, [{ start, end, text: written }]);
  },
  remove(text) {
    const without = cut(text, serversIn(text, key), ENTRY_NAME);
    const servers = serversIn(without, key);
    return isBlank(without, servers) ? cut(without, rootOf(without), key) : without;
  },
  others(text) {
    const { [key]: servers, ...rest } = text.trim() === '' ? {} : parse(text, [], READING);
    const { [ENTRY_NAME]: _, ...others } = servers ?? {};
    return { rest, others };
  },
  isEmpty: (text) => text.trim() === '' || text.replaceAll(/\s/g, '') === '{}',
});

interface Member {
  readonly node: Node;
  readonly value: Node;
}

const endOf = ({ offset, length }: Node): number => offset + length;
const membersOf = ({ children = [] }: Node): readonly Node[] => children;

/** @throws UnfitText when it is there twice: programs differ in which of the two counts */
function member(object: Node | undefined, name: string): Member | undefined {
  const found = (object === undefined ? [] : membersOf(object)).filter(
    ({ children }) => children?.[0]?.value === name,
  );
  if (found.length > 1)
    throw new UnfitText(`expected ${JSON.stringify(name)} once, found it ${found.length} times`);
  const [node] = found;
  const value = node?.children?.[1];
  return node === undefined || value === undefined ? undefined : { node, value };
}

function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, READING);
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw new UnfitText(`expected JSON, found ${printParseErrorCode(error.error)} in line ${line}`);
  }
  return asObject(root, 'the file');
}

function serversIn(text: string, key: string): Node | undefined {
  if (text.trim() === '') return undefined;
  const servers = member(rootOf(text), key);
  return servers === undefined ? undefined : asObject(servers.value, JSON.stringify(key));
}

function asObject(node: Node | undefined, what: string): Node {
  if (node?.type === 'object') return node;
  throw new UnfitText(`expected an object as ${what}, found ${node?.type ?? 'nothing'}`);
}

/** As the last member, after any comment of the one before it; with a comma where the others end in one. */
function insert(text: string, object: Node, name: string, value: unknown): string {
  const closing = endOf(object) - 1;
  const inside = text.slice(0, closing).trimEnd().length;
  const last = membersOf(object).at(-1);
  const trailing = last !== undefined && commaIn(text, endOf(last), closing) !== undefined;
  const comma: readonly Edit[] =
    last === undefined || trailing ? [] : [{ start: endOf(last), end: endOf(last), text: ',' }];
  const oneLine = last !== undefined && !text.slice(object.offset, closing).includes('\n');
  const eol = lineEnd(text);
  const around = indentAt(text, object.offset);
  const indent = last === undefined ? around + indentUnit(text) : indentAt(text, last.offset);
  const before = oneLine ? ' ' : eol + indent;
  const written = oneLine ? JSON.stringify(value) : write(text, value, indent);
  const after = oneLine || text.slice(inside, closing).includes('\n') ? '' : eol + around;
  const piece = `${before}${JSON.stringify(name)}: ${written}${trailing ? ',' : ''}${after}`;
  return applyEdits(text, [...comma, { start: inside, end: inside, text: piece }]);
}

/** The inverse of `insert`. */
function cut(text: string, object: Node | undefined, name: string): string {
  const found = member(object, name);
  if (object === undefined || found === undefined) return text;
  const { node } = found;
  const comma = commaIn(text, endOf(node), endOf(object) - 1);
  const end = comma === undefined ? endOf(node) : comma + 1;
  const gap = text.slice(0, node.offset).trimEnd().length;
  // A comment may end where the line does: what follows on our line must not come behind it.
  const joins = text.slice(gap, node.offset).includes('\n') && !/^[ \t]*(?:\r?\n|$)/.test(text.slice(end));
  const members = membersOf(object);
  const previous = members[members.indexOf(node) - 1];
  const left =
    comma === undefined && previous !== undefined ? commaIn(text, endOf(previous), node.offset) : undefined;
  const edits: Edit[] = [{ start: joins ? node.offset : gap, end, text: '' }];
  // Its comma may be all that stands between the two.
  if (left !== undefined) edits.unshift({ start: left, end: left + 1, text: '' });
  return applyEdits(text, edits);
}

/** Where the next comma stands, unless something else comes first. */
function commaIn(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return offset < to && text[offset] === ',' ? offset : undefined;
}

/** Nothing but white space is between its braces: no comment either. */
const isBlank = (text: string, object: Node | undefined): boolean =>
  object !== undefined && text.slice(object.offset + 1, endOf(object) - 1).trim() === '';

const write = (text: string, value: unknown, indent: string): string =>
  JSON.stringify(value, null, indentUnit(text)).replaceAll('\n', lineEnd(text) + indent);

const indentUnit = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
