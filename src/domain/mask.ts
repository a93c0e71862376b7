/**
 * Masks secrets: the one place where a text is freed of them, whole or as a stream in chunks. Pure; what counts as a secret
 * is decided in `adapters/programs/secrets.ts`, how it may be written in `secret-forms.ts`.
 */
import { DIGITS_BEFORE_BREAK_MIN, type Form, formsOf, type Spellings } from './secret-forms.ts';
import { isSequenceOpen, isUnseen, unseenEnds } from './unseen.ts';

/** What stands in the place of a secret. */
export const MASKED = '[hidden]';

export interface Mask {
  /** The text without its secrets. */
  text(text: string): string;
  /** The same for a text that comes in chunks: what it gives on is, joined, `text` of all chunks joined. */
  stream(): MaskStream;
}
export interface MaskStream {
  /** What can be given on now. Held back is only what may be the start of a secret. */
  push(chunk: string): string;
  /** The rest; nothing may come after it. */
  end(): string;
}

/** A mask of the secrets that there are now, and of the values of the variables and the texts that are named besides. */
export type MaskNow = (besides?: {
  readonly variables?: readonly string[];
  readonly texts?: readonly string[];
}) => Mask;

/** Takes time in proportion to the text. Of values that overlap nothing is shown. */
export function createMask(values: readonly string[]): Mask {
  const forms = formsByStart([...new Set(values)].filter((value) => value !== '').flatMap(formsOf));
  const stream = () => createStream(forms);
  return { text: (text) => createStream(forms).advance(text, true), stream: () => streamOf(stream()) };
}

const streamOf = ({ advance }: ReturnType<typeof createStream>): MaskStream => ({
  push: (chunk) => advance(chunk, false),
  end: () => advance('', true),
});

/** Masks every text in a value that is plain data; the names in it only where somebody else has chosen them. */
export function maskAll<T>(mask: Mask, value: T, names?: 'names too'): T;
export function maskAll(mask: Mask, value: unknown, names?: 'names too'): unknown {
  if (typeof value === 'string') return mask.text(value);
  if (Array.isArray(value)) return value.map((one) => maskAll(mask, one, names));
  if (typeof value !== 'object' || value === null) return value;
  const masked = Object.entries(value).map(([name, one]) => [
    names === undefined ? name : mask.text(name),
    maskAll(mask, one, names),
  ]);
  return Object.fromEntries(masked);
}

/** By the first UTF-16 units that a form may begin with: nearly all of a text is passed over by looking at two of them. */
interface Forms {
  readonly byUnit: ReadonlyMap<number, readonly Form[]>;
  readonly byPair: ReadonlyMap<number, readonly Form[]>;
}

function formsByStart(forms: readonly Form[]): Forms {
  const byUnit = new Map<number, Form[]>();
  const byPair = new Map<number, Form[]>();
  const add = (map: Map<number, Form[]>, keys: readonly number[], form: Form) => {
    for (const key of new Set(keys)) map.set(key, [...(map.get(key) ?? []), form]);
  };
  for (const form of forms) {
    const [first = [], second = []] = [...form.cells, ...form.ending];
    const pairs = first.flatMap((one) => (one.length > 1 ? [one] : second.map((next) => one + next)));
    add(byUnit, first.map(unitOf), form);
    add(byPair, pairs.map(pairOf), form);
  }
  return { byUnit, byPair };
}

const unitOf = (text: string): number => text.charCodeAt(0);
const pairOf = (text: string): number => text.charCodeAt(0) * 65_536 + text.charCodeAt(1);

/** `next` is NaN at the end of the text. */
const formsAt = ({ byUnit, byPair }: Forms, unit: number, next: number): readonly Form[] | undefined =>
  Number.isNaN(next) || isUnseen(next) ? byUnit.get(unit) : byPair.get(unit * 65_536 + next);

