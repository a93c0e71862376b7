/** The stages in an index file, so that git need not be started to say that nothing is unmerged. Format: `gitformat-index`. Pure. */

const HEADER_BYTES = 12;
/** Of an entry before its flags: times, numbers and the object's name. */
const FLAGS_AT = 60;
const EXTENDED = 0x4000;
const STAGE = 0x3000;

/** Whether an entry has a stage; true as well where that cannot be read here. */
export function mayBeUnmerged(index: Buffer): boolean {
  if (index.length < HEADER_BYTES || index.toString('latin1', 0, 4) !== 'DIRC') return true;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (version < 2 || version > 4) return true;
  let at = HEADER_BYTES;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + FLAGS_AT + 2 > index.length) return true;
    const flags = index.readUInt16BE(at + FLAGS_AT);
    if ((flags & STAGE) !== 0) return true;
    const name = at + FLAGS_AT + ((flags & EXTENDED) === 0 ? 2 : 4);
    // Version 4 has a number first, whose last byte alone may be 0, and pads nothing.
    const end = index.indexOf(0, version === 4 ? afterNumber(index, name) : name);
    if (end < 0) return true;
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return false;
}

/** All its bytes but the last have the highest bit set. */
function afterNumber(index: Buffer, from: number): number {
  let at = from;
  while ((index[at] ?? 0) >= 0x80) at += 1;
  return at + 1;
}
