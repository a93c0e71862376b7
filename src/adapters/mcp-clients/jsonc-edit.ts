/**
 * Changes of JSON with comments that can be undone to the byte. The parser tells where things stand, and the text is changed
 * there alone: jsonc-parser's own `modify` formats the whole line that it touches, which may be all of the file.
 */
import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { applyEdits, type Edit, lineEnd, UnfitText } from './configuration-text.ts';

/** As editors read their own settings. */
const READING = { allowTrailingComma: true };

export type Path = readonly (string | number)[];

export const endOf = ({ offset, length }: Node): number => offset + length;

/** What the text says; nothing is an object without members. */
export const readValue = (text: string): unknown => (text.trim() === '' ? {} : parse(text, [], READING));

/** @throws UnfitText with line and column where the text is no JSON, or no object */
export function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, READING);
  const [error] = errors;
  if (error !== undefined) {
    const before = text.slice(0, error.offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    throw new UnfitText(`expected JSON, found ${printParseErrorCode(error.error)} in ${place}`);
  }
  return asA('object', root, 'the file');
}

/** The value of a member. @throws UnfitText when it is there twice: programs differ in which of the two counts */
export function valueNode(object: Node | undefined, name: string): Node | undefined {
  const found = (object?.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  if (found.length > 1)
    throw new UnfitText(`expected ${JSON.stringify(name)} once, found it ${found.length} times`);
  return found[0]?.children?.[1];
}

/** @throws UnfitText */
export function asA(type: 'object' | 'array', node: Node | undefined, what: string): Node {
  if (node?.type === type) return node;
  throw new UnfitText(`expected an ${type} as ${what}, found ${node?.type ?? 'nothing'}`);
}

/** A text with only this in it, in place of one that holds nothing. */
export const fresh = (text: string, value: unknown): string =>
  JSON.stringify(value, null, 2) + (text || '\n');

/**
 * As the last part of an object, under a name, or of an array: after any comment of the part before it, with a comma where the
 * others end in one. What stands empty is filled from its bracket on, which is how `removeAt` sees that it was there before.
 */
export function insert(text: string, container: Node, value: unknown, name?: string): string {
  const label = name === undefined ? '' : `${JSON.stringify(name)}: `;
  const last = container.children?.at(-1);
  if (last === undefined) {
    const start = container.offset + 1;
    return applyEdits(text, [{ start, end: start, text: label + inOneLine(value) }]);
  }
  const closing = endOf(container) - 1;
  const inside = text.slice(0, closing).trimEnd().length;
  const trailing = commaIn(text, endOf(last), closing) !== undefined;
  const comma: readonly Edit[] = trailing ? [] : [{ start: endOf(last), end: endOf(last), text: ',' }];
  const oneLine = !text.slice(container.offset, closing).includes('\n');
  const indent = indentAt(text, last.offset);
  const before = oneLine ? ' ' : lineEnd(text) + indent;
  const written = label + (oneLine ? inOneLine(value) : inLines(text, value, indent));
  const piece = { start: inside, end: inside, text: `${before}${written}${trailing ? ',' : ''}` };
  return applyEdits(text, [...comma, piece]);
}

/** In place of what stands there, on as many lines as that has. */
export function replace(text: string, node: Node, value: unknown): string {
  const [start, end] = [node.offset, endOf(node)];
  const oneLine = !text.slice(start, end).includes('\n');
  const written = oneLine ? inOneLine(value) : inLines(text, value, indentAt(text, start));
  return applyEdits(text, [{ start, end, text: written }]);
}

/**
 * Without what stands at a path, and without what holds nothing any more then, unless that stood there empty before. A text
 * with nothing at all left in it is empty.
 */
export function removeAt(text: string, path: Path): string {
  const parent = path.slice(0, -1);
  const root = rootOf(text);
  const container = nodeAt(root, parent);
  const value = nodeAt(root, path);
  const part = container?.type === 'object' ? value?.parent : value;
  if (container === undefined || part === undefined) return text;
  const stood = container.children?.length === 1 && part.offset === container.offset + 1;
  const without = cut(text, container, part);
  const left = nodeAt(rootOf(without), parent);
  if (stood || left === undefined || !isBlank(without, left)) return without;
  if (parent.length > 0) return removeAt(without, parent);
  return without.trim().length === left.length ? '' : without;
}

/** The inverse of `insert`. */
function cut(text: string, container: Node, part: Node): string {
  const comma = commaIn(text, endOf(part), endOf(container) - 1);
  const end = comma === undefined ? endOf(part) : comma + 1;
  const gap = text.slice(0, part.offset).trimEnd().length;
  const parts = container.children ?? [];
  const previous = parts[parts.indexOf(part) - 1];
  const from = previous === undefined ? container.offset + 1 : endOf(previous);
  // A comment may end where the line does: what follows on our line must not come behind it.
  const joins = text.slice(from, gap).includes('//') && !/^[ \t]*(?:\r?\n|$)/.test(text.slice(end));
  const left =
    comma === undefined && previous !== undefined ? commaIn(text, endOf(previous), part.offset) : undefined;
  const edits: Edit[] = [{ start: joins ? part.offset : gap, end, text: '' }];
  // Its comma may be all that stands between the two.
  if (left !== undefined) edits.unshift({ start: left, end: left + 1, text: '' });
  return applyEdits(text, edits);
}

const nodeAt = (root: Node, path: Path): Node | undefined => findNodeAtLocation(root, [...path]);

/** Where the next comma stands, unless something else comes first. */
function commaIn(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return offset < to && text[offset] === ',' ? offset : undefined;
}

/** Nothing but white space is between its brackets: no comment either. */
const isBlank = (text: string, container: Node): boolean =>
  text.slice(container.offset + 1, endOf(container) - 1).trim() === '';

const inLines = (text: string, value: unknown, indent: string): string =>
  JSON.stringify(value, null, indentUnit(text)).replaceAll('\n', lineEnd(text) + indent);

/** A line end in its text stands between two parts: in a string it is written as `\n`. */
const inOneLine = (value: unknown): string => JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ');

const indentUnit = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