function createStream(forms: Forms) {
  let held = '';
  /** So many units at the head of `held` belong to a secret for which `MASKED` was given on already. */
  let masked = 0;
  return {
    advance(chunk: string, isLast: boolean): string {
      if (forms.byUnit.size === 0) return chunk;
      const text = held + chunk;
      let out = '';
      let shown = masked;
      let at = 0;
      for (let unit = text.charCodeAt(0), next = 0; at < text.length; at += 1, unit = next) {
        next = text.charCodeAt(at + 1);
        const starting = formsAt(forms, unit, next);
        if (starting === undefined) continue;
        const { end, isOpen } = secretAt(starting, text, at);
        if (isOpen && !isLast) break;
        if (end === undefined) continue;
        // One that begins within another is part of the same mark.
        if (at >= masked) out += text.slice(shown, at) + MASKED;
        masked = Math.max(masked, end);
        shown = masked;
      }
      out += text.slice(shown, at);
      held = text.slice(at);
      masked = Math.max(0, masked - at);
      return out;
    },
  };
}

interface Found {
  /** Where the longest secret that begins here ends. */
  readonly end: number | undefined;
  /** More text may make it a secret, or a longer one. */
  readonly isOpen: boolean;
}

function secretAt(forms: readonly Form[], text: string, from: number): Found {
  let end: number | undefined;
  let isOpen = false;
  for (const form of forms) {
    const found = follow(form, text, from);
    if (found.end !== undefined) end = Math.max(end ?? 0, found.end);
    isOpen ||= found.isOpen;
  }
  return { end, isOpen };
}

const OPEN = -1;
const NONE = 0;
/** Ends of lines, as they are and as JSON writes them. */
const BREAKS: Spellings = ['\r', '\n', '\\r', '\\n', '\\\\r', '\\\\n'];
/** CR and LF. */
const BREAK_MAX = 2;

/** Follows one form from a place on, without ever going back: of its spellings at most one fits. */
function follow(form: Form, text: string, from: number): Found {
  const { cells, ending } = form;
  let at = from;
  let end: number | undefined;
  let isOpen = false;
  for (let index = 0; index < cells.length + ending.length; index += 1) {
    const spellings = cells[index] ?? ending[index - cells.length] ?? [];
    const found = spelledPast(spellings, mayBreak(form, index), index > 0, text, at);
    isOpen ||= found.isOpen || found.units === OPEN;
    if (found.units === OPEN || found.units === NONE) break;
    at = found.at + found.units;
    if (index + 1 >= cells.length) end = at;
  }
  return { end, isOpen };
}

const mayBreak = ({ cells, isWrapped }: Form, index: number): boolean =>
  isWrapped && index >= DIGITS_BEFORE_BREAK_MIN && index < cells.length;

/** The same as `spelledAt`, maybe after the end of a line and what a terminal does not show. */
function spelledPast(spellings: Spellings, breaks: boolean, unseen: boolean, text: string, from: number) {
  let at = from;
  let units = spelledAt(spellings, text, at);
  for (let count = 0; breaks && units === NONE && count < BREAK_MAX; count += 1) {
    const skipped = spelledAt(BREAKS, text, at);
    if (skipped === NONE) break;
    at += Math.max(skipped, 0);
    units = skipped === OPEN ? OPEN : spelledAt(spellings, text, at);
  }
  if (!unseen || units !== NONE) return { at, units, isOpen: false };
  const isOpen = isSequenceOpen(text, at);
  for (const end of unseenEnds(text, at)) {
    units = spelledAt(spellings, text, end);
    if (units !== NONE) return { at: end, units, isOpen };
  }
  return { at, units: NONE, isOpen };
}

/** How many units of the text are one of these spellings; `OPEN` where the text ends within one, `NONE` where none fits. */
function spelledAt(spellings: Spellings, text: string, at: number): number {
  const left = text.length - at;
  for (const spelling of spellings) {
    if (text.startsWith(spelling, at)) return spelling.length;
    if (left < spelling.length && spelling.startsWith(text.slice(at))) return OPEN;
  }
  return NONE;
}
