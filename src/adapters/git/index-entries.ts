/** The entries of an index file, so that git need not be started to say what is in it. Format: `gitformat-index`. Pure. */

export interface IndexEntry {
  /** As latin1. */
  readonly path: string;
  readonly mode: number;
  /** 0 of what is merged. */
  readonly stage: number;
  /** `git add --intent-to-add`: no commit has it yet. */
  readonly isIntended: boolean;
}

const HEADER_BYTES = 12;
const MODE_AT = 24;
/** Of an entry before its flags: times, numbers and the object's name. */
const FLAGS_AT = 60;
const EXTENDED = 0x4000;
const STAGE = 0x3000;
const INTENDED = 0x2000;
const CHECKSUM_BYTES = 20;

/** All of them; undefined where that cannot be read here: another version, a part of it in another file, torn. */
export function entriesIn(index: Buffer): readonly IndexEntry[] | undefined {
  if (index.length < HEADER_BYTES || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const found: IndexEntry[] = [];
  let at = HEADER_BYTES;
  let before = '';
  while (found.length < count) {
    if (at + FLAGS_AT + 4 > index.length) return undefined;
    const flags = index.readUInt16BE(at + FLAGS_AT);
    const isExtended = (flags & EXTENDED) !== 0;
    const further = isExtended ? index.readUInt16BE(at + FLAGS_AT + 2) : 0;
    const named = at + FLAGS_AT + (isExtended ? 4 : 2);
    // Version 4 has what it shares with the one before as a number, and pads nothing.
    const shared = version === 4 ? numberAt(index, named) : { value: before.length, end: named };
    const end = index.indexOf(0, shared.end);
    if (end < 0 || shared.value > before.length) return undefined;
    const path = before.slice(0, before.length - shared.value) + index.toString('latin1', shared.end, end);
    const mode = index.readUInt32BE(at + MODE_AT);
    found.push({ path, mode, stage: (flags & STAGE) >> 12, isIntended: (further & INTENDED) !== 0 });
    before = path;
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return isSplit(index, at) ? undefined : found;
}

/** How many bytes less of the name before, in the way of `OFS_DELTA` of packs: all bytes but the last have the highest bit. */
function numberAt(index: Buffer, from: number): { readonly value: number; readonly end: number } {
  let byte = index[from] ?? 0;
  let value = byte & 0x7f;
  let end = from + 1;
  for (; (byte & 0x80) !== 0 && end < index.length; end += 1) {
    byte = index[end] ?? 0;
    value = (value + 1) * 0x80 + (byte & 0x7f);
  }
  return { value, end };
}

/** Whether most of the entries are in a file that several indexes share. */
function isSplit(index: Buffer, from: number): boolean {
  for (let at = from; at + 8 <= index.length - CHECKSUM_BYTES; at += 8 + index.readUInt32BE(at + 4))
    if (index.toString('latin1', at, at + 4) === 'link') return true;
  return false;
}

/** Whether an entry has a stage; true as well where that cannot be read here. */
export const mayBeUnmerged = (index: Buffer): boolean =>
  entriesIn(index)?.some(({ stage }) => stage > 0) ?? true;
